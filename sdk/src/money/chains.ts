import type { AnyChain } from "../chain/chain.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { PayableChain } from "../types/chains.ts";

/** Chains that payments work on: the network's own, and those that the program names. */
export interface PayChains {
  /** The network's own first. */
  readonly all: readonly AnyChain[];
  find(chainId: number): AnyChain | undefined;
  /** @throws SkrumbleError CHAIN_UNKNOWN */
  of(asset: { chainId: number }): AnyChain;
}

/** @param home the network's own */
export function createPayChains(home: AnyChain, further: readonly AnyChain[]): PayChains {
  const all = [home, ...further];
  const find = (chainId: number) => all.find(({ network }) => network.chainId === chainId);
  return {
    all,
    find,
    of({ chainId }) {
      const chain = find(chainId);
      if (!chain) throw new SkrumbleError("CHAIN_UNKNOWN", { details: `Chain ${chainId} is not set up here.` });
      return chain;
    },
  };
}

export const payable = ({ network: { chainId, name }, further }: AnyChain): PayableChain => ({
  ...{ chainId, name, home: further === undefined },
  ...(further?.explorer === undefined ? {} : { explorer: further.explorer }),
});
