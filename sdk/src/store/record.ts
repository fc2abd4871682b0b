import { SkrumbleError } from "../errors/index.ts";

/** A record at rest: version byte, 12-byte IV, AES-256-GCM ciphertext that only opens at its own place. */
export async function sealRecord(
  key: CryptoKey,
  place: string,
  value: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithmOf(iv, place), key, value));
  const record = new Uint8Array(13 + sealed.length);
  record[0] = 1;
  record.set(iv, 1);
  record.set(sealed, 13);
  return record;
}

/** @throws SkrumbleError STORE_VERSION, STORE_CORRUPT */
export async function openRecord(key: CryptoKey, place: string, record: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (!(record instanceof Uint8Array) || record.length === 0) throw new SkrumbleError("STORE_CORRUPT");
  if (record[0] !== 1) throw new SkrumbleError("STORE_VERSION");
  try {
    const algorithm = algorithmOf(record.slice(1, 13), place);
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, record.slice(13)));
  } catch (error) {
    throw new SkrumbleError("STORE_CORRUPT", { cause: error });
  }
}

const algorithmOf = (iv: Uint8Array<ArrayBuffer>, place: string): AesGcmParams => ({
  name: "AES-GCM",
  iv,
  additionalData: new TextEncoder().encode(place),
});
