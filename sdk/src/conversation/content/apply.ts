import type { ErrorCode } from "../../errors/index.ts";
import type { DeliveryState } from "../../types/client.ts";
import type { MessageId, Millis, PublicId } from "../../types/primitives.ts";
import { affect, isAboutOther } from "./affect.ts";
import { aliasOf } from "./alias.ts";
import { newMessage } from "./newMessage.ts";
import type { ContentEvent, HistoryMessage, WaitingEvent } from "./types.ts";
import { addWaiting } from "./waiting.ts";

/** The part of a conversation that an event can touch: see {@link idsTouched}. */
export interface HistorySlice {
  /** "gone": it was here and was deleted on this device, or its time was over. It never comes back. */
  messages: ReadonlyMap<MessageId, HistoryMessage | "gone">;
  waiting: readonly WaitingEvent[];
  /** Number of the next message. */
  next: number;
}

export interface ContentContext {
  self: PublicId;
  /** In a group admins may delete what others wrote. */
  group: boolean;
  /** Whether somebody may delete what others wrote, in the epoch the event was sent in. */
  isAdmin(person: PublicId): boolean;
  now: Millis;
  /** State of an outgoing message when it comes into the history. */
  delivery?: DeliveryState;
}

export interface ContentChanges {
  /** To be written; the one with the number `next` is new. */
  messages: HistoryMessage[];
  added?: HistoryMessage;
  /** What somebody else had shared under its id goes: this is the author's own word. */
  replaced?: HistoryMessage;
  /** Sound of the added message, base64url. */
  audio?: string;
  /** The new state of what waits, if it changed. */
  waiting?: WaitingEvent[];
  /** Why nothing was done. Somebody else's event is dropped in silence; one's own is not to be sent. */
  refused?: ErrorCode;
}

/** Messages that have to be in the slice for an event to be applied. */
export const idsTouched = ({ id, from, content }: ContentEvent): MessageId[] => {
  const about = isAboutOther(content) ? content.target : id;
  return [about, aliasOf(about, from)];
};

/**
 * Turns an event into changes of the history. Pure, and the same in the end for every order in which the same events come: the
 * later word wins by the sender's clock, a deletion is final, and what comes before its target waits for it.
 */
export function applyContent(history: HistorySlice, event: ContentEvent, context: ContentContext): ContentChanges {
  const { content } = event;
  if (isAboutOther(content)) return applyToOther(history, event, content.target, context);
  return add(history, event, context);
}

function applyToOther(
  history: HistorySlice,
  event: ContentEvent,
  target: MessageId,
  context: ContentContext,
): ContentChanges {
  const admin = context.group && context.isAdmin(event.from);
  const found = history.messages.get(target);
  if (found === "gone") return { messages: [] };
  const own = [found, history.messages.get(aliasOf(target, event.from))].find(
    (one) => one !== undefined && one !== "gone" && one.from === event.from,
  );
  const needsOwn =
    event.content.kind === "edit" || event.content.kind === "withdraw" || (event.content.kind === "delete" && !admin);
  const message = (own as HistoryMessage | undefined) ?? found;
  if (message && !(needsOwn && !own)) {
    const outcome = affect(message, { event, admin });
    if (!outcome) return { messages: [] };
    return "refused" in outcome ? { messages: [], refused: outcome.refused } : { messages: [outcome.message] };
  }
  if (event.from === context.self) return { messages: [], refused: found ? "MESSAGE_NOT_YOURS" : "MESSAGE_UNKNOWN" };
  const waiting = addWaiting(history.waiting, { event, admin, since: context.now }, context.now);
  return { messages: [], waiting };
}

function add(history: HistorySlice, event: ContentEvent, context: ContentContext): ContentChanges {
  const held = history.messages.get(event.id);
  const replaced = held !== "gone" && held?.sharedBy && held.from === event.from ? held : undefined;
  const found = replaced ? undefined : held;
  if (found === "gone" || found?.from === event.from) return { messages: [] };
  // Somebody else took this id: both messages stay, and nobody can keep another one's from arriving.
  const id = found ? aliasOf(event.id, event.from) : event.id;
  if (found && history.messages.has(id)) return { messages: [] };
  let message = newMessage({ ...event, id }, history.next, context);
  const about = history.waiting.filter(
    ({ event: { content } }) => isAboutOther(content) && content.target === event.id,
  );
  const done = new Set<WaitingEvent>();
  for (const one of about) {
    const isTheirs = one.event.from === event.from;
    if (found && !isTheirs) continue;
    const outcome = affect(message, one);
    if (outcome && "message" in outcome) message = outcome.message;
    // An author whose own message under this id is still to come goes on waiting.
    if (isTheirs || !outcome || "message" in outcome) done.add(one);
  }
  const isHeard = event.content.kind === "voice" && message.body.type === "voice";
  return {
    messages: [message],
    added: message,
    ...(replaced ? { replaced } : {}),
    ...(isHeard && event.content.kind === "voice" ? { audio: event.content.audio } : {}),
    ...(done.size > 0 ? { waiting: history.waiting.filter((one) => !done.has(one)) } : {}),
  };
}
