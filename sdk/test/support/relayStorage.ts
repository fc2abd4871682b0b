import { type Address, type Hex, hexToBytes, keccak256, numberToHex, stringToHex } from "viem";
import { relaySlots, relayWords } from "../../src/chain/verified/registrySlots.ts";
import { mappingSlot, slotAfter } from "../../src/chain/verified/slots.ts";

/** A relay as the registry keeps it. */
export interface StoredRelay {
  id: number;
  operator: Address;
  roles: number;
  signingKey: Hex;
  region: string;
  endpoint: string;
}

/** The relay with this number at `http://relay<at>.test`, of an operator of its own. */
export const storedRelay = (id: number, at = id): StoredRelay => ({
  ...{
    id,
    operator: `0x${keccak256(numberToHex(id)).slice(-40)}`,
    roles: 31,
    signingKey: keccak256(stringToHex(`${id}`)),
  },
  ...{ region: "eu", endpoint: `http://relay${at}.test` },
});

/** Slot that has how many are active. */
export const relayList = numberToHex(relaySlots.active, { size: 32 });

/** Words by their slots, as the contract lays out relays that are active. */
export function relayStorage(relays: readonly StoredRelay[]): Map<Hex, bigint> {
  const words = new Map<Hex, bigint>([[relayList, BigInt(relays.length)]]);
  for (const [at, { id, operator, roles, signingKey, region, endpoint }] of relays.entries()) {
    words.set(slotAfter(keccak256(relayList), at), BigInt(id));
    const entry = mappingSlot(numberToHex(id, { size: 32 }), relaySlots.relays);
    words.set(slotAfter(entry, relayWords.first), BigInt(operator) | (BigInt(roles) << 224n));
    words.set(slotAfter(entry, relayWords.signingKey), BigInt(signingKey));
    setText(words, slotAfter(entry, relayWords.region), region);
    setText(words, slotAfter(entry, relayWords.endpoint), endpoint);
  }
  // A word that is 0 is not there.
  return new Map([...words].filter(([, word]) => word !== 0n));
}

function setText(words: Map<Hex, bigint>, slot: Hex, text: string): void {
  const { length } = hexToBytes(stringToHex(text));
  const digits = stringToHex(text).slice(2);
  const wordAt = (at: number) => BigInt(`0x${digits.slice(64 * at, 64 * at + 64).padEnd(64, "0")}`);
  words.set(slot, length > 31 ? BigInt(2 * length + 1) : wordAt(0) | BigInt(2 * length));
  if (length > 31) for (let at = 0; 32 * at < length; at++) words.set(slotAfter(keccak256(slot), at), wordAt(at));
}
