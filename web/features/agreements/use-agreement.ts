import { useCallback, useRef, useSyncExternalStore } from "react";
import type { AgreementView, Conversation, ConversationId, MessageId } from "../../lib/types.ts";

/** One watch for all cards and sheets of an agreement. */
interface Watched {
  view: AgreementView | undefined;
  listeners: Set<() => void>;
  stop(): void;
}

const watched = new WeakMap<Conversation, Map<MessageId, Watched>>();

function follow(conversation: Conversation, id: MessageId, listener: () => void): () => void {
  const all = watched.get(conversation) ?? new Map<MessageId, Watched>();
  watched.set(conversation, all);
  const found = all.get(id) ?? begin(conversation, id);
  all.set(id, found);
  found.listeners.add(listener);
  return () => {
    found.listeners.delete(listener);
    if (found.listeners.size > 0) return;
    found.stop();
    all.delete(id);
  };
}

function begin(conversation: Conversation, id: MessageId): Watched {
  const started: Watched = { view: undefined, listeners: new Set(), stop: () => undefined };
  started.stop = conversation.agreements.watch(id, (view) => {
    started.view = view;
    for (const listener of [...started.listeners]) listener();
  });
  return started;
}

/** An agreement as messages and chain have it, followed while it is in sight. Undefined until it was looked at. */
export function useAgreement(conversation: Conversation, id: MessageId): AgreementView | undefined {
  const last = useRef<AgreementView>(undefined);
  const subscribe = useCallback((listener: () => void) => follow(conversation, id, listener), [conversation, id]);
  const read = () => {
    last.current = watched.get(conversation)?.get(id)?.view ?? last.current;
    return last.current;
  };
  return useSyncExternalStore(subscribe, read, read);
}

/** By conversation, so that cards of one share what they watch. */
const opened = new WeakMap<object, Map<ConversationId, Conversation>>();

export function sharedConversation(
  client: { conversations: { open(id: ConversationId): Conversation } },
  id: ConversationId,
): Conversation {
  const all = opened.get(client) ?? new Map<ConversationId, Conversation>();
  opened.set(client, all);
  const found = all.get(id) ?? client.conversations.open(id);
  all.set(id, found);
  return found;
}
