import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, toHex } from "./bytes.ts";
import { isSigningKey, verify } from "./keys.ts";

/**
 * Ed25519 (RFC 8032) where it is in the way: every message is signed and verified, and every relay signs for it. The
 * platform's own code is about ten times faster than JavaScript; browsers without it (before 2025) use JavaScript.
 */

/** Keys of one client are few: its own and those of the devices and relays it talks to. */
const KEPT = 256;
/** RFC 8410, 7: what comes before the seed in PKCS #8. */
const PKCS8 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

const keys = new Map<string, Promise<CryptoKey>>();
let native: Promise<boolean> | undefined;

/** A signature that JavaScript accepts too tells that the platform can do it. */
async function probe(): Promise<boolean> {
  try {
    const seed = new Uint8Array(32).fill(1);
    const key = await crypto.subtle.importKey("pkcs8", concat(PKCS8, seed), "Ed25519", false, ["sign"]);
    const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", key, new Uint8Array(1)));
    return verify(ed25519.getPublicKey(seed), new Uint8Array(1), signature);
  } catch {
    return false;
  }
}

function kept(name: string, make: () => Promise<CryptoKey>): Promise<CryptoKey> {
  const found = keys.get(name);
  if (found) return found;
  const made = make();
  made.catch(() => keys.delete(name));
  keys.set(name, made);
  const [oldest] = keys.keys();
  if (keys.size > KEPT && oldest !== undefined) keys.delete(oldest);
  return made;
}

export async function signNative(seed: Uint8Array, message: Uint8Array): Promise<Bytes> {
  native ??= probe();
  if (!(await native)) return new Uint8Array(ed25519.sign(message, seed));
  // Named by a hash: the seed itself stays in as few places as possible.
  const key = await kept(`sign ${toHex(sha256(seed))}`, () =>
    crypto.subtle.importKey("pkcs8", concat(PKCS8, seed), "Ed25519", false, ["sign"]),
  );
  return new Uint8Array(await crypto.subtle.sign("Ed25519", key, new Uint8Array(message)));
}

/** False on anything malformed. */
export async function verifyNative(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  native ??= probe();
  if (!(await native)) return verify(key, message, signature);
  try {
    const imported = await kept(`verify ${toHex(key)}`, async () => {
      // Platforms differ in this: RFC 8032 leaves it open.
      if (!isSigningKey(key)) throw new RangeError("a key of small order");
      return crypto.subtle.importKey("raw", new Uint8Array(key), "Ed25519", false, ["verify"]);
    });
    return await crypto.subtle.verify("Ed25519", imported, new Uint8Array(signature), new Uint8Array(message));
  } catch {
    return false;
  }
}
