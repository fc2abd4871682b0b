import { type Bytes, concat } from "../bytes.ts";
import { refused } from "./refused.ts";

/** The presentation language of RFC 9420 section 2.1: big-endian numbers, and vectors behind a length of variable size. */

export function uint(value: number, bytes: 1 | 2 | 4): Bytes {
  const out = new Uint8Array(bytes);
  for (let i = 0; i < bytes; i++) out[i] = (value >>> (8 * (bytes - 1 - i))) & 0xff;
  return out;
}

/** A vector: the length in bytes (RFC 9000 section 16, up to 2^30), then the items. */
export const vector = (...items: Uint8Array[]): Bytes => concat(...vectorParts(...items));

/** The same, not yet in one piece: what is nested deep is then copied once. */
export function vectorParts(...items: Uint8Array[]): Uint8Array[] {
  const length = items.reduce((sum, item) => sum + item.length, 0);
  if (length < 0x40) return [uint(length, 1), ...items];
  if (length < 0x4000) return [uint(0x4000 | length, 2), ...items];
  return [uint(0x80000000 | length, 4), ...items];
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
  const skip = (length: number): number => {
    if (at + length > bytes.length) throw refused("Bytes that end too soon.");
    at += length;
    return at - length;
  };
  const byte = (): number => bytes[skip(1)] as number;
  const number = (length: number): number => {
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 256 + byte();
    return value;
  };
  return {
    byte,
    uint: number,
    done: () => at === bytes.length,
    vector() {
      const first = byte();
      const more = (1 << (first >> 6)) - 1;
      if (more > 3) throw refused("A vector that is too long.");
      const length = (first & 0x3f) * 256 ** more + number(more);
      const start = skip(length);
      return bytes.slice(start, start + length);
    },
  };
}
