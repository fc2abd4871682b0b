import { create } from "zustand";
import type { Client, ConversationId, ConversationSummary, Millis, PublicId } from "../../lib/types.ts";

interface ChatsState {
  loaded: boolean;
  conversations: Record<ConversationId, ConversationSummary>;
  /** Who is typing now; nobody: no entry. */
  typing: Record<ConversationId, readonly PublicId[]>;
}

export const useChats = create<ChatsState>(() => ({ loaded: false, conversations: {}, typing: {} }));

/** Keeps the list in step with the client until the returned function is called. */
export function attachChats(client: Client): () => void {
  const put = (summary: ConversationSummary) =>
    useChats.setState(({ conversations }) => ({ conversations: { ...conversations, [summary.id]: summary } }));
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const setTyping = (id: ConversationId, person: PublicId, on: boolean) =>
    useChats.setState(({ typing: { [id]: before = [], ...others } }) => {
      const people = [...before.filter((other) => other !== person), ...(on ? [person] : [])];
      return { typing: people.length > 0 ? { ...others, [id]: people } : others };
    });
  const refresh = (id: ConversationId) => {
    void client.conversations
      .open(id)
      .summary()
      .then(put, () => undefined);
  };
  const stops = [
    client.on("conversation", put),
    client.on("message", (message) => {
      if (!message.outgoing && !message.sharedBy) setTyping(message.conversationId, message.from, false);
      refresh(message.conversationId);
    }),
    client.on("removed", ({ conversationId }) => refresh(conversationId)),
    client.on("typing", ({ conversationId, from, until }) => {
      setTyping(conversationId, from, true);
      const key = `${conversationId}:${from}`;
      clearTimeout(timers.get(key));
      timers.set(
        key,
        setTimeout(() => setTyping(conversationId, from, false), Math.max(0, until - Date.now())),
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
  return Object.values(conversations).sort((a, b) => (lastActivity(b) ?? 0) - (lastActivity(a) ?? 0));
}

/** What is muted does not ask for attention. */
export function unreadTotal(conversations: Record<ConversationId, ConversationSummary>): number {
  return Object.values(conversations)
    .filter((summary) => !isMuted(summary))
    .reduce((sum, { unread }) => sum + unread, 0);
}

export function isMuted({ flags }: ConversationSummary): boolean {
  return (flags.mutedUntil ?? 0) > Date.now();
}

/** Undefined for a group whose messages are all gone from this device. */
export function lastActivity(summary: ConversationSummary): Millis | undefined {
  return summary.last?.at ?? (summary.kind === "pair" ? summary.contact.since : undefined);
}
