import * as z from "zod";
import { type Bytes, concat, randomBytes, toHex, u32, utf8 } from "../../crypto/bytes.ts";
import { signDeviceCert } from "../../crypto/deviceCert.ts";
import { hkdf, sha256 } from "../../crypto/hash.ts";
import { sign, signingKeyPair } from "../../crypto/keys.ts";
import { paddedLength } from "../../crypto/padding.ts";
import { MAX_PAYLOAD_BYTES, MAX_TTL_SECONDS } from "../../protocol/index.ts";
import type { MailboxOwner } from "../../relay/types.ts";
import type { PublicId } from "../../types/primitives.ts";

/**
 * A backup at relays: the sealed file cut into pieces, and an index that names them, in a mailbox of its own. Mailbox and
 * key follow from the identity key, that is from wallet and security code; to a relay it is a mailbox like any other.
 *
 * payload = version 1 ‖ iv 12 ‖ AES-256-GCM(u32 length ‖ head as JSON ‖ body ‖ zeros), a padding class long
 */
const version = 1;
const ivLength = 12;
const overhead = 1 + ivLength + 16;
/** Of a head that is no index. */
const headRoom = 512;

/** Bytes of the file in one piece. */
export const pieceBytes = MAX_PAYLOAD_BYTES - overhead - 4 - headRoom;
const maxPieces = 128;

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const fields = {
  /** Random: tells backups with the same number apart. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /** Counts up with every backup of the identity. */
  number: z.int().min(1),
};
const headSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("piece"), ...fields, at: z.int().min(0).max(maxPieces), length: z.int().min(1) }),
  z.object({
    kind: z.literal("index"),
    ...fields,
    /** When it was made. */
    made: z.int().min(0),
    /** Seconds that relays were asked to keep it. */
    ttl: z.int().min(1).max(MAX_TTL_SECONDS).default(MAX_TTL_SECONDS),
    /** SHA-256 of the pieces, in their order. */
    pieces: z.array(hash).min(1).max(maxPieces),
    /** Messages in it, of all that there were. */
    done: z.int().min(0),
    total: z.int().min(0),
  }),
  /** The person deleted all up to this number: says so to devices that would make one anew, and to relays that were away. */
  z.object({ kind: z.literal("dropped"), ...fields }),
]);
export type BackupHead = z.infer<typeof headSchema>;
export type BackupIndex = Extract<BackupHead, { kind: "index" }>;

export interface BackupBox {
  mailbox: PublicId;
  owner: Omit<MailboxOwner, "cursors">;
  seal(head: BackupHead, body?: Uint8Array): Promise<Bytes>;
  /** Undefined for what is not of this identity: whoever learns of the mailbox can put junk into it. */
  open(payload: Uint8Array): Promise<{ head: BackupHead; body: Bytes } | undefined>;
}

export async function openBackupBox(identitySecret: Uint8Array, now: number): Promise<BackupBox> {
  const secrets = hkdf(identitySecret, new Uint8Array(), utf8("skrumble relay backup v1"), 64);
  const mailbox = signingKeyPair(secrets.subarray(0, 32));
  const key = await crypto.subtle.importKey("raw", secrets.slice(32), "AES-GCM", false, ["encrypt", "decrypt"]);
  const additionalData = concat(utf8("skrumble relay backup v1"), mailbox.public);
  const cert = { deviceKey: mailbox.public, keyVersion: 1, issuedAt: now };
  return {
    mailbox: toHex(mailbox.public),
    owner: {
      publicId: toHex(mailbox.public),
      deviceKey: mailbox.public,
      deviceCert: { keyVersion: 1, issuedAt: now, signature: signDeviceCert(mailbox.secret, cert) },
      sign: async (message) => sign(mailbox.secret, message),
      // The same on all devices: relays delete what all readers are done with.
      reader: sha256(utf8("skrumble relay backup reader v1"), mailbox.public).slice(0, 16),
    },
    async seal(head, body = new Uint8Array()) {
      const text = utf8(JSON.stringify(head));
      const plain = new Uint8Array(paddedLength(overhead + 4 + text.length + body.length) - overhead);
      plain.set(u32(text.length));
      plain.set(text, 4);
      plain.set(body, 4 + text.length);
      const iv = randomBytes(ivLength);
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plain);
      return concat(Uint8Array.of(version), iv, new Uint8Array(sealed));
    },
    async open(payload) {
      if (payload[0] !== version || payload.length <= overhead) return undefined;
      const iv = payload.slice(1, 1 + ivLength);
      try {
        const sealed = payload.slice(1 + ivLength);
        const plain = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, sealed));
        const start = 4 + new DataView(plain.buffer).getUint32(0);
        const head = headSchema.parse(JSON.parse(new TextDecoder().decode(plain.slice(4, start))));
        return { head, body: plain.slice(start, start + (head.kind === "piece" ? head.length : 0)) };
      } catch {
        return undefined;
      }
    },
  };
}
