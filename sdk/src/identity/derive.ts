import { type Argon2id, argon2id } from "../crypto/argon2id.ts";
import { type Bytes, concat, fromHex, toHex, u32, utf8 } from "../crypto/bytes.ts";
import { hkdf, keccak256, sha256 } from "../crypto/hash.ts";
import { agreementKeyPair, type KeyPair, signingKeyPair } from "../crypto/keys.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { TypedDataRequest } from "../types/client.ts";
import type { Address, Hex, PublicId } from "../types/primitives.ts";

/** The keys of an identity. They follow from the private ID, which itself is not kept anywhere. */
export interface IdentityKeys {
  publicId: PublicId;
  /** Ed25519; the public half is the public ID. */
  identity: KeyPair;
  /** X25519. */
  agreement: KeyPair;
  /** secp256k1 private key that may change the device list. */
  controller: Hex;
}

/**
 * What the wallet signs so that only it can open the identity. No chain ID: any wallet on any chain can sign it. The
 * text is part of the derivation and must never change.
 */
export const identityTypedData = (wallet: Address, keyVersion: number): TypedDataRequest => ({
  domain: { name: "Skrumble Network", version: "1" },
  types: {
    Identity: [
      { name: "wallet", type: "address" },
      { name: "keyVersion", type: "uint32" },
      { name: "notice", type: "string" },
    ],
  },
  primaryType: "Identity",
  message: {
    wallet,
    keyVersion,
    notice: "This signature opens your Skrumble identity. Sign it only inside the Skrumble Network app.",
  },
});

export const saltNameOf = (normalizedName: string): Hex => toHex(keccak256(utf8(normalizedName)));

/**
 * Stretches the security code. Salted by the name it was chosen under and by the wallet, so that equal codes of two
 * people have nothing in common.
 * @throws SkrumbleError CODE_EMPTY, CODE_TOO_LONG, ARGON2_FAILED
 */
export async function deriveCodeKey(
  input: { securityCode: string; saltName: Hex; wallet: Address },
  run: Argon2id = argon2id,
): Promise<Bytes> {
  const code = codeBytes(input.securityCode);
  const salt = sha256(utf8("skrumble code v1"), fromHex(input.saltName), fromHex(input.wallet));
  return new Uint8Array(await run(code, salt));
}

/** A security code as typed, in the one form in which it is stretched. @throws SkrumbleError CODE_EMPTY, CODE_TOO_LONG */
export function codeBytes(securityCode: string): Bytes {
  const code = securityCode.normalize("NFKC");
  if (code.length === 0) throw new SkrumbleError("CODE_EMPTY");
  if (code.length > 1024) throw new SkrumbleError("CODE_TOO_LONG");
  return utf8(code);
}

/** `secret`: the wallet's 65-byte signature, or the 32-byte root of a backup where the wallet cannot repeat one. */
export function deriveKeys(codeKey: Uint8Array, secret: Uint8Array, keyVersion: number): IdentityKeys {
  const info = concat(utf8("skrumble private id v1"), u32(keyVersion));
  const privateId = hkdf(concat(codeKey, secret), new Uint8Array(), info);
  const part = (label: string, length = 32) => hkdf(privateId, new Uint8Array(), utf8(label), length);
  const identity = signingKeyPair(part("skrumble identity key v1"));
  const keys: IdentityKeys = {
    publicId: toHex(identity.public),
    identity,
    agreement: agreementKeyPair(part("skrumble agreement key v1")),
    controller: secp256k1Scalar(part("skrumble controller key v1", 48)),
  };
  privateId.fill(0);
  return keys;
}

/** 48 bytes reduced to 1 .. n-1, which leaves no noticeable bias (FIPS 186-5, A.2.1). */
function secp256k1Scalar(wide: Uint8Array): Hex {
  const n = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const scalar = (BigInt(toHex(wide)) % (n - 1n)) + 1n;
  return `0x${scalar.toString(16).padStart(64, "0")}`;
}
