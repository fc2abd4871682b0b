import {
  applyContent,
  type ContentContext,
  type HistorySlice,
  idsTouched,
} from "../../../src/conversation/content/apply.ts";
import type { Content } from "../../../src/conversation/content/schema.ts";
import type { ContentEvent, HistoryMessage, WaitingEvent } from "../../../src/conversation/content/types.ts";
import type { MessageId, PublicId } from "../../../src/types/primitives.ts";

export const day = 86_400_000;
export const person = (n: number): PublicId => `0x${n.toString(16).padStart(64, "0")}`;
export const id = (n: number): MessageId => n.toString(16).padStart(32, "0");
export const [lin, wei, ann] = [person(1), person(2), person(3)] as const;

export const event = (n: number, from: PublicId, content: Content, more: Partial<ContentEvent> = {}): ContentEvent => ({
  id: id(n),
  from,
  at: 1_000_000 + n,
  content,
  ...more,
});
export const text = (words: string): Content => ({ kind: "text", text: words });

/** A whole history in memory, driven by the reducer as the client drives it. */
export function createHistory(context: Partial<ContentContext> = {}) {
  const all = new Map<MessageId, HistoryMessage | "gone">();
  let waiting: WaitingEvent[] = [];
  let next = 0;
  const full: ContentContext = { self: lin, group: true, isAdmin: () => false, now: 2_000_000, ...context };
  return {
    take(one: ContentEvent, now = full.now) {
      const messages = new Map(
        idsTouched(one).flatMap((key) => {
          const found = all.get(key);
          return found ? [[key, found] as const] : [];
        }),
      );
      const slice: HistorySlice = { messages, waiting, next };
      // Frozen, so that a reducer that changes what it is given throws.
      const changes = applyContent(slice, one, { ...full, now });
      for (const message of changes.messages) all.set(message.id, freeze(message));
      if (changes.added) next++;
      waiting = changes.waiting ? freeze(changes.waiting) : waiting;
      return changes;
    },
    forget: (key: MessageId) => all.set(key, "gone"),
    message(key: MessageId): HistoryMessage {
      const found = all.get(key);
      if (!found || found === "gone") throw new Error("no such message");
      return found;
    },
    has: (key: MessageId) => all.has(key),
    messages: () => [...all.values()].filter((one) => one !== "gone"),
    waiting: () => waiting,
  };
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === "object" && part && !Object.isFrozen(part)) freeze(part);
  return Object.freeze(value);
}
