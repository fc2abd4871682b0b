import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, utf8 } from "../bytes.ts";
import { mlsSuite } from "./suite.ts";
import { uint, vector, vectorParts } from "./tls.ts";

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

export type Expand = (label: string, ctx: Uint8Array, length: number) => Bytes;

/**
 * ExpandWithLabel for at most 32 bytes, which is all MLS asks of it: one block of HKDF-Expand. The key of the HMAC is
 * prepared once for all that is derived from one secret.
 */
export function expandFrom(secret: Uint8Array): Expand {
  const keyed = hmac.create(sha256, secret);
  return (label, ctx, length) => {
    const input = concat(uint(length, 2), nameOf(label), ...vectorParts(ctx), once);
    return new Uint8Array(keyed.clone().update(input).digest().subarray(0, length));
  };
}

export const expandWithLabel = (secret: Uint8Array, label: string, ctx: Uint8Array, length: number): Bytes =>
  expandFrom(secret)(label, ctx, length);

export const deriveSecret = (secret: Uint8Array, label: string): Bytes => expandWithLabel(secret, label, empty, 32);

/** The content may come in parts, that it is copied once. */
const labelled = (label: string, content: Uint8Array | Uint8Array[]): Bytes =>
  concat(nameOf(label), ...vectorParts(...[content].flat()));

export async function signWithLabel(
  secret: Uint8Array,
  label: string,
  content: Uint8Array | Uint8Array[],
): Promise<Uint8Array> {
  return (await mlsSuite()).signature.sign(secret, labelled(label, content));
}

export async function verifyWithLabel(
  key: Uint8Array,
  label: string,
  content: Uint8Array | Uint8Array[],
  signature: Uint8Array,
): Promise<boolean> {
  return (await mlsSuite()).signature.verify(key, labelled(label, content), signature);
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
