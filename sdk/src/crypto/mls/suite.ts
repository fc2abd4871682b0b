import { ed25519 } from "@noble/curves/ed25519.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type CiphersuiteImpl, getCiphersuiteImpl } from "ts-mls";
import { hmacSha256 } from "../hash.ts";
import { signNative, verifyNative } from "../signatures.ts";

/**
 * Cipher suite 1 of RFC 9420 section 17.1. The AEAD and HPKE of ts-mls run on WebCrypto. Its many tiny HMACs are done
 * here in JavaScript instead: for 32 bytes the way into WebCrypto and back costs more than the hash.
 */
async function build(): Promise<CiphersuiteImpl> {
  const base = await getCiphersuiteImpl("MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519");
  return {
    ...base,
    kdf: {
      size: 32,
      extract: async (salt, ikm) => extract(sha256, ikm, salt),
      expand: async (prk, info, length) => expand(sha256, prk, info, length),
    },
    hash: {
      digest: async (data) => sha256(data),
      mac: async (key, data) => hmacSha256(key, data),
      verifyMac: async (key, mac, data) => constantTimeEqual(hmacSha256(key, data), mac),
    },
    signature: {
      sign: signNative,
      verify: verifyNative,
      keygen: async () => {
        const signKey = ed25519.utils.randomSecretKey();
        return { signKey, publicKey: ed25519.getPublicKey(signKey) };
      },
    },
  };
}

function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

let suite: Promise<CiphersuiteImpl> | undefined;

export const mlsSuite = (): Promise<CiphersuiteImpl> => {
  suite ??= build();
  return suite;
};
