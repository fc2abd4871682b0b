import type { Hex } from "../types/primitives.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

export const utf8 = (text: string): Bytes => encoder.encode(text) as Bytes;

export function concat(...parts: Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function u32(n: number): Bytes {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, n);
  return out;
}

export function u64(n: number | bigint): Bytes {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(n));
  return out;
}

const octets = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function toHexString(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += octets[byte] as string;
  return text;
}
export const toHex = (bytes: Uint8Array): Hex => `0x${toHexString(bytes)}`;

/** Accepts hex with or without 0x. Throws RangeError on anything else. */
export function fromHex(hex: string): Bytes {
  const digits = hex.startsWith("0x") ? hex.slice(2) : hex;
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) throw new RangeError("not hex");
  const out = new Uint8Array(digits.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16);
  return out;
}

const digits = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
const sextets = new Uint8Array(256).fill(255);
for (const [value, digit] of digits.entries()) sextets[digit] = value;

/** RFC 4648 section 5, without padding. Not over atob and strings of single characters: payloads are large and many. */
export function toBase64Url(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  for (let i = 0, at = 0; i < bytes.length; i += 3) {
    const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    // What lies behind the end is not kept.
    for (let shift = 18; shift >= 0; shift -= 6) text[at++] = digits[(word >> shift) & 63] as number;
  }
  return new TextDecoder().decode(text);
}

/** Throws RangeError on anything that is not base64url. */
export function fromBase64Url(text: string): Bytes {
  const coded = utf8(text);
  if (coded.length % 4 === 1) throw new RangeError("not base64url");
  const bytes = new Uint8Array(Math.floor((coded.length * 3) / 4));
  for (let i = 0, at = 0; i < coded.length; i += 4) {
    let word = 0;
    for (let j = i; j < i + 4; j++) {
      const value = j < coded.length ? (sextets[coded[j] as number] as number) : 0;
      if (value === 255) throw new RangeError("not base64url");
      word = (word << 6) | value;
    }
    bytes[at++] = word >> 16;
    bytes[at++] = word >> 8;
    bytes[at++] = word;
  }
  return bytes;
}

/** Not constant time: for public values only. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Unsigned, byte by byte. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export const randomBytes = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
