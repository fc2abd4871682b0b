import type { Bytes } from "../bytes.ts";
import { isSigningKey } from "../keys.ts";

/** Ed25519 (RFC 8032) as a platform offers it. */
export interface Ed25519 {
  sign(seed: Uint8Array, message: Uint8Array): Bytes | Promise<Bytes>;
  /** False, or an exception, for what is malformed and for keys of small order. */
  verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

/** RFC 8032 leaves small order open, and platforms differ in it. @throws RangeError */
export function soundKey(key: Uint8Array): Uint8Array {
  if (!isSigningKey(key)) throw new RangeError("no key, or one of small order");
  return key;
}

/** RFC 8410, 7: what comes before the seed in PKCS #8. */
export const pkcs8Head = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

/** Keys of one client are few: its own and those of the devices and relays it talks to. */
const most = 256;

/** Imported keys by name; the oldest goes when there are many. */
export function keptKeys<Key>(): (name: string, make: () => Key) => Key {
  const keys = new Map<string, Key>();
  return (name, make) => {
    const found = keys.get(name);
    if (found !== undefined) return found;
    const made = make();
    keys.set(name, made);
    const [oldest] = keys.size > most ? keys.keys() : [];
    if (oldest !== undefined) keys.delete(oldest);
    return made;
  };
}
