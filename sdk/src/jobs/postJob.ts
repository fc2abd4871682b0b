import { encodeFunctionData, keccak256 } from "viem";
import { type Chain, readContract } from "../chain/chain.ts";
import type { SubmitOptions } from "../chain/submit.ts";
import { SkrumbleError } from "../errors/index.ts";
import { jobBoardAbi } from "../generated/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Listing } from "../types/jobs.ts";
import { actingFor, boardOf, nonceOf, signForBoard, submitToBoard } from "./board.ts";
import { keepOrNone } from "./keepListing.ts";
import { listingBytes } from "./listing.ts";

/** So many are looked through for the one just posted. */
const most = 50n;

/**
 * Offers a job: one prompt of the wallet, then anybody's key carries it to the chain, and relays keep the listing.
 *
 * @example
 * const { jobId } = await postJob(chain, { listing: parseListing(form), applyBy }, wallet);
 *
 * @param input.applyBy Unix seconds, in the future and at most 366 days ahead
 * @returns the job's number, and at how many relays its listing is; 0: call {@link keepListing} again later
 * @throws SkrumbleError JOB_INVALID, JOB_MOVED_ON (something else was signed meanwhile), WALLET_NO_IDENTITY, IDENTITY_REVOKED, and what the
 * wallet and the chain throw
 */
export async function postJob(
  chain: Chain,
  { listing, applyBy }: { listing: Listing; applyBy: number },
  wallet: WalletSigner,
  options: SubmitOptions = {},
): Promise<{ jobId: bigint; kept: number }> {
  const { signal } = options;
  const bytes = listingBytes(listing);
  const { id, publicId } = await actingFor(chain, wallet.address, signal);
  if (listing.poster !== publicId) throw new SkrumbleError("JOB_INVALID", { details: "poster" });
  const hash = keccak256(bytes);
  const until = BigInt(applyBy);
  const [nonce, before] = await Promise.all([nonceOf(chain, id, signal), countOf(chain, signal)]);
  const { signature, deadline } = await signForBoard(
    chain,
    wallet,
    "Post",
    [
      ["uint64", "poster", id],
      ["bytes32", "listing", hash],
      ["uint64", "applyBy", until],
      ["uint256", "nonce", nonce],
    ],
    signal,
  );
  const args = [id, hash, until, deadline, signature] as const;
  const data = encodeFunctionData({ abi: jobBoardAbi, functionName: "post", args });
  await submitToBoard(chain, data, options);
  const jobId = await findPosted(chain, { poster: id, listing: hash, before }, signal);
  return { jobId, kept: await keepOrNone(chain, jobId, bytes, signal) };
}

const countOf = (chain: Chain, signal: AbortSignal | undefined): Promise<bigint> =>
  readContract(chain, { ...boardOf(chain), functionName: "jobCount", args: [] }, { quorum: true, signal });

/** The newest job with this listing among those after `before`, once two operators know the block. */
async function findPosted(
  chain: Chain,
  posted: { poster: bigint; listing: string; before: bigint },
  signal: AbortSignal | undefined,
): Promise<bigint> {
  for (let tries = 0; tries < 40; tries++) {
    const count = await countOf(chain, signal);
    const newest = count > most ? count - most + 1n : 1n;
    const first = newest > posted.before ? newest : posted.before + 1n;
    const call = { ...boardOf(chain), functionName: "jobs", args: [first, most] } as const;
    const found = await readContract(chain, call, { quorum: true, signal });
    const index = found.findLastIndex((job) => job.poster === posted.poster && job.listing === posted.listing);
    if (index >= 0) return first + BigInt(index);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new SkrumbleError("CHAIN_STALLED");
}
