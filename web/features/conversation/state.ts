import type { ErrorCode, Message, MessageId, Millis, Quote } from "../../lib/types.ts";
import { writtenIn } from "../message/written.ts";

/** Where the list is to go next. */
export type Target = { message: MessageId } | { day: Millis };

/** What is asked about one message before anything happens to it. */
export type Asking = { kind: "delete"; id: MessageId; forEveryone: boolean } | { kind: "forward"; id: MessageId };

export interface ConversationState {
  loaded: boolean;
  /** The conversation is not on this device. */
  missing: boolean;
  /** A stretch of the history without holes. */
  messages: Message[];
  /** The very first message is among `messages`. */
  complete: boolean;
  /** The very last one is. */
  latest: boolean;
  /** Grows when another stretch of the history takes the place of the one that was shown. */
  stretch: number;
  loadingOlder: boolean;
  unreadFrom: MessageId | undefined;
  /** Came while the reader was further up. */
  below: number;
  /** Latest message of the other side, for screen readers. */
  announced: Message | undefined;
  /** The last message sent from here: the list follows it to the end. */
  sent: MessageId | undefined;
  target: Target | undefined;
  asking: Asking | undefined;
  error: ErrorCode | undefined;
}

export const emptyState: ConversationState = {
  loaded: false,
  missing: false,
  messages: [],
  complete: false,
  latest: true,
  stretch: 0,
  loadingOlder: false,
  unreadFrom: undefined,
  below: 0,
  announced: undefined,
  sent: undefined,
  target: undefined,
  asking: undefined,
  error: undefined,
};

/** Quotes of a message that was changed or deleted say what it says now; others keep their place in memory. */
export function requote(messages: Message[], { id, from, body }: Message): Message[] {
  if (!messages.some(({ replyTo }) => replyTo?.id === id)) return messages;
  const quote: Quote = {
    ...{ id, from },
    preview: writtenIn(body),
    state: body.type === "deleted" ? "deleted" : "known",
    type: body.type,
    ...(body.type === "payment" || body.type === "request" ? { asset: body.asset } : {}),
  };
  return messages.map((message) => (message.replyTo?.id === id ? { ...message, replyTo: quote } : message));
}

/** Joins two lists by id, in order of time. What is newer by event wins unless told to keep what is there. */
export function merge(base: Message[], more: Message[], known: "replace" | "keep" = "replace"): Message[] {
  const byId = new Map(base.map((message) => [message.id, message]));
  for (const message of more) {
    if (known === "keep" && byId.has(message.id)) continue;
    byId.set(message.id, message);
  }
  return [...byId.values()].sort((a, b) => a.at - b.at);
}
