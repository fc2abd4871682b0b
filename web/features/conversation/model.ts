import { createStore, type StoreApi } from "zustand";
import { codeOf, PageError } from "../../lib/errors.ts";
import type {
  Client,
  Conversation,
  ConversationId,
  Message,
  MessageId,
  TextOptions,
  VoiceInput,
} from "../../lib/types.ts";
import { type ComposerState, emptyComposer } from "../message/composer-mode.ts";
import { type HistoryModel, openHistory } from "./history.ts";
import { type ConversationState, emptyState, merge } from "./state.ts";

/** How often "is typing" is told while somebody types. */
const typingEveryMs = 3_000;

export interface ConversationModel extends Omit<HistoryModel, "open" | "take"> {
  id: ConversationId;
  store: StoreApi<ConversationState>;
  composer: StoreApi<ComposerState>;
  /** True when the text was taken over; otherwise it stays in the composer and `error` says why. */
  send(text: string, options?: TextOptions): Promise<boolean>;
  sendVoice(voice: VoiceInput, options?: Pick<TextOptions, "replyTo">): Promise<boolean>;
  /** Something was sent from elsewhere in the page: the list follows it to the end. */
  follow(message: Message): Promise<void>;
  /** Does something with the conversation. False when it failed, and `error` says why. */
  act(work: (conversation: Conversation) => Promise<unknown>): Promise<boolean>;
  /** The sound of a voice message. @throws PageError MESSAGE_UNKNOWN when it is not here any more */
  audio(id: MessageId): Promise<Uint8Array>;
  typing(): void;
  /** The reader is at the end of the list and looks at it, or has left it. */
  atEnd(value: boolean): void;
  close(): void;
}

export function openConversation(client: Client, id: ConversationId, unread: number): ConversationModel {
  const conversation = client.conversations.open(id);
  const store = createStore<ConversationState>(() => emptyState);
  const { open, take, ...history } = openHistory(conversation, store);
  let end = true;
  let toldTyping = 0;
  let newestAt = 0;

  const markRead = () => {
    const { messages, latest } = store.getState();
    const last = messages.findLast((message) => !message.outgoing);
    if (last && end && latest && visible()) void conversation.markRead(last.id).catch(() => undefined);
  };

  const stops = [
    client.on("message", (message) => {
      if (message.conversationId !== id) return;
      const { messages, below, announced } = store.getState();
      const known = messages.some((other) => other.id === message.id);
      const shown = take(message);
      // Outside of what is shown, only what is later than everything can be new.
      const fresh = !message.outgoing && !message.sharedBy && !known && (shown || message.at > newestAt);
      newestAt = Math.max(newestAt, message.at);
      store.setState({
        below: fresh && !(end && shown) ? below + 1 : below,
        // What was taken back is not left for screen readers either.
        announced: fresh || announced?.id === message.id ? message : announced,
      });
      markRead();
    }),
    client.on("removed", (removed) => {
      if (removed.conversationId !== id) return;
      store.setState(({ messages, announced }) => ({
        messages: messages.filter((message) => message.id !== removed.id),
        announced: announced?.id === removed.id ? undefined : announced,
      }));
    }),
  ];
  if (typeof document !== "undefined") document.addEventListener("visibilitychange", markRead);
  void open(unread).then(() => {
    newestAt = Math.max(newestAt, store.getState().messages.at(-1)?.at ?? 0);
    markRead();
  });

  const act: ConversationModel["act"] = async (work) => {
    store.setState({ error: undefined });
    try {
      await work(conversation);
      return true;
    } catch (error) {
      store.setState({ error: codeOf(error) });
      return false;
    }
  };

  /** The list follows what was sent from here to the end. */
  const follow = async (message: Message) => {
    if (!store.getState().latest) await history.toLatest();
    store.setState(({ messages }) => ({ messages: merge(messages, [message], "keep"), sent: message.id }));
  };
  const say = (send: () => Promise<Message>) => {
    store.setState({ unreadFrom: undefined });
    return act(async () => follow(await send()));
  };

  return {
    ...history,
    id,
    store,
    composer: createStore(() => emptyComposer),
    act,
    follow,
    async send(text, options = {}) {
      if (!text.trim()) return false;
      return say(() => conversation.sendText(text, options));
    },
    sendVoice: (voice, options = {}) => say(() => conversation.sendVoice(voice, options)),
    async audio(messageId) {
      const sound = await conversation.audio(messageId);
      if (!sound) throw new PageError("MESSAGE_UNKNOWN");
      return sound;
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
      for (const stop of stops) stop();
      if (typeof document !== "undefined") document.removeEventListener("visibilitychange", markRead);
    },
  };
}

function visible(): boolean {
  return typeof document === "undefined" || document.visibilityState === "visible";
}
