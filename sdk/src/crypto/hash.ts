import { hkdf as nobleHkdf } from "@noble/hashes/hkdf.js";
import { hmac as nobleHmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Bytes, concat } from "./bytes.ts";

export const sha256 = (...parts: Uint8Array[]): Bytes => new Uint8Array(nobleSha256(concat(...parts)));
export const keccak256 = (...parts: Uint8Array[]): Bytes => new Uint8Array(keccak_256(concat(...parts)));
export const hmacSha256 = (key: Uint8Array, message: Uint8Array): Bytes =>
  new Uint8Array(nobleHmac(nobleSha256, key, message));

/** RFC 5869 with SHA-256. */
export const hkdf = (ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length = 32): Bytes =>
  new Uint8Array(nobleHkdf(nobleSha256, ikm, salt, info, length));
