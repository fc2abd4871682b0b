import { readIdentity } from "../chain/actions/readIdentity.ts";
import type { Chain } from "../chain/chain.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Job, JobState, Listing, RegisteredPerson } from "../types/jobs.ts";
import type { Hex } from "../types/primitives.ts";
import { personById } from "./board.ts";
import { findDocument } from "./documents.ts";
import { readListing } from "./listing.ts";

/** `Job` of the contract. */
export interface BoardEntry {
  poster: bigint;
  postedAt: bigint;
  applyBy: bigint;
  state: number;
  listing: Hex;
  agreement: Hex;
}

/** In the order of IJobBoard.State. */
const states: readonly (JobState | undefined)[] = [undefined, "open", "hired", "closed"];

/** What the board says of a job, with its poster and listing. */
export async function describeJob(
  chain: Chain,
  id: bigint,
  entry: BoardEntry,
  signal: AbortSignal | undefined,
): Promise<Job> {
  const [poster, found] = await Promise.all([
    personById(chain, entry.poster, signal),
    findDocument(chain, entry.listing, signal),
  ]);
  const listing = "bytes" in found ? await ownListing(chain, found.bytes, poster, signal) : undefined;
  return {
    ...{ id, poster, listing },
    state: states[entry.state] ?? "closed",
    postedAt: Number(entry.postedAt),
    applyBy: Number(entry.applyBy),
    listingHash: entry.listing,
    ...(listing ? {} : { problem: "problem" in found ? found.problem : ("JOB_INVALID" as const) }),
    ...(BigInt(entry.agreement) === 0n ? {} : { agreement: entry.agreement }),
  };
}

/** Whoever copies another's listing has another's ID in it. An ID from before a change of keys still is the poster's. */
async function ownListing(
  chain: Chain,
  bytes: Uint8Array,
  poster: RegisteredPerson | undefined,
  signal: AbortSignal | undefined,
): Promise<Listing | undefined> {
  try {
    const listing = readListing(bytes);
    if (!poster || listing.chainId !== chain.network.chainId) return undefined;
    if (listing.poster === poster.publicId) return listing;
    const writer = await readIdentity(chain, { publicId: listing.poster }, { quorum: true, signal });
    return writer?.id === poster.id ? listing : undefined;
  } catch (error) {
    if (error instanceof SkrumbleError && error.code === "JOB_INVALID") return undefined;
    throw error;
  }
}
