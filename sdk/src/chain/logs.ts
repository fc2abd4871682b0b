import { type Hex, numberToHex } from "viem";
import { throwIfAborted } from "../errors/index.ts";
import type { Address } from "../types/primitives.ts";
import type { Chain } from "./chain.ts";
import { quorumRequest } from "./quorum.ts";

export interface Log {
  data: Hex;
  topics: [Hex, ...Hex[]];
  blockNumber: Hex;
}

/** As many blocks as a relay looks through at once. */
export const logSpan = 10_000n;

/**
 * Events of a contract from one block to another, both included, at most {@link logSpan} of them. Two operators agree: on one relay's
 * word something could be left out. `to` has to be a block that they know, see readAgreedHead.
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, ABORTED; RpcError
 */
export async function readLogs(
  chain: Chain,
  filter: { address: Address; topics: (Hex | Hex[] | null)[]; from: bigint; to: bigint },
  signal?: AbortSignal,
): Promise<Log[]> {
  throwIfAborted(signal);
  const { address, topics, from, to } = filter;
  const params = [{ address, topics, fromBlock: numberToHex(from), toBlock: numberToHex(to) }];
  return (await quorumRequest(chain.rpc, "eth_getLogs", params, signal)) as Log[];
}
