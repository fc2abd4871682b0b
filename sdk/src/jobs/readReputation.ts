import { zeroHash } from "viem";
import { type Chain, readContract } from "../chain/chain.ts";
import { cleanText } from "../conversation/content/text.ts";
import type { JobRating, Reputation } from "../types/jobs.ts";
import type { Hex } from "../types/primitives.ts";
import { boardOf, personById } from "./board.ts";
import { findDocument } from "./documents.ts";
import { maxComment } from "./keepComment.ts";
import { readScore } from "./readScore.ts";

const shown = 20n;

/**
 * What the parties of finished agreements say of somebody, as two operators say.
 * @param identityId number in the registry: see {@link RegisteredPerson}
 * @throws SkrumbleError NETWORK_UNREACHABLE, and what {@link readContract} throws
 */
export async function readReputation(
  chain: Chain,
  identityId: bigint,
  options: { signal?: AbortSignal } = {},
): Promise<Reputation> {
  const { signal } = options;
  const board = boardOf(chain);
  const read = { quorum: true, signal };
  const score = await readScore(chain, identityId, { signal });
  const count = BigInt(score.count);
  const first = count > shown ? count - shown : 0n;
  const args = [identityId, first, shown] as const;
  const entries = count > 0n ? await readContract(chain, { ...board, functionName: "ratingsOf", args }, read) : [];
  const ratings = await Promise.all(
    entries.map(async ({ rater, ratedAt, score, agreementId, comment }): Promise<JobRating> => {
      const [person, said] = await Promise.all([personById(chain, rater, signal), commentOf(chain, comment, signal)]);
      return { rater: person, at: Number(ratedAt), score, agreement: agreementId, ...said };
    }),
  );
  return { ...score, ratings: ratings.reverse() };
}

async function commentOf(
  chain: Chain,
  hash: Hex,
  signal: AbortSignal | undefined,
): Promise<Pick<JobRating, "comment" | "problem">> {
  if (hash === zeroHash) return {};
  const found = await findDocument(chain, hash, signal);
  if ("problem" in found) return found;
  return { comment: cleanText(new TextDecoder().decode(found.bytes)).slice(0, maxComment) };
}
