import { readDevices } from "../chain/actions/readDevices.ts";
import { readIdentity } from "../chain/actions/readIdentity.ts";
import type { Chain } from "../chain/chain.ts";
import type { IdentityRecord } from "../chain/types.ts";
import { toHex } from "../crypto/bytes.ts";
import { asSkrumbleError, SkrumbleError } from "../errors/index.ts";
import type { Address, Hex, PublicId } from "../types/primitives.ts";
import { openNetwork } from "./network.ts";
import type { ClientOptions } from "./options.ts";

/** What the chain says of the identity of a wallet. */
export interface OwnedIdentity {
  pseudonym: string;
  publicId: PublicId;
  /** Ed25519 keys of its devices. How they are called, only they know themselves. */
  devices: Hex[];
}

/** Where to ask, without a client: nothing is kept. */
export interface OwnerOptions extends Pick<ClientOptions, "relays" | "fetch" | "now"> {
  signal?: AbortSignal;
}

/**
 * The identity that a wallet owns; undefined when it owns none, or one that was revoked.
 *
 * @example
 * const owned = await readOwnedIdentity(wallet.address, { relays: ["https://relay.example"] });
 * console.log(owned?.pseudonym, owned?.devices.length);
 *
 * @throws SkrumbleError NETWORK_UNREACHABLE, NETWORK_INVALID, QUORUM_FAILED, CHAIN_UNREACHABLE, CHAIN_UNPROVEN, CHAIN_MAY_BE_OLD,
 * CHAIN_TOO_FEW_VALIDATORS, ABORTED
 */
export async function readOwnedIdentity(wallet: Address, options: OwnerOptions): Promise<OwnedIdentity | undefined> {
  try {
    const chain = await openChain(options);
    const record = await readOwned(chain, wallet, options.signal);
    return record && !record.revoked ? await ownedOf(chain, record, options.signal) : undefined;
  } catch (error) {
    throw asSkrumbleError(error);
  }
}

/** The chain of these relays, asked at all that it lists itself. */
export async function openChain(options: OwnerOptions): Promise<Chain> {
  const nothing = { getMany: async <T>(places: readonly unknown[]) => places.map((): T | undefined => undefined) };
  const enough = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, enough.signal]) : enough.signal;
  const { chain, directory } = await openNetwork({ ...options, signal }, { ...nothing, write: async () => undefined });
  if ((await directory()).length === 0) throw new SkrumbleError("NETWORK_UNREACHABLE");
  // Of a list that is not read to its end there are some.
  enough.abort();
  return chain;
}

export const readOwned = (chain: Chain, wallet: Address, signal?: AbortSignal): Promise<IdentityRecord | undefined> =>
  readIdentity(chain, { owner: wallet }, { quorum: true, signal });

export const ownedOf = async (chain: Chain, record: IdentityRecord, signal?: AbortSignal): Promise<OwnedIdentity> => ({
  pseudonym: record.name,
  publicId: record.publicId,
  devices: (await readDevices(chain, record, signal)).map(toHex),
});
