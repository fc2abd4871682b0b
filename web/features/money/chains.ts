import { useEffect } from "react";
import { create } from "zustand";
import type { AssetId, Client, PayableChain } from "../../lib/types.ts";
import { useClient } from "../session/use-client.ts";

const asked = new WeakMap<Client, Promise<readonly PayableChain[]>>();

/** Chains that can be paid on, the network's own first. They are the same as long as the page is open. */
export function readChains(client: Client): Promise<readonly PayableChain[]> {
  const known = asked.get(client);
  if (known) return known;
  const reading = client.money.chains();
  asked.set(client, reading);
  // Asked for again next time.
  reading.catch(() => asked.delete(client));
  return reading;
}

const useKnown = create<{ of?: Client; chains?: readonly PayableChain[] }>(() => ({}));

/** Undefined until they are known. */
export function useChains(): readonly PayableChain[] | undefined {
  const client = useClient();
  useEffect(() => {
    readChains(client).then(
      (chains) => useKnown.setState({ of: client, chains }),
      () => undefined,
    );
  }, [client]);
  return useKnownChains();
}

/** The same without asking, for a list that may have nothing of money in it: whatever shows money there asks. */
export function useKnownChains(): readonly PayableChain[] | undefined {
  const client = useClient();
  return useKnown(({ of, chains }) => (of === client ? chains : undefined));
}

/** The chain of an asset: "unknown" where it is not set up here, undefined until that is known. */
export function useChainOf({ chainId }: Pick<AssetId, "chainId">): PayableChain | "unknown" | undefined {
  return chainIn(useChains(), chainId);
}

/** @param chains undefined until they are known */
export const chainIn = (
  chains: readonly PayableChain[] | undefined,
  chainId: number,
): PayableChain | "unknown" | undefined => chains && (chains.find((one) => one.chainId === chainId) ?? "unknown");

/** Its name, only where it is another one than the network's own. */
export const nameElsewhere = (chain: PayableChain | "unknown" | undefined): string | undefined =>
  chain === undefined || chain === "unknown" || chain.home ? undefined : chain.name;
