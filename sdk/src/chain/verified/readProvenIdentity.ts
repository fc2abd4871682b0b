import { getAddress, type Hex, keccak256, numberToHex, pad, stringToHex } from "viem";
import type { Address } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import type { IdentityQuery, IdentityRecord } from "../types.ts";
import { type ProvenState, readProven } from "./provenState.ts";
import { entryWords, registrySlots } from "./registrySlots.ts";
import { bitsOf, mappingSlot, slotAfter } from "./slots.ts";
import { textOf, textSlots } from "./storedText.ts";

const { identities, ids, publicIds, names } = registrySlots;
/** Bytes of the longest name (contracts/libraries/NameRules.sol). */
const maxName = 64;

/**
 * An entry of the identity registry, proven, as is that there is none. Whether its name is in normal form is another question.
 * @throws what {@link readProven} throws
 */
export const readProvenIdentity = (
  chain: Chain,
  query: IdentityQuery,
  signal?: AbortSignal,
): Promise<IdentityRecord | undefined> =>
  readProven(
    chain,
    (state) => readEntry(query, (slots) => state.storage(chain.network.contracts.identityRegistry, slots)),
    signal,
  );

/** Words of the registry's storage, in the order of the slots. */
export type Read = (slots: readonly Hex[]) => ReturnType<ProvenState["storage"]>;

/** An entry by what its storage has, whoever reads that. @throws what `read` throws, SkrumbleError CHAIN_UNPROVEN */
export async function readEntry(query: IdentityQuery, read: Read): Promise<IdentityRecord | undefined> {
  const id = await idOf(query, read);
  return id === 0n ? undefined : recordOf(id, read);
}

async function idOf(query: IdentityQuery, read: Read): Promise<bigint> {
  if ("id" in query) return query.id;
  const slot =
    "name" in query
      ? mappingSlot(keccak256(stringToHex(query.name)), names)
      : "publicId" in query
        ? mappingSlot(query.publicId, publicIds)
        : mappingSlot(pad(query.owner), ids);
  const [word = 0n] = await read([slot]);
  // A name that was let go of still says whose it was, and from when on others may take it.
  if ("name" in query && bitsOf(word, 64, 64) !== 0n) return 0n;
  return bitsOf(word, 0, 64);
}

async function recordOf(id: bigint, read: Read): Promise<IdentityRecord | undefined> {
  const entry = mappingSlot(numberToHex(id, { size: 32 }), identities);
  const words = await read(Array.from({ length: entryWords }, (_, at) => slotAfter(entry, at)));
  const [first, second, publicId, agreementKey, deviceRoot, saltName, name] = words as Words;
  // Without an owner there is no entry.
  if (bitsOf(first, 0, 160) === 0n) return undefined;
  const inName = textSlots(slotAfter(entry, entryWords - 1), name, maxName);
  return {
    ...{ id, owner: addressOf(bitsOf(first, 0, 160)), keyVersion: Number(bitsOf(first, 160, 32)) },
    ...{ revoked: bitsOf(second, 0, 8) !== 0n, controller: addressOf(bitsOf(second, 8, 160)) },
    devicesBlock: bitsOf(second, 168, 64),
    ...{ publicId: hexOf(publicId), agreementKey: hexOf(agreementKey), deviceRoot: hexOf(deviceRoot) },
    ...{ saltName: hexOf(saltName), name: textOf(name, inName.length > 0 ? await read(inName) : []) },
  };
}

type Words = [bigint, bigint, bigint, bigint, bigint, bigint, bigint];

const hexOf = (word: bigint): Hex => numberToHex(word, { size: 32 });
const addressOf = (word: bigint): Address => getAddress(numberToHex(word, { size: 20 }));
