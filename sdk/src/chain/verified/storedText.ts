import { concat, type Hex, hexToString, keccak256, numberToHex, size, slice } from "viem";
import { bitsOf, slotAfter } from "./slots.ts";
import { unproven } from "./unproven.ts";

/**
 * Slots with the bytes of a text that does not stand in its own word: up to 31 do, with twice their number; of longer ones the word is odd.
 * @param most bytes that the contract lets it have
 * @throws SkrumbleError CHAIN_UNPROVEN for a longer one
 */
export function textSlots(slot: Hex, word: bigint, most: number): Hex[] {
  const length = lengthOf(word);
  if (length > most || (!isLong(word) && length > 31)) throw unproven("That is no text.");
  if (!isLong(word)) return [];
  return Array.from({ length: Math.ceil(length / 32) }, (_, at) => slotAfter(keccak256(slot), at));
}

/** A text by its own word, and by those at its {@link textSlots}. */
export function textOf(word: bigint, rest: readonly bigint[]): string {
  const bytes = concat((isLong(word) ? rest : [word]).map((one) => numberToHex(one, { size: 32 })));
  const length = lengthOf(word);
  return length === 0 ? "" : hexToString(slice(bytes, 0, Math.min(length, size(bytes))));
}

const isLong = (word: bigint): boolean => word % 2n === 1n;
const lengthOf = (word: bigint): number => Number(isLong(word) ? word >> 1n : bitsOf(word, 1, 7));
