import { type Argon2id, argon2id } from "../crypto/argon2id.ts";
import { type Bytes, concat, utf8 } from "../crypto/bytes.ts";
import { hkdf, sha256 } from "../crypto/hash.ts";
import { codeBytes } from "../identity/derive.ts";
import type { SealedKey } from "./database.ts";

/**
 * Seals a store's 32-byte key under the security code: Argon2id with a salt of its own, HKDF with a label of its own,
 * AES-256-GCM. What opens a store has nothing in common with what opens the identity.
 * @throws SkrumbleError CODE_EMPTY, CODE_TOO_LONG, ARGON2_FAILED
 */
export async function sealKey(raw: Bytes, code: string, run: Argon2id = argon2id): Promise<SealedKey> {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const wrapping = await wrappingKey(code, salt, run);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: label }, wrapping, raw);
  return { version: 1, salt, iv, sealed: new Uint8Array(sealed) };
}

/** @returns nothing when the code is wrong @throws SkrumbleError CODE_EMPTY, CODE_TOO_LONG, ARGON2_FAILED */
export async function openKey(key: SealedKey, code: string, run: Argon2id = argon2id): Promise<Bytes | undefined> {
  const wrapping = await wrappingKey(code, key.salt, run);
  try {
    const algorithm = { name: "AES-GCM", iv: key.iv, additionalData: label };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, wrapping, key.sealed));
  } catch {
    return undefined;
  }
}

const label = utf8("skrumble store lock v1");

async function wrappingKey(code: string, salt: Uint8Array, run: Argon2id): Promise<CryptoKey> {
  const stretched = await run(codeBytes(code), sha256(label, salt));
  const bytes = hkdf(concat(stretched), new Uint8Array(), utf8("skrumble store lock key v1"), 32);
  stretched.fill(0);
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  bytes.fill(0);
  return key;
}
