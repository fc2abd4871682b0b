import { fromRlp, type Hex, keccak256, size } from "viem";
import * as z from "zod";
import type { Address } from "../../types/primitives.ts";
import { emptyRoot, proveValue } from "./trie.ts";
import { unproven } from "./unproven.ts";

/** A branch has 17 items of at most 33 bytes. */
const maxNodeBytes = 1024;
/** As deep as a trie of 32-byte keys can be. */
const maxNodes = 65;

const node = z
  .string()
  .max(2 + 2 * maxNodeBytes)
  .regex(/^0x([0-9a-fA-F]{2})*$/)
  .transform((text) => text as Hex);
const word = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/)
  .transform((digits) => BigInt(digits));
const nodes = z.array(node).max(maxNodes);
const schema = (slots: number) =>
  z.object({
    accountProof: nodes,
    storageProof: z.array(z.object({ value: word, proof: nodes })).length(slots),
  });

/**
 * Words of a contract's storage, from the answer to eth_getProof. An empty slot, and every slot of an account that is not there, is 0.
 * @param slots what was asked for, 32 bytes each, in the same order as in the answer
 * @throws SkrumbleError CHAIN_UNPROVEN where the state does not have just these words
 * @see EIP-1186
 */
export function proveStorage(stateRoot: Hex, address: Address, slots: readonly Hex[], json: unknown): bigint[] {
  const parsed = schema(slots.length).safeParse(json);
  if (!parsed.success) throw unproven("That is no proof.");
  const { accountProof, storageProof } = parsed.data;
  const storageRoot = rootUnder(stateRoot, address, accountProof);
  return storageProof.map(({ value, proof }, at) => {
    const found = proveValue(storageRoot, keccak256(slots[at] as Hex), proof);
    const proven = found === undefined ? 0n : wordOf(found);
    if (proven !== value) throw unproven("The storage has another value.");
    return proven;
  });
}

/**
 * Root of a contract's storage, from the answer to eth_getProof without slots; that of an empty one for an account that is not there.
 * @throws SkrumbleError CHAIN_UNPROVEN
 */
export function proveStorageRoot(stateRoot: Hex, address: Address, json: unknown): Hex {
  const parsed = schema(0).safeParse(json);
  if (!parsed.success) throw unproven("That is no proof.");
  return rootUnder(stateRoot, address, parsed.data.accountProof);
}

function rootUnder(stateRoot: Hex, address: Address, proof: readonly Hex[]): Hex {
  const account = proveValue(stateRoot, keccak256(address), proof);
  return account ? storageRootOf(account) : emptyRoot;
}

/** An account is [nonce, balance, root of its storage, hash of its code]. */
function storageRootOf(account: Hex): Hex {
  const items = decode(account);
  const root = typeof items !== "string" && items.length === 4 ? items[2] : undefined;
  if (typeof root !== "string" || size(root) !== 32) throw unproven("That is no account.");
  return root;
}

function wordOf(value: Hex): bigint {
  const bytes = decode(value);
  if (typeof bytes !== "string" || size(bytes) > 32) throw unproven("That is no word of a storage.");
  return bytes === "0x" ? 0n : BigInt(bytes);
}

function decode(rlp: Hex): Hex | readonly Hex[] {
  try {
    return fromRlp(rlp) as Hex | readonly Hex[];
  } catch {
    throw unproven("That is no RLP.");
  }
}
