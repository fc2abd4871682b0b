import type { Quote } from "../../types/conversation.ts";
import type { PublicId } from "../../types/primitives.ts";
import type { Reply } from "./schema.ts";
import { maxPreview } from "./schema.ts";
import { cleanLine } from "./text.ts";
import type { HistoryMessage } from "./types.ts";

/** Reactions as they are shown: who gave which, the earliest emoji first. */
export function reactionsOf({ reactions = [] }: HistoryMessage): { emoji: string; people: PublicId[] }[] {
  const groups = new Map<string, PublicId[]>();
  for (const { emoji, from } of [...reactions].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))) {
    if (emoji !== null) groups.set(emoji, [...(groups.get(emoji) ?? []), from]);
  }
  return [...groups].map(([emoji, people]) => ({ emoji, people }));
}

/** The words of a message that can be quoted and searched for. */
export function wordsOf({ body }: HistoryMessage): string {
  if (body.type === "text") return body.text;
  return body.type === "payment" || body.type === "request" ? (body.note ?? "") : "";
}

/** What a reply quotes: one's own copy where there is one. A quote cannot change words nor outlive a deletion. */
export function quoteOf(reply: Reply, original: HistoryMessage | undefined): Quote {
  if (!original) return { ...reply, state: "claimed" };
  const { id, from, body } = original;
  const preview = cleanLine(wordsOf(original), maxPreview);
  return {
    ...{ id, from, preview, state: body.type === "deleted" ? "deleted" : "known", type: body.type },
    ...(body.type === "payment" || body.type === "request" ? { asset: body.asset } : {}),
  };
}

/** What a reply says about the message it answers. */
export const replyFor = (original: HistoryMessage): Reply => {
  const { id, from, preview } = quoteOf({ id: original.id, from: original.from, preview: "" }, original);
  return { id, from, preview };
};
