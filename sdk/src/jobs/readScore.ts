import { type Chain, readContract } from "../chain/chain.ts";
import type { Reputation } from "../types/jobs.ts";
import { boardOf } from "./board.ts";

/**
 * How many have rated somebody, and the average of their scores, as two operators say: one read, for a list of people.
 * @param identityId number in the registry: see {@link RegisteredPerson}
 * @throws what {@link readContract} throws
 */
export async function readScore(
  chain: Chain,
  identityId: bigint,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<Pick<Reputation, "count" | "average">> {
  const call = { ...boardOf(chain), functionName: "reputationOf", args: [identityId] } as const;
  const [count, total] = await readContract(chain, call, { quorum: true, signal: options.signal });
  return { count: Number(count), average: count > 0n ? Number(total) / Number(count) : undefined };
}
