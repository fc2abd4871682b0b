import { type Bytes, concat, u32, u64, utf8 } from "./bytes.ts";
import { sign, verify } from "./keys.ts";

export interface DeviceCertFields {
  /** Ed25519 device key, 32 bytes. */
  deviceKey: Uint8Array;
  keyVersion: number;
  /** Unix milliseconds. */
  issuedAt: number;
}

const label = utf8("skrumble device v1");

/** What the identity key signs to let a device speak for it. Relays check the same bytes. */
export const deviceCertMessage = ({ deviceKey, keyVersion, issuedAt }: DeviceCertFields): Bytes =>
  concat(label, deviceKey, u32(keyVersion), u64(issuedAt));

export const signDeviceCert = (identitySecret: Uint8Array, fields: DeviceCertFields): Bytes =>
  sign(identitySecret, deviceCertMessage(fields));

export const verifyDeviceCert = (cert: DeviceCertFields & { publicId: Uint8Array; signature: Uint8Array }): boolean =>
  verify(cert.publicId, deviceCertMessage(cert), cert.signature);
