import { type Chain, readContract } from "../chain/chain.ts";
import { RpcError } from "../chain/rpc.ts";
import { revertName } from "../chain/submit.ts";
import { SkrumbleError } from "../errors/index.ts";
import { jobBoardAbi } from "../generated/index.ts";
import type { Job } from "../types/jobs.ts";
import { boardOf } from "./board.ts";
import { type BoardEntry, describeJob } from "./describeJob.ts";

/**
 * One job, as {@link listJobs} gives it.
 * @throws SkrumbleError JOB_UNKNOWN, NETWORK_UNREACHABLE, and what {@link readContract} throws
 */
export async function readJob(chain: Chain, jobId: bigint, options: { signal?: AbortSignal } = {}): Promise<Job> {
  const { signal } = options;
  return describeJob(chain, jobId, await readEntry(chain, jobId, signal), signal);
}

/**
 * What the board alone says of a job, as two operators say.
 * @throws SkrumbleError JOB_UNKNOWN, and what {@link readContract} throws
 */
export async function readEntry(chain: Chain, jobId: bigint, signal: AbortSignal | undefined): Promise<BoardEntry> {
  try {
    const call = { ...boardOf(chain), functionName: "job", args: [jobId] } as const;
    return await readContract(chain, call, { quorum: true, signal });
  } catch (error) {
    const unknown = error instanceof RpcError && revertName(error, jobBoardAbi) === "JobUnknown";
    throw unknown ? new SkrumbleError("JOB_UNKNOWN") : error;
  }
}
