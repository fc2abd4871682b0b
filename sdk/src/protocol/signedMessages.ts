import { concatBytes, u32Bytes, u64Bytes, utf8 } from "./bytes.ts";

/** The byte strings that get signed (Ed25519, RFC 8032). Each starts with its own label, so none can stand for another. */

/** Signed by the identity key: this device key speaks for the identity. */
export function deviceCertMessage(cert: { deviceKey: Uint8Array; keyVersion: number; issuedAt: number }): Uint8Array {
  return concatBytes(utf8("skrumble device v1"), cert.deviceKey, u32Bytes(cert.keyVersion), u64Bytes(cert.issuedAt));
}

/** Signed by the device key. Binds relay and challenge, so it cannot be replayed to another relay or another connection. */
export function ownMessage(own: { relayKey: Uint8Array; challenge: Uint8Array; publicId: Uint8Array }): Uint8Array {
  return concatBytes(utf8("skrumble own v1"), own.relayKey, own.challenge, own.publicId);
}

/** Signed by the relay's signing key, once per batch of receipts. */
export function receiptRootMessage(root: Uint8Array): Uint8Array {
  return concatBytes(utf8("skrumble receipts v1"), root);
}
