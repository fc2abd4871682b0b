import { randomBytes } from "../crypto/bytes.ts";
import { signDeviceCert } from "../crypto/deviceCert.ts";
import { type KeyPair, signingKeyPair } from "../crypto/keys.ts";
import type { IdentityKeys } from "./derive.ts";

/** This device: its own random key, and the identity key's word for it. */
export interface Device {
  key: KeyPair;
  keyVersion: number;
  issuedAt: number;
  signature: Uint8Array;
}

/** `now` in milliseconds. */
export function createDevice(keys: IdentityKeys, keyVersion: number, now: number): Device {
  const key = signingKeyPair(randomBytes(32));
  const fields = { deviceKey: key.public, keyVersion, issuedAt: now };
  return { key, keyVersion, issuedAt: now, signature: signDeviceCert(keys.identity.secret, fields) };
}
