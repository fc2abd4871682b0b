import { deviceCertMessage } from "../protocol/index.ts";
import type { Bytes } from "./bytes.ts";
import { sign, verify } from "./keys.ts";

export interface DeviceCertFields {
  /** Ed25519 device key, 32 bytes. */
  deviceKey: Uint8Array;
  keyVersion: number;
  /** Unix milliseconds. */
  issuedAt: number;
}

/** The identity key lets a device speak for it. Relays and group members check it. */
export const signDeviceCert = (identitySecret: Uint8Array, fields: DeviceCertFields): Bytes =>
  sign(identitySecret, deviceCertMessage(fields));

export const verifyDeviceCert = (cert: DeviceCertFields & { publicId: Uint8Array; signature: Uint8Array }): boolean =>
  verify(cert.publicId, deviceCertMessage(cert), cert.signature);
