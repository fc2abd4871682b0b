import { useCallback, useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import type { ErrorCode, Holding, PayableChain } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";
import { putAsset } from "./assets.ts";
import { readChains } from "./chains.ts";

/** What the wallet has on one chain: nothing until it is read, or why it could not be. */
export interface ChainHoldings {
  chain: PayableChain;
  holdings?: readonly Holding[];
  error?: ErrorCode;
}

/**
 * What the wallet has of the listed assets, read when somebody looks and when a payment has come or gone; chain by chain, so that a slow
 * one keeps nobody waiting.
 * @param homeOnly of the network's own chain alone
 */
export function useHoldings({ homeOnly = false } = {}) {
  const client = useClient();
  const [chains, setChains] = useState<ChainHoldings[]>();
  const [error, setError] = useState<ErrorCode>();
  const load = useCallback(() => {
    setError(undefined);
    const put = (chainId: number, found: Omit<ChainHoldings, "chain">) =>
      // What was read before stands until there is something newer.
      setChains((now) => now?.map((one) => (one.chain.chainId === chainId ? { ...one, ...found } : one)));
    const read = async () => {
      const all = await readChains(client);
      const shown = homeOnly ? all.slice(0, 1) : all;
      setChains((now) => now ?? shown.map((chain) => ({ chain })));
      const reads = shown.map(async ({ chainId }) => {
        const holdings = await client.money.holdings(chainId);
        for (const { asset } of holdings) putAsset(asset);
        put(chainId, { holdings });
      });
      reads.forEach((one, at) => {
        one.catch((failed: unknown) => put(shown[at]?.chainId as number, { error: codeOf(failed) }));
      });
      // Without the network's own nobody can be paid anywhere.
      await reads[0];
    };
    read().catch((failed: unknown) => setError(codeOf(failed)));
  }, [client, homeOnly]);
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
    ...{ error, load, chains: isRead ? chains : undefined },
    holdings: isRead ? chains.flatMap(({ holdings = [] }) => holdings) : undefined,
  };
}
