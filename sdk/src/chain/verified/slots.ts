import { concat, type Hex, keccak256, numberToHex } from "viem";

/** Slot of a key in a mapping, as Solidity lays storage out. @param key 32 bytes */
export const mappingSlot = (key: Hex, mapping: number): Hex =>
  keccak256(concat([key, numberToHex(mapping, { size: 32 })]));

export const slotAfter = (slot: Hex, by: number): Hex => numberToHex(BigInt(slot) + BigInt(by), { size: 32 });

/** Some bits of a word, counted from its lowest. */
export const bitsOf = (word: bigint, from: number, count: number): bigint =>
  (word >> BigInt(from)) & ((1n << BigInt(count)) - 1n);
