import { useCallback, useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { Conversation, ErrorCode, MessageId, PacketView } from "../../lib/types.ts";

/** A packet as the chain has it, followed while it is in sight. */
export function usePacket(conversation: Conversation, id: MessageId) {
  const [view, setView] = useState<PacketView>();
  const [error, setError] = useState<ErrorCode>();
  const [busy, setBusy] = useState(false);
  useEffect(() => conversation.packets.watch(id, setView), [conversation, id]);

  const act = useCallback(async (work: () => Promise<PacketView>) => {
    setBusy(true);
    setError(undefined);
    try {
      setView(await work());
    } catch (failed) {
      setError(codeOf(failed));
    }
    setBusy(false);
  }, []);
  return {
    ...{ view, error, busy },
    claim: () => act(() => conversation.packets.claim(id)),
    refund: () => act(() => conversation.packets.refund(id)),
  };
}

export type PacketModel = ReturnType<typeof usePacket>;
