import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, utf8 } from "../bytes.ts";
import { mlsSuite } from "./suite.ts";
import { uint, vector } from "./tls.ts";

/** The labelled functions of RFC 9420 sections 5.1.2, 5.1.3 and 8 for cipher suite 1. */

const empty = new Uint8Array();
const once = Uint8Array.of(1);
const names = new Map<string, Bytes>();

function nameOf(label: string): Bytes {
  const known = names.get(label);
  if (known) return known;
  const name = vector(utf8(`MLS 1.0 ${label}`));
  names.set(label, name);
  return name;
}

/** HKDF-Extract: an HMAC whose key is the salt. */
export const extract = (salt: Uint8Array, secret: Uint8Array): Bytes => new Uint8Array(hmac(sha256, salt, secret));

/** ExpandWithLabel for at most 32 bytes, which is all MLS asks of it: one block of HKDF-Expand. */
export function expandWithLabel(secret: Uint8Array, label: string, ctx: Uint8Array, length: number): Bytes {
  const block = hmac(sha256, secret, concat(uint(length, 2), nameOf(label), vector(ctx), once));
  return new Uint8Array(block.subarray(0, length));
}

export const deriveSecret = (secret: Uint8Array, label: string): Bytes => expandWithLabel(secret, label, empty, 32);

export async function signWithLabel(secret: Uint8Array, label: string, content: Uint8Array): Promise<Uint8Array> {
  return (await mlsSuite()).signature.sign(secret, concat(nameOf(label), vector(content)));
}

export async function verifyWithLabel(
  key: Uint8Array,
  label: string,
  content: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  return (await mlsSuite()).signature.verify(key, concat(nameOf(label), vector(content)), signature);
}

export interface Sealed {
  kemOutput: Uint8Array;
  ciphertext: Uint8Array;
}

export async function encryptWithLabel(
  publicKey: Uint8Array,
  label: string,
  ctx: Uint8Array,
  plaintext: Uint8Array,
): Promise<Sealed> {
  const { hpke } = await mlsSuite();
  const key = await hpke.importPublicKey(publicKey);
  const { ct, enc } = await hpke.seal(key, plaintext, concat(nameOf(label), vector(ctx)), empty);
  return { kemOutput: enc, ciphertext: ct };
}

/** Throws when the key does not fit. */
export async function decryptWithLabel(
  privateKey: Uint8Array,
  label: string,
  ctx: Uint8Array,
  { kemOutput, ciphertext }: Sealed,
): Promise<Uint8Array> {
  const { hpke } = await mlsSuite();
  const key = await hpke.importPrivateKey(privateKey);
  return hpke.open(key, kemOutput, ciphertext, concat(nameOf(label), vector(ctx)));
}
