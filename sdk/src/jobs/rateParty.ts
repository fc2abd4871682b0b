import { encodeFunctionData, keccak256, zeroHash } from "viem";
import { type Chain, readContract } from "../chain/chain.ts";
import type { SubmitOptions } from "../chain/submit.ts";
import { cleanText, isBlank } from "../conversation/content/text.ts";
import { type Bytes, utf8 } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import { jobBoardAbi } from "../generated/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import { actingFor, boardOf, signForBoard, submitToBoard } from "./board.ts";
import { putDocument } from "./documents.ts";
import { readHire } from "./readHire.ts";

/** Of a comment, in UTF-16 code units. */
export const maxComment = 1000;

/**
 * Rates the other party of a finished agreement, once and for good: one prompt of the wallet. Score and comment are public.
 * @param input.score 1 to 5
 * @returns at how many relays the comment is
 * @throws SkrumbleError RATING_NOT_YOURS, RATING_TOO_EARLY, RATING_GIVEN, INPUT_INVALID, MESSAGE_TOO_LONG, WALLET_NO_IDENTITY, IDENTITY_REVOKED, and what
 * the wallet and the chain throw
 */
export async function rateParty(
  chain: Chain,
  { agreement, score, comment = "" }: { agreement: Hex; score: number; comment?: string },
  wallet: WalletSigner,
  options: SubmitOptions = {},
): Promise<{ kept: number }> {
  const { signal } = options;
  if (!Number.isInteger(score) || score < 1 || score > 5)
    throw new SkrumbleError("INPUT_INVALID", { details: "score" });
  const text = isBlank(comment) ? "" : cleanText(comment).trim();
  if (text.length > maxComment) throw new SkrumbleError("MESSAGE_TOO_LONG");
  const bytes = utf8(text);
  const hash = text === "" ? zeroHash : keccak256(bytes);
  const { id } = await actingFor(chain, wallet.address, signal);
  const hire = await readHire(chain, agreement, { signal });
  if (!hire || (hire.client !== id && hire.freelancer !== id)) throw new SkrumbleError("RATING_NOT_YOURS");
  const { signature, deadline } = await signForBoard(
    chain,
    wallet,
    "Rate",
    [
      ["bytes32", "agreementId", agreement],
      ["uint64", "rater", id],
      ["uint8", "score", score],
      ["bytes32", "comment", hash],
    ],
    signal,
  );
  const args = [agreement, id, score, hash, deadline, signature] as const;
  await submitToBoard(chain, encodeFunctionData({ abi: jobBoardAbi, functionName: "rate", args }), options);
  if (text === "") return { kept: 0 };
  return { kept: await keepComment(chain, id === hire.client ? hire.freelancer : hire.client, hash, bytes, signal) };
}

/** Relays take it for the place that the rating has in the list of who was rated. */
async function keepComment(
  chain: Chain,
  ratee: bigint,
  hash: Hex,
  bytes: Bytes,
  signal: AbortSignal | undefined,
): Promise<number> {
  const board = boardOf(chain);
  const [count] = await readContract(chain, { ...board, functionName: "reputationOf", args: [ratee] }, { signal });
  const first = count > 20n ? count - 20n : 0n;
  const newest = await readContract(
    chain,
    { ...board, functionName: "ratingsOf", args: [ratee, first, 40n] },
    { signal },
  );
  const index = newest.findLastIndex((rating) => rating.comment === hash);
  if (index < 0) return 0;
  try {
    return await putDocument(chain, `ratings/${ratee}/${first + BigInt(index)}`, bytes, signal);
  } catch (error) {
    // The rating stands, whatever relays do with its words.
    if (error instanceof SkrumbleError && error.code === "DOCUMENT_NOT_KEPT") return 0;
    throw error;
  }
}
