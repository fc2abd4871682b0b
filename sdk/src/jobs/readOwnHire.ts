import { type Chain, readContract } from "../chain/chain.ts";
import { agreementsAbi, escrowAbi } from "../generated/index.ts";
import type { FoundHire } from "../types/jobs.ts";
import type { Address } from "../types/primitives.ts";
import type { BoardEntry } from "./describeJob.ts";
import { readHire } from "./readHire.ts";
import { readEntry } from "./readJob.ts";

/**
 * The hire that {@link findHires} finds in one job.
 * @param identityId number in the registry
 * @returns undefined when nobody was hired for it yet, or others were
 * @throws SkrumbleError JOB_UNKNOWN, and what {@link readContract} throws
 */
export async function readOwnHire(
  chain: Chain,
  jobId: bigint,
  identityId: bigint,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<FoundHire | undefined> {
  return ownHireOf(chain, await readEntry(chain, jobId, options.signal), identityId, options);
}

/** The same of a job that was read. */
export async function ownHireOf(
  chain: Chain,
  { agreement }: BoardEntry,
  identityId: bigint,
  options: { signal?: AbortSignal | undefined },
): Promise<FoundHire | undefined> {
  if (BigInt(agreement) === 0n) return undefined;
  const read = { quorum: true, signal: options.signal };
  const hire = await readHire(chain, agreement, options);
  const role = hire?.client === identityId ? "client" : hire?.freelancer === identityId ? "freelancer" : undefined;
  if (!hire || !role) return undefined;
  const at = { address: chain.network.contracts.agreements, abi: agreementsAbi } as const;
  const { escrow } = await readContract(chain, { ...at, functionName: "agreement", args: [agreement] }, read);
  const call = { address: escrow, abi: escrowAbi, functionName: "terms", args: [] } as const;
  const { token, milestones } = await readContract(chain, call, read);
  return {
    ...{ agreement, hire, role, escrow: escrow.toLowerCase() as Address, token: token.toLowerCase() as Address },
    milestones: milestones.map(({ amount, due }) => ({ amount, due: Number(due) })),
  };
}
