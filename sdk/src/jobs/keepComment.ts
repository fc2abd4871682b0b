import { keccak256, zeroHash } from "viem";
import { type Chain, readContract } from "../chain/chain.ts";
import { cleanText, isBlank } from "../conversation/content/text.ts";
import { type Bytes, utf8 } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Hex } from "../types/primitives.ts";
import { boardOf } from "./board.ts";
import { putDocument } from "./documents.ts";
import { readHire } from "./readHire.ts";

/** Of a comment, in UTF-16 code units. */
export const maxComment = 1000;
/** Ratings of somebody in one read, and so many reads at most. */
const span = 100n;
const mostReads = 5;

/** What a rating says in words, as relays keep it and the chain knows it. @throws SkrumbleError MESSAGE_TOO_LONG */
export function commentBytes(comment: string): { bytes: Bytes; hash: Hex } {
  const text = isBlank(comment) ? "" : cleanText(comment).trim();
  if (text.length > maxComment) throw new SkrumbleError("MESSAGE_TOO_LONG");
  const bytes = utf8(text);
  return { bytes, hash: text === "" ? zeroHash : keccak256(bytes) };
}

/**
 * Has relays keep the words of a rating, again or for the first time: its page was closed as soon as the chain had it, or they lost
 * them. Anybody who has the words may. It is looked for among the newest 500 that were given to the other party.
 * @param input.rater number in the registry of who gave it
 * @returns at how many relays
 * @throws SkrumbleError RATING_NOT_YOURS (no party of a hire), DOCUMENT_NOT_KEPT (at none: they are away, or these are not the words of
 * this rating), MESSAGE_TOO_LONG, ABORTED, and what {@link readContract} throws
 */
export async function keepComment(
  chain: Chain,
  { agreement, rater, comment }: { agreement: Hex; rater: bigint; comment: string },
  options: { signal?: AbortSignal | undefined } = {},
): Promise<number> {
  const { bytes, hash } = commentBytes(comment);
  if (hash === zeroHash) throw new SkrumbleError("DOCUMENT_NOT_KEPT");
  const hire = await readHire(chain, agreement, options);
  if (!hire || (hire.client !== rater && hire.freelancer !== rater)) throw new SkrumbleError("RATING_NOT_YOURS");
  const ratee = rater === hire.client ? hire.freelancer : hire.client;
  const board = boardOf(chain);
  const read = { signal: options.signal };
  const [count] = await readContract(chain, { ...board, functionName: "reputationOf", args: [ratee] }, read);
  // One more than were counted: the node that is asked next may know of a newer one.
  let end = count + 1n;
  for (let reads = 0; end > 0n && reads < mostReads; reads++) {
    const first = end > span ? end - span : 0n;
    const call = { ...board, functionName: "ratingsOf", args: [ratee, first, end - first] } as const;
    const found = await readContract(chain, call, read);
    // Relays take it for the place that the rating has in the list of who was rated.
    const index = found.findLastIndex((one) => one.agreementId === agreement && one.comment === hash);
    if (index >= 0) return putDocument(chain, `ratings/${ratee}/${first + BigInt(index)}`, bytes, options.signal);
    end = first;
  }
  throw new SkrumbleError("DOCUMENT_NOT_KEPT");
}
