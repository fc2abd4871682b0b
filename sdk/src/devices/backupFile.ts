import { type Bytes, concat, equalBytes, randomBytes, u32, u64, utf8 } from "../crypto/bytes.ts";
import { hkdf } from "../crypto/hash.ts";
import { SkrumbleError } from "../errors/index.ts";

/**
 * A file of sealed parts: "SKMH" ‖ version 1 ‖ salt 16 ‖ check 16, then for each part u32 length ‖ AES-256-GCM. The nonce
 * counts the parts and tells the last one (the STREAM construction), so none can be left out, moved or cut off. The check
 * follows from identity key and salt, and tells whose file it is to nobody else.
 */
const magic = concat(utf8("SKMH"), Uint8Array.of(1));
const saltLength = 16;
const checkLength = 16;
const headerLength = magic.length + saltLength + checkLength;
const tagLength = 16;

/** The file is worth nothing without the identity key, that is without wallet and security code. */
function keyOf(identitySecret: Uint8Array, salt: Uint8Array, usage: KeyUsage): Promise<CryptoKey> {
  const raw = hkdf(identitySecret, salt, utf8("skrumble history backup v1"));
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, [usage]);
}

const checkOf = (identitySecret: Uint8Array, salt: Uint8Array): Bytes =>
  hkdf(identitySecret, salt, utf8("skrumble history backup check v1")).slice(0, checkLength);

const nonceOf = (n: number, last: boolean): Bytes => concat(u64(n), u32(last ? 1 : 0));

export interface FileWriter {
  header: Bytes;
  seal(part: Uint8Array<ArrayBuffer>, last: boolean): Promise<Bytes>;
}

export async function openFileWriter(identitySecret: Uint8Array): Promise<FileWriter> {
  const salt = randomBytes(saltLength);
  const header = concat(magic, salt, checkOf(identitySecret, salt));
  const key = await keyOf(identitySecret, salt, "encrypt");
  let n = 0;
  return {
    header,
    async seal(part, last) {
      const algorithm = { name: "AES-GCM", iv: nonceOf(n++, last), additionalData: header };
      const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, part));
      return concat(u32(sealed.length), sealed);
    },
  };
}

/** All parts, or none: a file that was cut or changed anywhere does not open. @throws SkrumbleError HISTORY_INVALID, HISTORY_NOT_YOURS */
export async function readFileParts(identitySecret: Uint8Array, file: Uint8Array): Promise<Bytes[]> {
  if (file.length < headerLength || !equalBytes(file.subarray(0, magic.length), magic)) {
    throw new SkrumbleError("HISTORY_INVALID");
  }
  const header = file.slice(0, headerLength);
  const salt = header.subarray(magic.length, magic.length + saltLength);
  const check = header.subarray(magic.length + saltLength);
  if (!equalBytes(check, checkOf(identitySecret, salt))) throw new SkrumbleError("HISTORY_NOT_YOURS");
  const key = await keyOf(identitySecret, salt, "decrypt");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const parts: Bytes[] = [];
  for (let at = headerLength; at < file.length || parts.length === 0; ) {
    const length = at + 4 <= file.length ? view.getUint32(at) : 0;
    const end = at + 4 + length;
    if (length < tagLength || end > file.length) throw new SkrumbleError("HISTORY_INVALID");
    const iv = nonceOf(parts.length, end === file.length);
    try {
      const algorithm = { name: "AES-GCM", iv, additionalData: header };
      parts.push(new Uint8Array(await crypto.subtle.decrypt(algorithm, key, file.slice(at + 4, end))));
    } catch (error) {
      throw new SkrumbleError("HISTORY_INVALID", { cause: error });
    }
    at = end;
  }
  return parts;
}
