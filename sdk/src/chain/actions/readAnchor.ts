import { sessionAnchorAbi } from "../../generated/index.ts";
import type { Hex } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";

export interface AnchorRecord {
  blockNumber: bigint;
  /** Unix seconds of that block. */
  timestamp: bigint;
}

/** When a relay put a root on chain; undefined when it never did. @throws what {@link readContract} throws */
export async function readAnchor(
  chain: Chain,
  { relayId, root }: { relayId: number; root: Hex },
  options: ReadOptions = {},
): Promise<AnchorRecord | undefined> {
  const { blockNumber, timestamp } = await readContract(
    chain,
    {
      address: chain.network.contracts.sessionAnchor,
      abi: sessionAnchorAbi,
      functionName: "anchoredAt",
      args: [relayId, root],
    },
    options,
  );
  return blockNumber === 0n ? undefined : { blockNumber, timestamp };
}
