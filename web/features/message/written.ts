import type { MessageBody } from "../../lib/types.ts";

/** What somebody has written in a message: search looks there, quotes repeat it. */
export function writtenIn(body: MessageBody): string {
  switch (body.type) {
    case "text":
      return body.text;
    case "payment":
    case "request":
      return body.note ?? "";
    case "packet":
      return body.message ?? "";
    default:
      return "";
  }
}
