import { sha512 } from "@noble/hashes/sha2.js";
import { compareBytes, concat, fromHex, utf8 } from "../crypto/bytes.ts";
import type { PublicId } from "../types/primitives.ts";

/** As many as Signal does: a colliding pair of keys becomes that much dearer. */
const rounds = 5200;
const groups = 12;

/** 60 digits in groups of five, the same for both people: whoever compares them knows that nobody sits in between. */
export function safetyNumber(one: PublicId, other: PublicId): string {
  const ids = concat(...[fromHex(one), fromHex(other)].sort(compareBytes));
  let digest: Uint8Array = concat(utf8("skrumble safety number v1"), ids);
  for (let round = 0; round < rounds; round++) digest = sha512(concat(digest, ids));
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  return Array.from({ length: groups }, (_, i) => {
    const five = view.getUint32(i * 5) * 256 + view.getUint8(i * 5 + 4);
    return String(five % 100_000).padStart(5, "0");
  }).join(" ");
}
