import { compareBytes } from "../../crypto/bytes.ts";
import { unproven } from "../verified/unproven.ts";

/** One word of a contract's storage as its trie has it. A word of 0 is no leaf. */
export interface Leaf {
  /** Hash of the slot, 32 bytes. */
  key: Uint8Array;
  /** The word without leading zeros, 1 to 32 bytes. */
  value: Uint8Array;
}

/** Half a byte of a key, counted from its first. */
export const digitOf = (key: Uint8Array, at: number): number => {
  const byte = key[at >> 1] as number;
  return at % 2 === 0 ? byte >> 4 : byte & 15;
};

/** The first so many digits as a number: which of the 16^depth ranges a key is in. */
export function rangeOf(key: Uint8Array, depth: number): number {
  let range = 0;
  for (let at = 0; at < depth; at++) range = range * 16 + digitOf(key, at);
  return range;
}

/** A shard has one form only: keys strictly ascending, words in their shortest form. @throws SkrumbleError CHAIN_UNPROVEN */
export function checkLeaves(leaves: readonly Leaf[]): void {
  let before: Uint8Array | undefined;
  for (const { key, value } of leaves) {
    if (key.length !== 32 || value.length === 0 || value.length > 32 || value[0] === 0)
      throw unproven("That is no leaf.");
    if (before && compareBytes(before, key) >= 0) throw unproven("Leaves are out of order.");
    before = key;
  }
}
