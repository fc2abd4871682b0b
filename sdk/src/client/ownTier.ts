import { readTier } from "../chain/actions/readTier.ts";
import { ownWallet } from "../identity/ownWallet.ts";
import type { TierStatus } from "../types/client.ts";
import type { Core } from "./core.ts";

/** Of the wallet that owns one's identity now; two operators agree. @throws what {@link readTier} throws */
export const ownTier = async (core: Core): Promise<TierStatus> =>
  readTier(core.chain, await ownWallet(core), { quorum: true, signal: core.signal });
