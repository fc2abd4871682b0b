import { type Hex, numberToHex } from "viem";
import { throwIfAborted } from "../errors/index.ts";
import type { Address } from "../types/primitives.ts";
import type { Chain } from "./chain.ts";
import type { RpcEndpoint } from "./types.ts";

export interface Log {
  data: Hex;
  topics: [Hex, ...Hex[]];
  blockNumber: Hex;
}

/** As many blocks as a relay looks through at once. */
export const logSpan = 10_000n;

/**
 * Events of a contract from one block to another, both included, at most {@link logSpan} of them. What a relay says of events
 * nobody has signed: compare it with the state.
 * @param endpoint one relay; else the first that answers
 * @throws SkrumbleError CHAIN_UNREACHABLE, ABORTED; RpcError; with an endpoint whatever goes wrong
 */
export async function readLogs(
  chain: Chain,
  filter: { address: Address; topics: (Hex | Hex[] | null)[]; from: bigint; to: bigint },
  options: { endpoint?: RpcEndpoint; signal?: AbortSignal | undefined } = {},
): Promise<Log[]> {
  throwIfAborted(options.signal);
  const { address, topics, from, to } = filter;
  const params = [{ address, topics, fromBlock: numberToHex(from), toBlock: numberToHex(to) }];
  const logs = options.endpoint
    ? await chain.rpc.requestAt(options.endpoint, "eth_getLogs", params, options.signal)
    : await chain.rpc.request("eth_getLogs", params, options.signal);
  return logs as Log[];
}
