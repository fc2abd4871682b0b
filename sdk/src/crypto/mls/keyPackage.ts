import {
  encode,
  generateKeyPackageWithKey,
  type KeyPackage,
  keyPackageDecoder,
  keyPackageEncoder,
  type PrivateKeyPackage,
  privateKeyPackageDecoder,
  privateKeyPackageEncoder,
} from "ts-mls";
import { SkrumbleError } from "../../errors/index.ts";
import { concat, u32 } from "../bytes.ts";
import { claimCredential, claimOf, type DeviceClaim } from "./credential.ts";
import { decodeOrUndefined } from "./decode.ts";
import { capabilities } from "./extension.ts";
import { mlsSuite } from "./suite.ts";

const day = 86_400n;

export interface OwnKeyPackage {
  /** To hand out. */
  public: Uint8Array;
  /** To keep until the welcome comes: both halves, encoded. */
  private: Uint8Array;
}

/** A fresh one-time key package of this device (RFC 9420 section 10). `now` in milliseconds. */
export async function createKeyPackage(
  claim: DeviceClaim,
  deviceSecret: Uint8Array,
  now: number,
): Promise<OwnKeyPackage> {
  const seconds = BigInt(Math.floor(now / 1000));
  const { publicPackage, privatePackage } = await generateKeyPackageWithKey({
    credential: claimCredential(claim),
    signatureKeyPair: { signKey: deviceSecret, publicKey: claim.deviceKey },
    cipherSuite: await mlsSuite(),
    capabilities,
    extensions: [],
    lifetime: { notBefore: seconds - day, notAfter: seconds + 60n * day },
  });
  const bytes = encode(keyPackageEncoder, publicPackage);
  return { public: bytes, private: concat(u32(bytes.length), bytes, encode(privateKeyPackageEncoder, privatePackage)) };
}

export function decodeOwnKeyPackage(bytes: Uint8Array): { keyPackage: KeyPackage; privateKeys: PrivateKeyPackage } {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const keyPackage = decodeOrUndefined(keyPackageDecoder, bytes.slice(4, 4 + length));
  const privateKeys = decodeOrUndefined(privateKeyPackageDecoder, bytes.slice(4 + length));
  if (!keyPackage || !privateKeys) throw new SkrumbleError("STORE_CORRUPT", { details: "Key package." });
  return { keyPackage, privateKeys };
}

/** @throws SkrumbleError MLS_FAILED */
export function decodeKeyPackage(bytes: Uint8Array): { keyPackage: KeyPackage; claim: DeviceClaim } {
  const keyPackage = decodeOrUndefined(keyPackageDecoder, bytes);
  const claim = keyPackage && claimOf(keyPackage.leafNode.credential);
  if (!keyPackage || !claim) throw new SkrumbleError("MLS_FAILED", { details: "Not a key package of this network." });
  return { keyPackage, claim };
}
