import { readIdentity } from "../chain/actions/readIdentity.ts";
import type { IdentityRecord } from "../chain/types.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { PublicId } from "../types/primitives.ts";
import type { JoinContext } from "./join.ts";

/** In milliseconds. */
const pause = 250;
const mostLooks = 40;

/** Relays may be a block behind the one that had the receipt. @throws SkrumbleError CHAIN_STALLED, and what {@link readIdentity} throws */
export async function awaitRecord(
  { chain, signal }: Pick<JoinContext, "chain" | "signal">,
  publicId: PublicId,
  accept: (record: IdentityRecord) => boolean = () => true,
  most = mostLooks,
): Promise<IdentityRecord> {
  for (let look = 0; look < most; look++) {
    const record = await readIdentity(chain, { publicId }, { quorum: true, signal });
    if (record && accept(record)) return record;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new SkrumbleError("CHAIN_STALLED");
}
