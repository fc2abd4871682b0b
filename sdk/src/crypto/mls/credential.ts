import type { Credential } from "ts-mls";
import { defaultCredentialTypes, isDefaultCredential } from "ts-mls";
import type { PublicId } from "../../types/primitives.ts";
import { type Bytes, concat, equalBytes, toHex, u32, u64 } from "../bytes.ts";
import { verifyDeviceCert } from "../deviceCert.ts";
import { isSigningKey } from "../keys.ts";

/** Who a group member claims to be; `signature` is the identity key's word for it. */
export interface DeviceClaim {
  /** Ed25519 identity key, 32 bytes. */
  publicId: Uint8Array;
  /** Ed25519 device key, 32 bytes; also the MLS signature key. */
  deviceKey: Uint8Array;
  keyVersion: number;
  /** Unix milliseconds. */
  issuedAt: number;
  signature: Uint8Array;
}

const version = 1;
const length = 1 + 32 + 32 + 4 + 8 + 64;

export const encodeClaim = (claim: DeviceClaim): Bytes =>
  concat(
    Uint8Array.of(version),
    claim.publicId,
    claim.deviceKey,
    u32(claim.keyVersion),
    u64(claim.issuedAt),
    claim.signature,
  );

/** Undefined when the bytes are no claim, or its keys prove nothing. */
export function decodeClaim(bytes: Uint8Array): DeviceClaim | undefined {
  if (bytes.length !== length || bytes[0] !== version) return undefined;
  const [publicId, deviceKey] = [bytes.slice(1, 33), bytes.slice(33, 65)];
  if (!isSigningKey(publicId) || !isSigningKey(deviceKey)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    publicId,
    deviceKey,
    keyVersion: view.getUint32(65),
    issuedAt: Number(view.getBigUint64(69)),
    signature: bytes.slice(77),
  };
}

export const claimCredential = (claim: DeviceClaim): Credential => ({
  credentialType: defaultCredentialTypes.basic,
  identity: encodeClaim(claim),
});

const claims = new WeakMap<Credential, DeviceClaim | undefined>();

/** Kept per credential: looking at its keys costs more than reading a message. */
export function claimOf(credential: Credential): DeviceClaim | undefined {
  if (!claims.has(credential)) claims.set(credential, readClaim(credential));
  return claims.get(credential);
}

function readClaim(credential: Credential): DeviceClaim | undefined {
  if (!isDefaultCredential(credential) || credential.credentialType !== defaultCredentialTypes.basic) return undefined;
  return decodeClaim(credential.identity);
}

/** The devices that may stand for a person in the group; `device` is the one that claims to. A Map will do. */
export interface ExpectedMembers {
  get(
    publicId: PublicId,
    device: Uint8Array,
  ): readonly Uint8Array[] | undefined | Promise<readonly Uint8Array[] | undefined>;
}

/** RFC 9420 section 5.3.1: certified by the identity key, and under the person's on-chain device root. */
export const deviceCheck =
  (expected: ExpectedMembers) =>
  async (claim: DeviceClaim, signatureKey: Uint8Array): Promise<boolean> => {
    const devices = await expected.get(toHex(claim.publicId), claim.deviceKey);
    return (
      equalBytes(claim.deviceKey, signatureKey) &&
      Boolean(devices?.some((device) => equalBytes(device, claim.deviceKey))) &&
      verifyDeviceCert(claim)
    );
  };
