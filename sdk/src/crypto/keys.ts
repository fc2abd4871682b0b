import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import type { Bytes } from "./bytes.ts";

export interface KeyPair {
  /** 32 bytes. */
  secret: Bytes;
  /** 32 bytes. */
  public: Bytes;
}

/** RFC 8032 key pair from its 32-byte seed. */
export const signingKeyPair = (seed: Uint8Array): KeyPair => ({
  secret: new Uint8Array(seed),
  public: new Uint8Array(ed25519.getPublicKey(seed)),
});

/** RFC 7748 key pair from 32 bytes. */
export const agreementKeyPair = (secret: Uint8Array): KeyPair => ({
  secret: new Uint8Array(secret),
  public: new Uint8Array(x25519.getPublicKey(secret)),
});

/** The X25519 keys that belong to Ed25519 ones, by the birational map of RFC 7748, section 4.1. Throws on what is no point. */
export const agreementKeyOf = (signingKey: Uint8Array): Bytes => new Uint8Array(ed25519.utils.toMontgomery(signingKey));
export const agreementSecretOf = (seed: Uint8Array): Bytes => new Uint8Array(ed25519.utils.toMontgomerySecret(seed));

/** Ed25519 over label ‖ message; the label keeps signatures for different purposes apart. */
export const sign = (secret: Uint8Array, message: Uint8Array): Bytes => new Uint8Array(ed25519.sign(message, secret));

/**
 * Whether the bytes are an Ed25519 public key that proves anything: the one encoding (RFC 8032, 5.1.3) of a point that is
 * not of small order. Under a small-order key one signature fits many messages, and not every platform's code refuses it.
 */
export function isSigningKey(publicKey: Uint8Array): boolean {
  try {
    return !ed25519.Point.fromBytes(publicKey).isSmallOrder();
  } catch {
    return false;
  }
}

/** Whether the bytes are an X25519 public key that a secret can be agreed on with: small-order ones always give zero. */
export function isAgreementKey(publicKey: Uint8Array): boolean {
  try {
    agree(new Uint8Array(32).fill(1), publicKey);
    return true;
  } catch {
    return false;
  }
}

/** False on anything malformed. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    // Strict RFC 8032 rules: no small-order keys, no second encoding of one signature.
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/** X25519 shared secret. Throws on small-order public keys (RFC 7748 section 6.1). */
export const agree = (secret: Uint8Array, publicKey: Uint8Array): Bytes =>
  new Uint8Array(x25519.getSharedSecret(secret, publicKey));
