import { useCallback, useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { Address, Client, Conversation, ErrorCode, MessageId, PacketView, WalletSigner } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

/** As they were last seen: a card that comes into sight again does not begin anew. */
const views = new WeakMap<Client, Map<MessageId, PacketView>>();
const mostSeen = 500;

function viewsOf(client: Client): Map<MessageId, PacketView> {
  const known = views.get(client) ?? new Map();
  views.set(client, known);
  return known;
}

function remember(seen: Map<MessageId, PacketView>, view: PacketView): void {
  seen.delete(view.messageId);
  seen.set(view.messageId, view);
  const [oldest] = seen.size > mostSeen ? seen.keys() : [];
  if (oldest !== undefined) seen.delete(oldest);
}

/** A packet as the chain has it, followed while it is in sight. */
export function usePacket(conversation: Conversation, id: MessageId) {
  const seen = viewsOf(useClient());
  const [view, setSeen] = useState(() => seen.get(id));
  const setView = useCallback(
    (next: PacketView) => {
      remember(seen, next);
      setSeen(next);
    },
    [seen],
  );
  const [error, setError] = useState<ErrorCode>();
  const [busy, setBusy] = useState(false);
  /** Nothing of it was ever seen: why, by the last look. */
  const [unseen, setUnseen] = useState<ErrorCode>();
  useEffect(
    () =>
      conversation.packets.watch(
        id,
        (next) => {
          setUnseen(undefined);
          setView(next);
        },
        (problem) => setUnseen(codeOf(problem)),
      ),
    [conversation, id, setView],
  );

  const act = useCallback(
    async (work: () => Promise<PacketView>) => {
      setBusy(true);
      setError(undefined);
      try {
        setView(await work());
      } catch (failed) {
        setError(codeOf(failed));
      }
      setBusy(false);
    },
    [setView],
  );
  return {
    ...{ view, error, busy, unseen: view ? undefined : unseen },
    look: () => act(() => conversation.packets.look(id)),
    claim: () => act(() => conversation.packets.claim(id)),
    /** What went wrong before. */
    forget: () => setError(undefined),
    withdraw: async (wallet: WalletSigner, to?: Address) =>
      setView(await conversation.packets.withdraw(id, wallet, to)),
    refund: () => act(() => conversation.packets.refund(id)),
  };
}

export type PacketModel = ReturnType<typeof usePacket>;
