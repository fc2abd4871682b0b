import { type Bytes, concat, fromHex, randomBytes, utf8 } from "../crypto/bytes.ts";
import { hkdf } from "../crypto/hash.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Address, Hex } from "../types/primitives.ts";

/** "SKMB" and a version. */
const header = Uint8Array.of(0x53, 0x4b, 0x4d, 0x42, 1);
const rootLength = 32;
const length = header.length + 12 + rootLength + 16;

interface BackupContext {
  codeKey: Uint8Array;
  wallet: Address;
  saltName: Hex;
}

async function keyOf({ codeKey }: BackupContext): Promise<CryptoKey> {
  const raw = hkdf(codeKey, new Uint8Array(), utf8("skrumble backup v1"));
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

const bound = ({ wallet, saltName }: BackupContext): Bytes => concat(header, fromHex(wallet), fromHex(saltName));

/** Wraps the random root under the stretched security code. Worth nothing without the code. */
export async function sealBackup(root: Uint8Array<ArrayBuffer>, context: BackupContext): Promise<Bytes> {
  const iv = randomBytes(12);
  const algorithm = { name: "AES-GCM", iv, additionalData: bound(context) };
  return concat(header, iv, new Uint8Array(await crypto.subtle.encrypt(algorithm, await keyOf(context), root)));
}

/** @throws SkrumbleError BACKUP_INVALID (not a backup), WRONG_SECURITY_CODE (or another wallet or pseudonym) */
export async function openBackup(backup: Uint8Array, context: BackupContext): Promise<Bytes> {
  if (backup.length !== length || !header.every((byte, i) => backup[i] === byte)) {
    throw new SkrumbleError("BACKUP_INVALID");
  }
  const iv = backup.slice(header.length, header.length + 12);
  const algorithm = { name: "AES-GCM", iv, additionalData: bound(context) };
  try {
    const sealed = backup.slice(header.length + 12);
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, await keyOf(context), sealed));
  } catch (error) {
    throw new SkrumbleError("WRONG_SECURITY_CODE", { cause: error });
  }
}
