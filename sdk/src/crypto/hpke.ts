import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, utf8 } from "./bytes.ts";

/**
 * The sending side of HPKE in base mode (RFC 9180; DHKEM X25519, HKDF-SHA256, AES-256-GCM), single-shot. One message goes
 * to a hundred people: WebCrypto does the curve, the tiny hashes are done here, where each would cost more on the way into WebCrypto
 * and back. Opening is @hpke/core's.
 */
const kem = concat(utf8("KEM"), Uint8Array.of(0, 0x20));
const hpke = concat(utf8("HPKE"), Uint8Array.of(0, 0x20, 0, 1, 0, 2));
const none = new Uint8Array();

/** Section 4. */
const labeledExtract = (suite: Bytes, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array =>
  extract(sha256, concat(utf8("HPKE-v1"), suite, utf8(label), ikm), salt);

const labeledExpand = (suite: Bytes, prk: Uint8Array, label: string, info: Uint8Array, length: number): Bytes => {
  const labeled = concat(Uint8Array.of(length >> 8, length & 0xff), utf8("HPKE-v1"), suite, utf8(label), info);
  return new Uint8Array(expand(sha256, prk, labeled, length));
};

/** What RFC 8410 puts before a bare X25519 secret; WebCrypto imports it in no other way. */
const pkcs8 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);
const publicKey = (raw: Uint8Array) => crypto.subtle.importKey("raw", new Uint8Array(raw), "X25519", false, []);
/** RFC 7748, section 4.1: a secret times this is its public key. */
const basePoint = concat(Uint8Array.of(9), new Uint8Array(31));

export interface HpkeSender {
  /**
   * @param ikm secret random bytes: the ephemeral key follows from them (DeriveKeyPair, section 7.1.3). The same ones serve for
   * one recipient and one text; then the result is the same again
   * @returns enc 32 ‖ ciphertext
   */
  seal(recipient: Uint8Array, ikm: Uint8Array, text: Bytes): Promise<Bytes>;
}

export function createHpkeSender(info: Uint8Array): HpkeSender {
  const context = concat(
    Uint8Array.of(0),
    labeledExtract(hpke, none, "psk_id_hash", none),
    labeledExtract(hpke, none, "info_hash", info),
  );
  let base: Promise<CryptoKey> | undefined;

  return {
    async seal(recipient, ikm, text) {
      const secret = labeledExpand(kem, labeledExtract(kem, none, "dkp_prk", ikm), "sk", none, 32);
      base ??= publicKey(basePoint);
      const [own, point, theirs] = await Promise.all([
        crypto.subtle.importKey("pkcs8", concat(pkcs8, secret), "X25519", false, ["deriveBits"]),
        base,
        publicKey(recipient),
      ]);
      const agree = async (key: CryptoKey) =>
        new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: key }, own, 256));
      const [enc, shared] = await Promise.all([agree(point), agree(theirs)]);
      const prk = labeledExtract(kem, none, "eae_prk", shared);
      const agreed = labeledExpand(kem, prk, "shared_secret", concat(enc, recipient), 32);
      const schedule = labeledExtract(hpke, agreed, "secret", none);
      const key = labeledExpand(hpke, schedule, "key", context, 32);
      const nonce = labeledExpand(hpke, schedule, "base_nonce", context, 12);
      const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
      return concat(enc, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, imported, text)));
    },
  };
}
