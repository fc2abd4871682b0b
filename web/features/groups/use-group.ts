import { useMemo } from "react";
import type { ConversationId, GroupActions } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

/** What can be done with a group. */
export function useGroup(id: ConversationId): GroupActions {
  const client = useClient();
  return useMemo(() => {
    const { group } = client.conversations.open(id);
    if (!group) throw new Error("not a group");
    return group;
  }, [client, id]);
}
