import { encodeFunctionData, keccak256 } from "viem";
import type { Chain } from "../chain/chain.ts";
import type { SubmitOptions } from "../chain/submit.ts";
import { SkrumbleError } from "../errors/index.ts";
import { jobBoardAbi } from "../generated/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Listing } from "../types/jobs.ts";
import { actingFor, nonceOf, signForBoard, submitToBoard } from "./board.ts";
import { keepOrNone } from "./keepListing.ts";
import { listingBytes } from "./listing.ts";
import { requireOwn } from "./requireOwn.ts";

/**
 * Puts another listing or last day in the place of an open job's. Its poster's to do: one prompt of the wallet.
 * @param input.applyBy Unix seconds
 * @returns at how many relays the new listing is; 0: call {@link keepListing} again later
 * @throws SkrumbleError JOB_UNKNOWN, JOB_NOT_OPEN, JOB_NOT_YOURS, and what {@link postJob} throws
 */
export async function editJob(
  chain: Chain,
  { jobId, listing, applyBy }: { jobId: bigint; listing: Listing; applyBy: number },
  wallet: WalletSigner,
  options: SubmitOptions = {},
): Promise<{ kept: number }> {
  const { signal } = options;
  const bytes = listingBytes(listing);
  const { id, publicId } = await actingFor(chain, wallet.address, signal);
  if (listing.poster !== publicId) throw new SkrumbleError("JOB_INVALID", { details: "poster" });
  const [hash, until] = [keccak256(bytes), BigInt(applyBy)];
  await requireOwn(chain, jobId, id, signal);
  const nonce = await nonceOf(chain, id, signal);
  const { signature, deadline } = await signForBoard(
    chain,
    wallet,
    "Edit",
    [
      ["uint64", "jobId", jobId],
      ["bytes32", "listing", hash],
      ["uint64", "applyBy", until],
      ["uint256", "nonce", nonce],
    ],
    signal,
  );
  const args = [jobId, hash, until, deadline, signature] as const;
  await submitToBoard(chain, encodeFunctionData({ abi: jobBoardAbi, functionName: "edit", args }), options);
  return { kept: await keepOrNone(chain, jobId, bytes, signal) };
}
