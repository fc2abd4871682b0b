import { gcm } from "@noble/ciphers/aes.js";
import { refused } from "./refused.ts";
import { mlsSuite } from "./suite.ts";

/**
 * AES-128-GCM of cipher suite 1. Up to here, in bytes, JavaScript is faster than the way into WebCrypto and back. Every
 * key encrypts one message only, so the timing of tables tells nobody anything about the next.
 */
const short = 2_048;

export interface AeadKey {
  key: Uint8Array;
  nonce: Uint8Array;
}

export const encryptAead = async (
  { key, nonce }: AeadKey,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array> =>
  plaintext.length <= short
    ? gcm(key, nonce, aad).encrypt(plaintext)
    : (await mlsSuite()).hpke.encryptAead(key, nonce, aad, plaintext);

/** The library copies what does not begin at a multiple of four byte by byte. */
const aligned = (bytes: Uint8Array): Uint8Array => (bytes.byteOffset % 4 === 0 ? bytes : bytes.slice());

/** @throws SkrumbleError MLS_FAILED for another key, or a changed text; WebCrypto's own error for a long one */
export async function decryptAead(
  { key, nonce }: AeadKey,
  aad: Uint8Array,
  ciphertext: Uint8Array,
): Promise<Uint8Array> {
  if (ciphertext.length > short) return (await mlsSuite()).hpke.decryptAead(key, nonce, aad, ciphertext);
  try {
    return gcm(key, nonce, aad).decrypt(aligned(ciphertext));
  } catch {
    throw refused("A text of another key.");
  }
}
