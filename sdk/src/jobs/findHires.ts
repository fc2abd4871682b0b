import { type Chain, readContract } from "../chain/chain.ts";
import { agreementsAbi, escrowAbi } from "../generated/index.ts";
import type { FoundHire } from "../types/jobs.ts";
import type { Address } from "../types/primitives.ts";
import { boardOf } from "./board.ts";
import type { BoardEntry } from "./describeJob.ts";
import { readHire } from "./readHire.ts";

const page = 50n;
/** So many jobs are looked through, the newest first: each page is one read, each hire in it three. */
const most = 500n;

/**
 * The hires of an identity among the newest 500 jobs, as two operators say: for whoever lost the device with the agreements. The texts
 * are in none of it; the escrow is paid, worked for and rated without them.
 * @param identityId number in the registry
 * @returns newest first
 * @throws what {@link readContract} throws
 */
export async function findHires(
  chain: Chain,
  identityId: bigint,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<FoundHire[]> {
  const read = { quorum: true, signal: options.signal };
  const board = boardOf(chain);
  const count = await readContract(chain, { ...board, functionName: "jobCount", args: [] }, read);
  const found: FoundHire[] = [];
  for (let end = count; end > 0n && end > count - most; end -= page) {
    const first = end > page ? end - page + 1n : 1n;
    const args = [first, end - first + 1n] as const;
    const entries: readonly BoardEntry[] = await readContract(chain, { ...board, functionName: "jobs", args }, read);
    const hired = entries.filter(({ agreement }) => BigInt(agreement) !== 0n);
    const hires = await Promise.all(hired.map((entry) => hireIn(chain, entry, identityId, options)));
    found.push(...hires.filter((hire) => hire !== undefined).reverse());
  }
  return found;
}

async function hireIn(
  chain: Chain,
  { agreement }: BoardEntry,
  identityId: bigint,
  options: { signal?: AbortSignal | undefined },
): Promise<FoundHire | undefined> {
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
