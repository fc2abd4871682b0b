import type { StoreKeys } from "./types.ts";

/** Imports 32 bytes as the two keys a store works with. The bytes cannot be read back. */
export async function importStoreKeys(raw: Uint8Array<ArrayBuffer>): Promise<StoreKeys> {
  const material = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);
  const derive = (info: string, algorithm: AesKeyGenParams | HmacKeyGenParams, usages: KeyUsage[]) =>
    crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: new TextEncoder().encode(info) },
      material,
      algorithm,
      false,
      usages,
    );
  const [encrypt, index] = await Promise.all([
    derive("skrumble store values v1", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]),
    derive("skrumble store names v1", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"]),
  ]);
  return { encrypt, index: [index] };
}
