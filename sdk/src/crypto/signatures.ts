import { ed25519 } from "@noble/curves/ed25519.js";
import type { Bytes } from "./bytes.ts";
import { nodeEd25519 } from "./ed25519/node.ts";
import type { Ed25519 } from "./ed25519/platform.ts";
import { webEd25519 } from "./ed25519/web.ts";
import { sign, verify } from "./keys.ts";

/** Ed25519 (RFC 8032) where it is in the way: every message is signed and verified, and every relay signs for it. */

const inJavaScript: Ed25519 = { sign, verify };

/** A signature that JavaScript accepts too tells that the platform can do it. */
async function works(platform: Ed25519): Promise<boolean> {
  try {
    const seed = new Uint8Array(32).fill(1);
    return verify(ed25519.getPublicKey(seed), new Uint8Array(1), await platform.sign(seed, new Uint8Array(1)));
  } catch {
    return false;
  }
}

async function choose(): Promise<Ed25519> {
  for (const platform of [nodeEd25519(), webEd25519()]) if (platform && (await works(platform))) return platform;
  return inJavaScript;
}

let chosen: Promise<Ed25519> | undefined;

export async function signNative(seed: Uint8Array, message: Uint8Array): Promise<Bytes> {
  chosen ??= choose();
  return (await chosen).sign(seed, message);
}

/** False on anything malformed. */
export async function verifyNative(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  chosen ??= choose();
  try {
    return await (await chosen).verify(key, message, signature);
  } catch {
    return false;
  }
}
