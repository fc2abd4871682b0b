import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { SkrumbleError } from "../errors/index.ts";
import { MAX_PAYLOAD_BYTES } from "../protocol/index.ts";
import { type Bytes, concat, randomBytes, u32, utf8 } from "./bytes.ts";
import { createHpkeSender } from "./hpke.ts";
import { paddedLength } from "./padding.ts";

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const info = utf8("skrumble envelope v1").buffer;
const sender = createHpkeSender(new Uint8Array(info));
const version = 1;
/** version 1 ‖ encapsulated key 32 ‖ tag 16. */
const overhead = 49;
const lengthField = 4;

/** Longest body an envelope can carry. */
export const maxSealedBody = MAX_PAYLOAD_BYTES - overhead - lengthField;

/**
 * HPKE base mode (RFC 9180; X25519, HKDF-SHA256, AES-256-GCM) to a person's agreement key. The result is as long as a
 * padding class, so its length says little about the body.
 * @param seed 32 secret random bytes; with the same ones the same body is sealed to the same bytes, and they serve for no other body
 * @throws SkrumbleError MESSAGE_TOO_LONG
 */
export async function seal(agreementKey: Uint8Array, body: Uint8Array, seed = randomBytes(32)): Promise<Bytes> {
  const total = paddedLength(body.length + lengthField + overhead);
  const plain = new Uint8Array(total - overhead);
  plain.set(u32(body.length));
  plain.set(body, lengthField);
  return concat(Uint8Array.of(version), await sender.seal(agreementKey, concat(seed, agreementKey), plain));
}

export interface Opener {
  /** @throws SkrumbleError ENVELOPE_INVALID */
  open(sealed: Uint8Array): Promise<Bytes>;
}

/** Imports the agreement secret once, for many envelopes. */
export async function createOpener(agreementSecret: Uint8Array): Promise<Opener> {
  const recipientKey = await suite.kem.deserializePrivateKey(copy(agreementSecret));
  return {
    async open(sealed) {
      if (sealed[0] !== version || sealed.length < overhead + lengthField) {
        throw new SkrumbleError("ENVELOPE_INVALID", { details: "Unknown version or too short." });
      }
      try {
        const enc = copy(sealed.subarray(1, 33));
        const plain = new Uint8Array(await suite.open({ recipientKey, enc, info }, copy(sealed.subarray(33))));
        const length = new DataView(plain.buffer).getUint32(0);
        if (length > plain.length - lengthField) throw new RangeError("length field too large");
        return plain.slice(lengthField, lengthField + length);
      } catch (error) {
        throw new SkrumbleError("ENVELOPE_INVALID", { cause: error });
      }
    },
  };
}

const copy = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;
