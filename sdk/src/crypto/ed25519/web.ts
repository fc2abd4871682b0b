import { type Bytes, concat, toHex } from "../bytes.ts";
import { sha256 } from "../hash.ts";
import { type Ed25519, keptKeys, pkcs8Head, soundKey } from "./platform.ts";

/** The platform takes no memory that threads share, and copies by itself. */
const own = (bytes: Uint8Array): Bytes =>
  bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : new Uint8Array(bytes);

/** WebCrypto: about ten times faster than JavaScript. Browsers from before 2025 do not have it. */
export function webEd25519(): Ed25519 {
  const kept = keptKeys<Promise<CryptoKey>>();
  return {
    async sign(seed, message) {
      // Named by a hash: the seed itself stays in as few places as possible.
      const key = await kept(`sign ${toHex(sha256(seed))}`, () =>
        crypto.subtle.importKey("pkcs8", concat(pkcs8Head, seed), "Ed25519", false, ["sign"]),
      );
      return new Uint8Array(await crypto.subtle.sign("Ed25519", key, own(message)));
    },
    async verify(raw, message, signature) {
      const key = await kept(`verify ${toHex(raw)}`, async () =>
        crypto.subtle.importKey("raw", own(soundKey(raw)), "Ed25519", false, ["verify"]),
      );
      return crypto.subtle.verify("Ed25519", key, own(signature), own(message));
    },
  };
}
