import { concat, toHex } from "../bytes.ts";
import { sha256 } from "../hash.ts";
import { type Ed25519, keptKeys, pkcs8Head, soundKey } from "./platform.ts";

/** RFC 8410, 4: what comes before the key in SubjectPublicKeyInfo. */
const spkiHead = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);

/**
 * Node's own call stays on its thread. The way of WebCrypto to another thread and back costs as much again as the
 * signature, which a bot with thousands of messages feels. Undefined where this is not Node.
 */
export function nodeEd25519(): Ed25519 | undefined {
  const node = globalThis.process?.getBuiltinModule?.("node:crypto");
  if (!node) return undefined;
  const kept = keptKeys<ReturnType<typeof node.createPublicKey>>();
  return {
    sign(seed, message) {
      const key = kept(`sign ${toHex(sha256(seed))}`, () =>
        node.createPrivateKey({ key: Buffer.from(concat(pkcs8Head, seed)), format: "der", type: "pkcs8" }),
      );
      return new Uint8Array(node.sign(null, message, key));
    },
    verify(raw, message, signature) {
      const key = kept(`verify ${toHex(raw)}`, () =>
        node.createPublicKey({ key: Buffer.from(concat(spkiHead, soundKey(raw))), format: "der", type: "spki" }),
      );
      return node.verify(null, message, key, signature);
    },
  };
}
