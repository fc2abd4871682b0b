import { encodeFunctionData, zeroHash } from "viem";
import type { Chain } from "../chain/chain.ts";
import type { SubmitOptions } from "../chain/submit.ts";
import { SkrumbleError } from "../errors/index.ts";
import { jobBoardAbi } from "../generated/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import { actingFor, signForBoard, submitToBoard } from "./board.ts";
import { commentBytes, keepComment } from "./keepComment.ts";
import { readHire } from "./readHire.ts";

/**
 * Rates the other party of a finished agreement, once and for good: one prompt of the wallet. Score and comment are public.
 * @param input.score 1 to 5
 * @returns at how many relays the comment is; 0 with one: call {@link keepComment} again later
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
  const { hash } = commentBytes(comment);
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
  if (hash === zeroHash) return { kept: 0 };
  try {
    return { kept: await keepComment(chain, { agreement, rater: id, comment }, { signal }) };
  } catch (error) {
    // The rating stands, whatever relays do with its words.
    if (error instanceof SkrumbleError && error.code === "DOCUMENT_NOT_KEPT") return { kept: 0 };
    throw error;
  }
}
