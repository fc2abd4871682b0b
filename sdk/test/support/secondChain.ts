import { afterAll, beforeAll } from "vitest";
import { type Chain, startChain } from "../../../scripts/chain/startChain.ts";
import type { TestNetwork } from "../../../test/support/network.ts";
import type { AssetId, FurtherChain } from "../../src/index.ts";
import { tokensOn } from "./tokens.ts";

/** A second chain of a real node beside a test network, and how a program names it. */
export function useSecondChain(network: TestNetwork, chainId = 31_337) {
  const there = {} as TestNetwork;
  beforeAll(async () => {
    const chain = await startChain({ chainId });
    Object.assign(there, network, { chain });
  });
  afterAll(() => there.chain?.stop());
  const tokens = tokensOn(there);
  return {
    ...tokens,
    chainId,
    chain: (): Chain => there.chain,
    coin: (): AssetId => ({ ...tokens.coin(), chainId }),
    /** Two operators of one node, unless told otherwise. */
    named: (over: Partial<FurtherChain> = {}): FurtherChain => ({
      ...{ chainId, name: "Second", coin: { name: "Second coin", symbol: "SEC", decimals: 18 } },
      rpc: [
        { url: there.chain.rpcUrl, operator: "one" },
        { url: `${there.chain.rpcUrl}/`, operator: "two" },
      ],
      finality: { confirmations: 2 },
      ...over,
    }),
  };
}
