import { type Bytes, concat } from "../bytes.ts";
import { refused } from "./refused.ts";

/** The presentation language of RFC 9420 section 2.1: big-endian numbers, and vectors behind a length of variable size. */

export function uint(value: number, bytes: 1 | 2 | 4): Bytes {
  const out = new Uint8Array(bytes);
  for (let i = 0; i < bytes; i++) out[i] = (value >>> (8 * (bytes - 1 - i))) & 0xff;
  return out;
}

/** A vector: the length in bytes (RFC 9000 section 16, up to 2^30), then the items. */
export function vector(...items: Uint8Array[]): Bytes {
  const length = items.reduce((sum, item) => sum + item.length, 0);
  if (length < 0x40) return concat(uint(length, 1), ...items);
  if (length < 0x4000) return concat(uint(0x4000 | length, 2), ...items);
  return concat(uint(0x80000000 | length, 4), ...items);
}

export interface Reader {
  /** One byte. */
  byte(): number;
  /** Big-endian. */
  uint(bytes: 1 | 2 | 4): number;
  vector(): Uint8Array;
  /** Is everything read? */
  done(): boolean;
}

/** Reads what `uint` and `vector` write; throws MLS_FAILED at an end that comes too soon. */
export function reader(bytes: Uint8Array): Reader {
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw refused("Bytes that end too soon.");
    at += length;
    return bytes.slice(at - length, at);
  };
  const byte = (): number => take(1)[0] as number;
  return {
    byte,
    uint: (length) => take(length).reduce((value, next) => value * 256 + next, 0),
    done: () => at === bytes.length,
    vector() {
      const first = byte();
      const more = (1 << (first >> 6)) - 1;
      if (more > 3) throw refused("A vector that is too long.");
      let length = first & 0x3f;
      for (let i = 0; i < more; i++) length = length * 256 + byte();
      return take(length);
    },
  };
}
