import { type Chain, readContract } from "../chain/chain.ts";
import type { JobHire } from "../types/jobs.ts";
import type { Hex } from "../types/primitives.ts";
import { boardOf } from "./board.ts";

/**
 * Who was hired by an agreement, as two operators say; undefined when it is about no job of the board.
 * @throws what {@link readContract} throws
 */
export async function readHire(
  chain: Chain,
  agreement: Hex,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<JobHire | undefined> {
  const call = { ...boardOf(chain), functionName: "hireOf", args: [agreement] } as const;
  const { signal } = options;
  const hire = await readContract(chain, call, { quorum: true, signal });
  return hire.client === 0n ? undefined : hire;
}
