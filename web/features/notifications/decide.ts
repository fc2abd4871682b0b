import type { NoticeContent } from "../../lib/preferences.ts";
import type { ConversationSummary, Message, MessageBody, PublicId } from "../../lib/types.ts";
import { plainText } from "../markdown/plain.ts";

/** Something to be told outside of the page. */
export interface Notice {
  kind: "message" | "voice" | "payment" | "moneyRequest" | "packet" | "request" | "call";
  /** One at a time for each of these: the next one takes its place. */
  tag: string;
  /** Where a click leads, inside the app. */
  path: string;
  /** Nobody is named where the person wants nothing told. */
  name?: string;
  group?: string;
  /** The words of a message, on one line. */
  text?: string;
}

export interface Circumstances {
  /** What everybody near the screen may read. */
  content: NoticeContent;
  /** The person looks at the page. */
  attentive: boolean;
  now: number;
  /** Whose page it is. */
  me: PublicId;
}

/** Older messages came in while the device was away: they are in the list. */
const freshMs = 60_000;
/** Of a message, in UTF-16 code units. */
const most = 140;

/** Whether a message is worth a notice, and what may stand in it. */
export function noticeOfMessage(
  message: Message,
  summary: ConversationSummary | undefined,
  nameOf: (person: PublicId) => string,
  { content, attentive, now, me }: Circumstances,
): Notice | undefined {
  const { body, outgoing, delivery } = message;
  if (attentive || outgoing || delivery === "read" || !summary) return undefined;
  const kind = kindOf(body, me);
  if (!kind) return undefined;
  if (message.edited || message.sharedBy || now - message.at > freshMs) return undefined;
  if (summary.flags.archived || (summary.flags.mutedUntil ?? 0) > now) return undefined;
  const path = `/chats/#c=${summary.id}`;
  if (content === "nothing") return { kind, tag: summary.id, path };
  const notice: Notice = { kind, tag: summary.id, path, name: nameOf(message.from) };
  if (summary.kind === "group") notice.group = summary.group.name;
  // What is to disappear is not left with the system, which keeps its notices as long as it likes.
  if (content === "text" && body.type === "text" && summary.timer === 0) notice.text = plainText(body.text, most);
  return notice;
}

/** Undefined for what concerns others, or nobody. */
function kindOf(body: MessageBody, me: PublicId): Notice["kind"] | undefined {
  switch (body.type) {
    case "text":
      return "message";
    case "voice":
    case "packet":
      return body.type;
    case "payment":
      // Before that it is what somebody says.
      return body.to === me && body.state === "final" ? "payment" : undefined;
    case "request":
      return body.from.includes(me) ? "moneyRequest" : undefined;
    default:
      return undefined;
  }
}

/** Requests and calls: whom they come from is all there is to tell. */
export function noticeOfPerson(
  kind: "request" | "call",
  tag: string,
  name: string,
  { content, attentive }: Pick<Circumstances, "content" | "attentive">,
): Notice | undefined {
  if (attentive) return undefined;
  return { kind, tag, path: "/chats/", ...(content === "nothing" ? {} : { name }) };
}
