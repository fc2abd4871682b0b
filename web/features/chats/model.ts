import { create } from "zustand";
import type { Client, ConversationId, ConversationSummary, Millis } from "../../lib/types.ts";

interface ChatsState {
  loaded: boolean;
  conversations: Record<ConversationId, ConversationSummary>;
  /** Until when somebody is shown as typing. */
  typing: Record<ConversationId, Millis>;
}

export const useChats = create<ChatsState>(() => ({ loaded: false, conversations: {}, typing: {} }));

/** Keeps the list in step with the client until the returned function is called. */
export function attachChats(client: Client): () => void {
  const put = (summary: ConversationSummary) =>
    useChats.setState(({ conversations }) => ({ conversations: { ...conversations, [summary.id]: summary } }));
  const timers = new Map<ConversationId, ReturnType<typeof setTimeout>>();
  const quiet = (id: ConversationId) => useChats.setState(({ typing: { [id]: _, ...typing } }) => ({ typing }));
  const stops = [
    client.on("conversation", put),
    client.on("message", (message) => {
      if (!message.outgoing) quiet(message.conversationId);
      void client.conversations
        .open(message.conversationId)
        .summary()
        .then(put, () => undefined);
    }),
    client.on("typing", ({ conversationId, until }) => {
      useChats.setState(({ typing }) => ({ typing: { ...typing, [conversationId]: until } }));
      clearTimeout(timers.get(conversationId));
      timers.set(
        conversationId,
        setTimeout(() => quiet(conversationId), Math.max(0, until - Date.now())),
      );
    }),
  ];
  void client.conversations.list().then((list) => {
    const known = Object.fromEntries(list.map((summary) => [summary.id, summary]));
    useChats.setState(({ conversations }) => ({ loaded: true, conversations: { ...known, ...conversations } }));
  });
  return () => {
    for (const stop of stops) stop();
    for (const timer of timers.values()) clearTimeout(timer);
    useChats.setState({ loaded: false, conversations: {}, typing: {} });
  };
}

/** Newest first. */
export function inOrder(conversations: Record<ConversationId, ConversationSummary>): ConversationSummary[] {
  return Object.values(conversations).sort((a, b) => lastActivity(b) - lastActivity(a));
}

export function unreadTotal(conversations: Record<ConversationId, ConversationSummary>): number {
  return Object.values(conversations).reduce((sum, { unread }) => sum + unread, 0);
}

function lastActivity(summary: ConversationSummary): Millis {
  return summary.last?.at ?? summary.contact.since;
}
