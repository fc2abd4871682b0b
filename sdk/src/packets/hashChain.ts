import { fromHex, randomBytes, toHex } from "../crypto/bytes.ts";
import { keccak256 } from "../crypto/hash.ts";
import type { Hex } from "../types/primitives.ts";

/** Links of a packet's luck: link(k - 1) = keccak256(link(k)); link(0) is public, the last one is as many as there are shares. */

/** A last link. Used for one packet only. */
export const newSecret = (): Hex => toHex(randomBytes(32));

/** @param place 0 for the head; shown to anybody, it shows all links before it and none after */
export function linkAt(secret: Hex, shares: number, place: number): Hex {
  let link: Uint8Array = fromHex(secret);
  for (let at = shares; at > place; at--) link = keccak256(link);
  return toHex(link);
}
