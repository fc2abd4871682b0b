import { type Bytes, concat, equalBytes, toHex, utf8 } from "../crypto/bytes.ts";
import { signDeviceCert } from "../crypto/deviceCert.ts";
import { hkdf, hmacSha256, sha256 } from "../crypto/hash.ts";
import { sign } from "../crypto/keys.ts";
import { createOpener, seal } from "../crypto/seal.ts";
import type { RelayPool, Subscription } from "../relay/types.ts";
import type { Ephemeral, LinkAsk } from "./linkText.ts";

/**
 * One direction of a transfer. Frames are HPKE-sealed to the reader's ephemeral key, and carry a MAC under a key that
 * follows from the text's secret: relays know neither, and who was sent the wrong text can put nothing in.
 */
export type Direction = "to new" | "to old";

const macLength = 32;
/** Relays keep a frame for so long. */
export const frameTtlSeconds = 86_400;

const keyOf = ({ mailbox, opening, secret }: LinkAsk, direction: Direction): Bytes =>
  hkdf(secret, concat(mailbox, opening), utf8(`skrumble link v1 ${direction}`));

/** @throws SkrumbleError MESSAGE_TOO_LONG */
export async function sealFrame(
  ask: LinkAsk,
  direction: Direction,
  opening: Uint8Array,
  frame: unknown,
): Promise<Bytes> {
  const body = utf8(JSON.stringify(frame));
  return seal(opening, concat(hmacSha256(keyOf(ask, direction), body), body));
}

/** What is not from the other end is passed over in silence: anybody can write into a mailbox. */
export function openMailbox(
  input: { pool: RelayPool; own: Ephemeral; ask: LinkAsk; direction: Direction; now: number },
  onFrame: (frame: unknown) => Promise<void>,
): Subscription {
  const { pool, own, ask, direction, now } = input;
  const key = keyOf(ask, direction);
  const opener = createOpener(own.opening.secret);
  const fields = { deviceKey: own.mailbox.public, keyVersion: 1, issuedAt: now };
  return pool.own(
    {
      publicId: toHex(own.mailbox.public),
      deviceKey: own.mailbox.public,
      deviceCert: { keyVersion: 1, issuedAt: now, signature: signDeviceCert(own.mailbox.secret, fields) },
      sign: async (message) => sign(own.mailbox.secret, message),
      reader: sha256(utf8("skrumble link reader v1"), own.mailbox.public).slice(0, 16),
      // After a restart everything is read again that was not dealt with; the rest is known by its number.
      cursors: { get: async () => undefined, set: async () => undefined },
    },
    async ({ payload }) => {
      const bytes = await (await opener).open(payload).catch(() => undefined);
      if (!bytes || bytes.length <= macLength) return;
      const body = bytes.slice(macLength);
      // Compared through a second MAC, so that the time taken tells nothing.
      const [theirs, ours] = [bytes.slice(0, macLength), hmacSha256(key, body)];
      if (!equalBytes(hmacSha256(key, theirs), hmacSha256(key, ours))) return;
      let frame: unknown;
      try {
        frame = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
      } catch {
        return;
      }
      await onFrame(frame);
    },
  );
}
