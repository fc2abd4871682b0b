import { type Chain, readContract } from "../chain/chain.ts";
import type { FoundHire } from "../types/jobs.ts";
import { boardOf } from "./board.ts";
import type { BoardEntry } from "./describeJob.ts";
import { ownHireOf } from "./readOwnHire.ts";

/** Jobs in one read. */
const span = 50n;
/** A page looks through so many jobs at most, and ends earlier once it has so many hires: each costs some reads. */
const most = 500n;
const enough = 20;

/**
 * The hires of an identity, as two operators say, a page at a time: for whoever lost the device with the agreements. The texts are in
 * none of it; the escrow is paid, worked for and rated without them. The board names one agreement of each job, the first.
 *
 * @example
 * let { hires, older } = await findHires(chain, me.id);
 * while (older && hires.length === 0) ({ hires, older } = await findHires(chain, me.id, { before: older }));
 *
 * @param identityId number in the registry
 * @param page.before in jobs of numbers below this one
 * @returns newest job first, from 500 jobs at most; none where the person is in none of those. `older`: what to pass as `before` for the
 * rest, undefined at the end
 * @throws what {@link readContract} throws
 */
export async function findHires(
  chain: Chain,
  identityId: bigint,
  page: { before?: bigint | undefined } = {},
  options: { signal?: AbortSignal | undefined } = {},
): Promise<{ hires: FoundHire[]; older: bigint | undefined }> {
  const read = { quorum: true, signal: options.signal };
  const board = boardOf(chain);
  const newest =
    page.before ?? (await readContract(chain, { ...board, functionName: "jobCount", args: [] }, read)) + 1n;
  const hires: FoundHire[] = [];
  let end = newest;
  while (end > 1n && newest - end < most && hires.length < enough) {
    const first = end > span ? end - span : 1n;
    const args = [first, end - first] as const;
    const entries: readonly BoardEntry[] = await readContract(chain, { ...board, functionName: "jobs", args }, read);
    const found = await Promise.all(entries.map((entry) => ownHireOf(chain, entry, identityId, options)));
    hires.push(...found.filter((hire) => hire !== undefined).reverse());
    end = first;
  }
  return { hires, older: end > 1n ? end : undefined };
}
