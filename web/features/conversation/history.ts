import type { StoreApi } from "zustand";
import { codeOf } from "../../lib/errors.ts";
import type { Conversation, Message, MessageId, Millis } from "../../lib/types.ts";
import { type ConversationState, merge, requote } from "./state.ts";

const pageSize = 50;
/** Enough to fill most windows; the sooner it is painted. */
const firstPage = 16;

export interface HistoryModel {
  /** The latest page, as the conversation opens. */
  open(unread: number): Promise<void>;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Shows the end again, wherever the reader is. */
  toLatest(): Promise<void>;
  goToMessage(id: MessageId): Promise<void>;
  goToDay(day: Millis): Promise<void>;
  /** Takes a new or changed message in. False when it stands outside of what is shown. */
  take(message: Message): boolean;
}

/** Which stretch of a conversation is shown: it grows at both ends, and another takes its place for a jump. */
export function openHistory(conversation: Conversation, store: StoreApi<ConversationState>): HistoryModel {
  /** Something came behind the stretch while a page was under way. */
  let missed = false;
  const busy = new Map<string, Promise<void>>();

  /** One of a kind at a time; what goes wrong is said in the state. */
  const once = (kind: string, work: () => Promise<void>) => {
    const running = busy.get(kind);
    if (running) return running;
    const run = work()
      .catch((error: unknown) => store.setState({ error: codeOf(error) }))
      .finally(() => busy.delete(kind));
    busy.set(kind, run);
    return run;
  };
  const replace = (messages: Message[], more: Partial<ConversationState>) =>
    store.setState(({ stretch }) => ({ messages, stretch: stretch + 1, ...more }));
  /** A page that touches what is shown joins it. */
  const show = (page: Message[]) => {
    const { messages } = store.getState();
    const touches = page.some(({ id }) => messages.some((other) => other.id === id));
    if (touches) store.setState({ messages: merge(messages, page) });
    else replace(page, { complete: false, latest: false });
  };

  return {
    async open(unread) {
      try {
        const limit = Math.min(firstPage + unread, pageSize);
        const page = await conversation.messages({ limit });
        store.setState(({ messages }) => ({
          loaded: true,
          messages: merge(page, messages),
          complete: page.length < limit,
          unreadFrom: unread > 0 ? page.filter(({ outgoing }) => !outgoing).at(-unread)?.id : undefined,
        }));
      } catch (error) {
        const code = codeOf(error);
        store.setState({ loaded: true, missing: code === "CONVERSATION_UNKNOWN", error: code });
      }
    },
    loadOlder: () =>
      once("older", async () => {
        const { complete, messages, loaded } = store.getState();
        const before = messages[0]?.id;
        if (complete || !loaded || !before) return;
        store.setState({ loadingOlder: true });
        try {
          const page = await conversation.messages({ before, limit: pageSize });
          if (store.getState().messages[0]?.id !== before) return; // another stretch is shown by now
          store.setState({ messages: merge(page, store.getState().messages), complete: page.length < pageSize });
        } finally {
          store.setState({ loadingOlder: false });
        }
      }),
    loadNewer: () =>
      once("newer", async () => {
        const after = store.getState().messages.at(-1)?.id;
        if (store.getState().latest || !after) return;
        missed = false;
        const page = await conversation.messages({ after, limit: pageSize });
        if (store.getState().messages.at(-1)?.id !== after) return;
        const messages = merge(store.getState().messages, page);
        store.setState({ messages, latest: page.length < pageSize && !missed });
      }),
    toLatest: () =>
      once("latest", async () => {
        if (store.getState().latest) return;
        missed = false;
        const page = await conversation.messages({ limit: pageSize });
        replace(page, { complete: page.length < pageSize, latest: !missed, below: 0 });
      }),
    goToMessage: (id) =>
      once("jump", async () => {
        const here = store.getState().messages.some((message) => message.id === id);
        if (!here) show(await conversation.messages({ around: id, limit: pageSize }));
        store.setState({ target: { message: id } });
      }),
    goToDay: (day) =>
      once("jump", async () => {
        const { complete, latest, messages } = store.getState();
        const here = (complete || (messages[0]?.at ?? day) < day) && (latest || (messages.at(-1)?.at ?? 0) >= day);
        if (!here) show(await conversation.messages({ at: day, limit: pageSize }));
        store.setState({ target: { day } });
      }),
    take(message) {
      const { complete, latest, loaded } = store.getState();
      const messages = requote(store.getState().messages, message);
      store.setState({ messages });
      const known = messages.some(({ id }) => id === message.id);
      const first = messages[0];
      // A change of something far up: it will be read when the reader gets there.
      if (!known && loaded && !complete && first && message.at < first.at) return false;
      if (!known && !latest) {
        missed = true;
        return false;
      }
      store.setState({ messages: merge(messages, [message]) });
      return true;
    },
  };
}
