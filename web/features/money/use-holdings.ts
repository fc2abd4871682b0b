import { useCallback, useEffect, useRef, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { ErrorCode, Holding, PayableChain } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";
import { putAsset } from "./assets.ts";
import { readChains } from "./chains.ts";

/** What the wallet has on one chain: nothing until it is read, or why it could not be. */
export interface ChainHoldings {
  chain: PayableChain;
  /** Of another chain than the network's own: somebody wanted to see it. */
  asked?: boolean;
  holdings?: readonly Holding[];
  error?: ErrorCode | undefined;
}

/**
 * What the wallet has of the listed assets, read when somebody looks and when a payment has come or gone; chain by chain, so that a slow
 * one keeps nobody waiting. The nodes of another chain than the network's own hear of this wallet once the person wants to see it.
 * @param homeOnly of the network's own chain alone
 */
export function useHoldings({ homeOnly = false } = {}) {
  const client = useClient();
  const [chains, setChains] = useState<ChainHoldings[]>();
  const [error, setError] = useState<ErrorCode>();
  const asked = useRef(new Set<number>());
  const read = useCallback(
    async (chainId: number) => {
      const put = (found: Omit<ChainHoldings, "chain">) =>
        // What was read before stands until there is something newer.
        setChains((now) => now?.map((one) => (one.chain.chainId === chainId ? { ...one, ...found } : one)));
      try {
        const holdings = await client.money.holdings(chainId);
        for (const { asset } of holdings) putAsset(asset);
        put({ holdings });
      } catch (failed) {
        put({ error: codeOf(failed) });
        throw failed;
      }
    },
    [client],
  );
  const load = useCallback(() => {
    setError(undefined);
    const readAll = async () => {
      const all = await readChains(client);
      const [home] = all;
      if (!home) return;
      setChains((now) => now ?? (homeOnly ? [home] : all).map((chain) => ({ chain })));
      for (const chainId of asked.current) void read(chainId).catch(() => undefined);
      // Without the network's own nobody can be paid anywhere.
      await read(home.chainId);
    };
    readAll().catch((failed: unknown) => setError(codeOf(failed)));
  }, [client, homeOnly, read]);
  const look = useCallback(
    (chainId: number) => {
      asked.current.add(chainId);
      setChains((now) =>
        now?.map((one) => (one.chain.chainId === chainId ? { ...one, asked: true, error: undefined } : one)),
      );
      void read(chainId).catch(() => undefined);
    },
    [read],
  );
  useEffect(() => {
    load();
    window.addEventListener("focus", load);
    const stop = client.on("message", ({ body }) => {
      if (body.type === "payment" && (body.state === "final" || body.state === "differs")) load();
    });
    return () => {
      window.removeEventListener("focus", load);
      stop();
    };
  }, [client, load]);
  const isRead = chains?.[0]?.holdings !== undefined;
  return {
    ...{ error, load, look, chains: isRead ? chains : undefined },
    holdings: isRead ? chains.flatMap(({ holdings = [] }) => holdings) : undefined,
  };
}
