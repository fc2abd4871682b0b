import { type Address, concat, type Hex, hexToBytes, keccak256, numberToHex, pad, stringToHex } from "viem";
import type { Leaf } from "../../src/chain/shards/leaves.ts";
import { registrySlots as at, entryWords } from "../../src/chain/verified/registrySlots.ts";
import { mappingSlot, slotAfter } from "../../src/chain/verified/slots.ts";
import { compareBytes } from "../../src/crypto/bytes.ts";

/** Somebody with a number and a name; all else follows from the number. */
export interface Entry {
  id: number;
  name: string;
  revoked?: boolean;
}

const wordOf = (id: number, of: string): Hex => keccak256(stringToHex(`${of} ${id}`));
export const ownerOf = (id: number): Address => `0x${wordOf(id, "owner").slice(-40)}`;
export const publicIdOf = (id: number): Hex => wordOf(id, "public");
export const agreementKeyOf = (id: number): Hex => wordOf(id, "agreement");
export const controllerOf = (id: number): Address => `0x${wordOf(id, "controller").slice(-40)}`;
/** The only one. */
export const deviceOf = (id: number): Hex => wordOf(id, "device");
export const deviceRootOf = (id: number): Hex => keccak256(concat(["0x00", deviceOf(id)]));

/** Words by their slots, as the contract lays them out for who has registered and done nothing since. */
export function registryStorage(entries: readonly Entry[]): Map<Hex, bigint> {
  const words = new Map<Hex, bigint>([[numberToHex(at.identityCount, { size: 32 }), BigInt(entries.length)]]);
  for (const entry of entries) {
    const { id, name } = entry;
    words.set(mappingSlot(keccak256(stringToHex(name)), at.names), BigInt(id));
    words.set(mappingSlot(publicIdOf(id), at.publicIds), BigInt(id));
    words.set(mappingSlot(pad(ownerOf(id)), at.ids), BigInt(id));
    const slot = mappingSlot(numberToHex(id, { size: 32 }), at.identities);
    for (const [by, word] of entryOf(entry).entries()) words.set(slotAfter(slot, by), word);
    if (hexToBytes(stringToHex(name)).length < 32) continue;
    const data = stringToHex(name).slice(2);
    for (let part = 0; part * 64 < data.length; part++)
      words.set(
        slotAfter(keccak256(slotAfter(slot, entryWords - 1)), part),
        BigInt(`0x${data.slice(part * 64, part * 64 + 64).padEnd(64, "0")}`),
      );
  }
  return words;
}

function entryOf({ id, name, revoked = false }: Entry): bigint[] {
  const bytes = hexToBytes(stringToHex(name)).length;
  return [
    BigInt(ownerOf(id)) | (1n << 160n),
    (revoked ? 1n : 0n) | (BigInt(controllerOf(id)) << 8n) | (5n << 168n),
    ...[publicIdOf(id), agreementKeyOf(id), deviceRootOf(id), keccak256(stringToHex(name))].map(BigInt),
    bytes > 31 ? BigInt(2 * bytes + 1) : BigInt(stringToHex(name, { size: 32 })) | BigInt(2 * bytes),
  ];
}

export function leavesOf(words: ReadonlyMap<Hex, bigint>): Leaf[] {
  const leaves = [...words].map(([slot, word]) => ({
    key: hexToBytes(keccak256(slot)),
    value: hexToBytes(numberToHex(word)),
  }));
  return leaves.sort((one, other) => compareBytes(one.key, other.key));
}
