import type { Chain } from "../chain/chain.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Listing } from "../types/jobs.ts";
import { putDocument } from "./documents.ts";
import { listingBytes } from "./listing.ts";

/** The job is posted, whatever relays do with its listing now. */
export async function keepOrNone(
  chain: Chain,
  jobId: bigint,
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal | undefined,
): Promise<number> {
  try {
    return await putDocument(chain, `jobs/${jobId}`, bytes, signal);
  } catch (error) {
    if (error instanceof SkrumbleError && error.code === "DOCUMENT_NOT_KEPT") return 0;
    throw error;
  }
}

/**
 * Has relays keep the listing of a job, also for longer, or again after they lost it. Anybody who has it may.
 * @returns at how many relays
 * @throws SkrumbleError DOCUMENT_NOT_KEPT (at none: they are away, or it is not this job's listing), JOB_INVALID, ABORTED
 */
export const keepListing = (chain: Chain, jobId: bigint, listing: Listing, signal?: AbortSignal): Promise<number> =>
  putDocument(chain, `jobs/${jobId}`, listingBytes(listing), signal);
