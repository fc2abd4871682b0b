import { decodeEventLog, encodeEventTopics, numberToHex, pad } from "viem";
import { readBlockAt } from "../chain/actions/readBlockAt.ts";
import type { Chain } from "../chain/chain.ts";
import { logSpan, readLogs } from "../chain/logs.ts";
import { escrowAbi } from "../generated/index.ts";
import type { Address, Hex } from "../types/primitives.ts";

const event = { abi: escrowAbi, eventName: "MilestoneSubmitted" } as const;
const [submitted] = encodeEventTopics(event);

/**
 * Hashes (`evidence` of {@link actOnEscrow}) that were handed in for a milestone, oldest first, two operators agreeing: the escrow's state
 * forgets them. It looks through the last 10,000 blocks that were made by `until`, such as the deadline of what was signed.
 * @param until Unix seconds
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, CHAIN_REJECTED, ABORTED; RpcError
 */
export async function readSubmissions(
  chain: Chain,
  escrow: Address,
  index: number,
  { until, signal }: { until: number; signal?: AbortSignal | undefined },
): Promise<Hex[]> {
  const to = BigInt(await readBlockAt(chain, until, signal));
  const from = to < logSpan ? 0n : to - logSpan + 1n;
  const topics = [submitted as Hex, pad(numberToHex(index), { size: 32 })];
  const logs = await readLogs(chain, { address: escrow, topics, from, to }, signal);
  return logs.map(({ data, topics }) => decodeEventLog({ ...event, data, topics }).args.evidence);
}
