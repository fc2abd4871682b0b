import { useCallback, useEffect, useRef, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { ErrorCode, PacketEntry, PacketHistory, PacketSum } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

const pageSize = 30;
/** Milliseconds after the last message of several. */
const settled = 2_000;

interface Shown {
  packets: PacketEntry[];
  sums: PacketSum[];
  next: number | undefined;
}

/** Pages that begin where the others end; what is known of a packet is replaced. Later pages stay when the first is read again. */
function joined(known: Shown | undefined, { packets, sums, next }: PacketHistory, before: number | undefined): Shown {
  const fresh = new Set(packets.map(({ messageId }) => messageId));
  const others = known?.packets.filter(({ messageId }) => !fresh.has(messageId)) ?? [];
  if (before !== undefined) return { packets: [...others.filter(({ at }) => at >= before), ...packets], sums, next };
  const later = next === undefined ? [] : others.filter(({ at }) => at < next);
  return { packets: [...packets, ...later], sums, next: later.length > 0 ? known?.next : next };
}

/** The history of red packets, page by page: at once what this device remembers, then what the chain says. */
export function usePacketHistory() {
  const client = useClient();
  const [shown, setShown] = useState<Shown>();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<ErrorCode>();
  /** What was asked for before this is of no interest any more. */
  const turn = useRef(0);

  const read = useCallback(
    async (before?: number) => {
      const mine = ++turn.current;
      const page = { limit: pageSize, ...(before === undefined ? {} : { before }) };
      setError(undefined);
      setAsking(true);
      try {
        for (const fresh of [false, true]) {
          const found = await client.packets.history({ ...page, fresh });
          if (mine !== turn.current) return;
          setShown((known) => joined(known, found, before));
        }
      } catch (failed) {
        if (mine === turn.current) setError(codeOf(failed));
      }
      if (mine === turn.current) setAsking(false);
    },
    [client],
  );
  useEffect(() => {
    void read();
    // A packet of one's own that was in doubt is told of, or a new one; of many the last is waited for.
    let later: ReturnType<typeof setTimeout> | undefined;
    const stop = client.on("message", ({ body, outgoing }) => {
      if (body.type !== "packet" || !outgoing) return;
      clearTimeout(later);
      later = setTimeout(() => void read(), settled);
    });
    return () => {
      stop();
      clearTimeout(later);
      turn.current++;
    };
  }, [client, read]);

  const more = shown?.next;
  return {
    ...{ shown, asking, error },
    /** The chain could not be asked: some are as they were. */
    old: !asking && shown?.packets.some(({ current, stage }) => !current && stage !== "unsure") === true,
    reload: () => void read(),
    load: more === undefined ? undefined : () => void read(more),
    async refund({ conversationId, messageId }: PacketEntry) {
      await client.conversations.open(conversationId).packets.refund(messageId);
      await read();
    },
  };
}
