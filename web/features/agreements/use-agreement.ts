import { useCallback, useRef, useSyncExternalStore } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { AgreementView, Conversation, ConversationId, ErrorCode, MessageId } from "../../lib/types.ts";

export interface Seen {
  view?: AgreementView;
  /** The last look found nothing: MESSAGE_UNKNOWN where the messages are no agreement of people in it. */
  failed?: ErrorCode;
}

const nothing: Seen = {};

/** One watch for all cards and sheets of an agreement. */
interface Watched {
  seen: Seen;
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
  const started: Watched = { seen: nothing, listeners: new Set(), stop: () => undefined };
  const tell = (seen: Seen) => {
    started.seen = seen;
    for (const listener of [...started.listeners]) listener();
  };
  started.stop = conversation.agreements.watch(
    id,
    (view) => tell({ view }),
    (problem) => tell({ ...started.seen, failed: codeOf(problem) }),
  );
  return started;
}

/** An agreement as messages and chain have it, followed while it is in sight. Empty until it was looked at. */
export function useAgreement(conversation: Conversation, id: MessageId): Seen {
  const last = useRef<Seen>(nothing);
  const subscribe = useCallback((listener: () => void) => follow(conversation, id, listener), [conversation, id]);
  const read = () => {
    last.current = watched.get(conversation)?.get(id)?.seen ?? last.current;
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
