import { createStore, type StoreApi } from "zustand";
import { codeOf } from "../../lib/errors.ts";
import type { Client, ConversationId, ErrorCode, Message, MessageId } from "../../lib/types.ts";

const pageSize = 50;
/** How often "is typing" is told while somebody types. */
const typingEveryMs = 3_000;

export interface ConversationState {
  loaded: boolean;
  /** The conversation is not on this device. */
  missing: boolean;
  messages: Message[];
  /** The very first message is among `messages`. */
  complete: boolean;
  loadingOlder: boolean;
  unreadFrom: MessageId | undefined;
  /** Came while the reader was further up. */
  below: number;
  /** Latest message of the other side, for screen readers. */
  announced: Message | undefined;
  error: ErrorCode | undefined;
}

export interface ConversationModel {
  store: StoreApi<ConversationState>;
  loadOlder(): Promise<void>;
  /** True when the text was taken over; otherwise it stays in the composer and `error` says why. */
  send(text: string): Promise<boolean>;
  retry(id: MessageId): Promise<void>;
  typing(): void;
  /** The reader is at the end of the list and looks at it, or has left it. */
  atEnd(value: boolean): void;
  close(): void;
}

export function openConversation(client: Client, id: ConversationId, unread: number): ConversationModel {
  const conversation = client.conversations.open(id);
  const store = createStore<ConversationState>(() => ({
    loaded: false,
    missing: false,
    messages: [],
    complete: false,
    loadingOlder: false,
    unreadFrom: undefined,
    below: 0,
    announced: undefined,
    error: undefined,
  }));
  let end = true;
  let toldTyping = 0;

  const markRead = () => {
    const last = store.getState().messages.findLast((message) => !message.outgoing);
    if (last && end && visible()) void conversation.markRead(last.id).catch(() => undefined);
  };

  const stop = client.on("message", (message) => {
    if (message.conversationId !== id) return;
    const { messages, below } = store.getState();
    const known = messages.some(({ id: other }) => other === message.id);
    store.setState({
      messages: merge(messages, [message]),
      below: !known && !message.outgoing && !end ? below + 1 : below,
      announced: !known && !message.outgoing ? message : store.getState().announced,
    });
    markRead();
  });
  if (typeof document !== "undefined") document.addEventListener("visibilitychange", markRead);

  void conversation.messages({ limit: pageSize }).then(
    (page) => {
      const messages = merge(page, store.getState().messages);
      store.setState({
        loaded: true,
        messages,
        complete: page.length < pageSize,
        unreadFrom: firstUnread(page, unread),
      });
      markRead();
    },
    (error: unknown) => {
      const code = codeOf(error);
      store.setState({ loaded: true, missing: code === "CONVERSATION_UNKNOWN", error: code });
    },
  );

  return {
    store,
    async loadOlder() {
      const { loadingOlder, complete, messages, loaded } = store.getState();
      const before = messages[0]?.id;
      if (loadingOlder || complete || !loaded || !before) return;
      store.setState({ loadingOlder: true });
      try {
        const page = await conversation.messages({ before, limit: pageSize });
        store.setState({
          messages: merge(page, store.getState().messages),
          complete: page.length < pageSize,
          loadingOlder: false,
        });
      } catch (error) {
        store.setState({ loadingOlder: false, error: codeOf(error) });
      }
    },
    async send(text) {
      if (!text.trim()) return false;
      store.setState({ error: undefined, unreadFrom: undefined });
      try {
        const message = await conversation.sendText(text);
        store.setState({ messages: merge(store.getState().messages, [message], "keep") });
        return true;
      } catch (error) {
        store.setState({ error: codeOf(error) });
        return false;
      }
    },
    async retry(messageId) {
      try {
        await conversation.retry(messageId);
      } catch (error) {
        store.setState({ error: codeOf(error) });
      }
    },
    typing() {
      if (Date.now() - toldTyping < typingEveryMs) return;
      toldTyping = Date.now();
      conversation.typing();
    },
    atEnd(value) {
      end = value;
      if (!value) return;
      if (store.getState().below > 0) store.setState({ below: 0 });
      markRead();
    },
    close() {
      stop();
      if (typeof document !== "undefined") document.removeEventListener("visibilitychange", markRead);
    },
  };
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

function firstUnread(page: Message[], unread: number): MessageId | undefined {
  if (unread === 0) return undefined;
  return page.filter((message) => !message.outgoing).at(-unread)?.id;
}

function visible(): boolean {
  return typeof document === "undefined" || document.visibilityState === "visible";
}
