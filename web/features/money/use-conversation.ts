import { useMemo } from "react";
import type { Conversation, ConversationId } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

export function useConversation(id: ConversationId): Conversation {
  const client = useClient();
  return useMemo(() => client.conversations.open(id), [client, id]);
}
