import { type Chain, readContract } from "../chain/chain.ts";
import type { Job } from "../types/jobs.ts";
import { boardOf } from "./board.ts";
import { type BoardEntry, describeJob } from "./describeJob.ts";

const most = 50;

/**
 * The newest jobs, as two operators say, each with its listing from a relay, checked against the hash that the poster signed.
 *
 * @example
 * const { jobs, older } = await listJobs(chain);
 * const next = older && (await listJobs(chain, { before: older }));
 *
 * @param page.before of numbers below this one
 * @param page.limit 1 to 50
 * @returns newest first; `older`: what to pass as `before` for the rest, undefined at the end
 * @throws SkrumbleError NETWORK_UNREACHABLE, and what {@link readContract} throws
 */
export async function listJobs(
  chain: Chain,
  page: { before?: bigint; limit?: number } = {},
  options: { signal?: AbortSignal } = {},
): Promise<{ jobs: Job[]; older: bigint | undefined }> {
  const { signal } = options;
  const board = boardOf(chain);
  const read = { quorum: true, signal };
  const end = page.before ?? (await readContract(chain, { ...board, functionName: "jobCount", args: [] }, read)) + 1n;
  const wanted = BigInt(Math.min(Math.max(page.limit ?? 20, 1), most));
  const first = end > wanted ? end - wanted : 1n;
  if (end <= 1n) return { jobs: [], older: undefined };
  const args = [first, end - first] as const;
  const entries = await readContract(chain, { ...board, functionName: "jobs", args }, read);
  const jobs = await Promise.all(
    entries.map((entry: BoardEntry, index) => describeJob(chain, first + BigInt(index), entry, signal)),
  );
  return { jobs: jobs.reverse(), older: first > 1n ? first : undefined };
}
