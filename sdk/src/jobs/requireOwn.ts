import type { Chain } from "../chain/chain.ts";
import { SkrumbleError } from "../errors/index.ts";
import { readEntry } from "./readJob.ts";

/** `Open` of IJobBoard.State. */
const open = 1;

/**
 * Before the wallet is asked: whether the board will take a change of this job from this identity.
 * @throws SkrumbleError JOB_UNKNOWN, JOB_NOT_YOURS, JOB_NOT_OPEN
 */
export async function requireOwn(
  chain: Chain,
  jobId: bigint,
  identityId: bigint,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { poster, state } = await readEntry(chain, jobId, signal);
  if (poster !== identityId) throw new SkrumbleError("JOB_NOT_YOURS");
  if (state !== open) throw new SkrumbleError("JOB_NOT_OPEN");
}
