import type { ErrorCode } from "../../errors/index.ts";
import type { Millis, PublicId } from "../../types/primitives.ts";
import { isSaid, isWord } from "./kinds.ts";
import type { Content } from "./schema.ts";
import { isLater } from "./stamp.ts";
import type { ContentEvent, HistoryMessage, StoredReaction, WaitingEvent } from "./types.ts";

/** How an event changes the message it is about. The result does not depend on the order in which events come. */

const hour = 3_600_000;
/** A text may be changed for a day after it was written, both times by its author's clock. */
export const editWindow = 24 * hour;
/** The author's devices may disagree about the time. */
const clockTolerance = hour / 6;

export type Outcome = { message: HistoryMessage } | { refused: ErrorCode } | undefined;

/** Kinds of content that are about another message. */
export type AboutOther = Extract<Content, { target: string }>;
export const isAboutOther = (content: Content): content is AboutOther => "target" in content;

/** Undefined: nothing changes, because it was applied before or is older than what is there. */
export function affect(message: HistoryMessage, { event, admin }: Omit<WaitingEvent, "since">): Outcome {
  switch (event.content.kind) {
    case "reaction":
      return react(message, event, event.content.emoji);
    case "edit":
      return edit(message, event, event.content);
    case "delete":
      return remove(message, event, admin);
    case "withdraw":
      return withdraw(message, event);
    default:
      return undefined;
  }
}

function react(message: HistoryMessage, { id, at, from }: ContentEvent, emoji: string | null): Outcome {
  if (!isSaid(message.body)) return { refused: "MESSAGE_UNKNOWN" };
  const reaction: StoredReaction = { id, at, from, emoji };
  const before = message.reactions?.find((one) => one.from === from);
  if (before && !isLater(reaction, before)) return undefined;
  const others = (message.reactions ?? []).filter((one) => one.from !== from);
  return { message: { ...message, reactions: [...others, reaction] } };
}

function edit(
  message: HistoryMessage,
  { id, at, from }: ContentEvent,
  content: Extract<AboutOther, { kind: "edit" }>,
): Outcome {
  if (message.from !== from) return { refused: "MESSAGE_NOT_YOURS" };
  if (message.body.type !== "text") return { refused: "MESSAGE_UNKNOWN" };
  const written = message.claimedAt ?? message.at;
  if (at < written - clockTolerance || at > written + editWindow + clockTolerance) return { refused: "EDIT_TOO_LATE" };
  const before = message.edited === undefined ? undefined : { at: message.edited, id: message.editId ?? "" };
  if (before && !isLater({ at, id }, before)) return undefined;
  const { mentions: _, link: __, ...rest } = message;
  return {
    message: {
      ...rest,
      body: { type: "text", text: content.text },
      edited: at,
      editId: id,
      ...(content.mentions?.length ? { mentions: content.mentions } : {}),
      ...(content.link ? { link: content.link } : {}),
    },
  };
}

function remove(message: HistoryMessage, { id, at, from }: ContentEvent, admin: boolean): Outcome {
  if (message.from !== from && !admin) return { refused: "MESSAGE_NOT_YOURS" };
  if (!isWord(message.body) && message.body.type !== "deleted") return { refused: "MESSAGE_UNKNOWN" };
  // Whose deletion is shown must not depend on who was heard first: the author's, else the earliest admin's.
  const { deletion, deletedBy } = message;
  if (deletion) {
    const mine = from === message.from;
    const theirs = deletedBy === message.from;
    if (mine === theirs ? !isLater(deletion, { at, id }) : theirs) return undefined;
  }
  return { message: deleted(message, from, { at, id }) };
}

function withdraw(message: HistoryMessage, { from }: ContentEvent): Outcome {
  if (message.from !== from) return { refused: "MESSAGE_NOT_YOURS" };
  if (message.body.type !== "request") return { refused: "MESSAGE_UNKNOWN" };
  return message.body.withdrawn ? undefined : { message: { ...message, body: { ...message.body, withdrawn: true } } };
}

/** Nothing of what was said stays; what remains says where a message was and when it disappears. */
function deleted(message: HistoryMessage, by: PublicId, deletion: { at: Millis; id: string }): HistoryMessage {
  const { number, from, outgoing, at, claimedAt, delivery, replicas, error, sentAs, timer, expiresAt } = message;
  return {
    id: message.id,
    number,
    from,
    outgoing,
    at,
    ...(claimedAt === undefined ? {} : { claimedAt }),
    body: { type: "deleted", by },
    delivery,
    ...(replicas ? { replicas } : {}),
    ...(error ? { error } : {}),
    ...(sentAs ? { sentAs } : {}),
    ...(timer === undefined ? {} : { timer }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    deletedBy: by,
    deletion,
  };
}
