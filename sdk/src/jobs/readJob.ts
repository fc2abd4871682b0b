import { type Chain, readContract } from "../chain/chain.ts";
import { RpcError } from "../chain/rpc.ts";
import { revertName } from "../chain/submit.ts";
import { SkrumbleError } from "../errors/index.ts";
import { jobBoardAbi } from "../generated/index.ts";
import type { Job } from "../types/jobs.ts";
import { boardOf } from "./board.ts";
import { describeJob } from "./describeJob.ts";

/**
 * One job, as {@link listJobs} gives it.
 * @throws SkrumbleError JOB_UNKNOWN, NETWORK_UNREACHABLE, and what {@link readContract} throws
 */
export async function readJob(chain: Chain, jobId: bigint, options: { signal?: AbortSignal } = {}): Promise<Job> {
  const { signal } = options;
  try {
    const call = { ...boardOf(chain), functionName: "job", args: [jobId] } as const;
    return await describeJob(chain, jobId, await readContract(chain, call, { quorum: true, signal }), signal);
  } catch (error) {
    const unknown = error instanceof RpcError && revertName(error, jobBoardAbi) === "JobUnknown";
    throw unknown ? new SkrumbleError("JOB_UNKNOWN") : error;
  }
}
