import type { Core } from "../client/core.ts";
import { encodeEnvelope } from "../conversation/envelope.ts";
import { maxNote, signHandshake } from "../conversation/handshake.ts";
import { randomBytes, toBase64Url, toHexString } from "../crypto/bytes.ts";
import { createKeyPackage } from "../crypto/mls/keyPackage.ts";
import { SkrumbleError } from "../errors/index.ts";
import { readPeer } from "../identity/verifyPeer.ts";
import type { Contact } from "../types/client.ts";
import type { PublicId } from "../types/primitives.ts";
import { acceptRequest } from "./accept.ts";
import { type ContactRecord, publicContact } from "./book.ts";
import { doWork } from "./work.ts";

/** Relays keep requests and answers for so long. */
export const handshakeTtlSeconds = 30 * 86_400;
/** Requests before the newest that may still be answered. */
const maxEarlier = 4;

/**
 * Asks somebody for a conversation. Resolves when the request is kept locally and on its way. If that person has asked
 * already, this accepts. With `renew` also when the two are connected: the answer brings a new session in place of the
 * present one.
 * @throws SkrumbleError CONTACT_IS_SELF, CONTACT_BLOCKED, MESSAGE_TOO_LONG (note), PERSON_NOT_FOUND, IDENTITY_CHANGED,
 * IDENTITY_REVOKED, QUORUM_FAILED, CHAIN_UNREACHABLE, STORE_FAILED
 */
export async function requestContact(
  core: Core,
  publicId: PublicId,
  note?: string,
  { renew = false }: { renew?: boolean } = {},
): Promise<Contact> {
  if (publicId === core.self.identity.publicId) throw new SkrumbleError("CONTACT_IS_SELF");
  if (note !== undefined && note.length > maxNote) throw new SkrumbleError("MESSAGE_TOO_LONG");
  const peer = await readPeer(core.chain, publicId, core.signal);
  const nonce = toHexString(randomBytes(32));
  const from = core.self.identity.publicId;
  // Also for a contact: the device that answers may be a new one, to which everybody is a stranger. The lane is not held
  // meanwhile, because the other person may be asking at this moment.
  const work = await doWork({ from, to: publicId, nonce }, core.signal);
  return core.serial.run(`contact ${publicId}`, async () => {
    const known = core.book.get(publicId);
    if (known?.state === "blocked") throw new SkrumbleError("CONTACT_BLOCKED");
    const connected = known?.state === "connected";
    if (connected && !renew) return publicContact(known);
    if (known?.state === "request-received") {
      await acceptRequest(core, known);
      return publicContact(core.book.get(publicId) ?? known);
    }
    const keyPackage = await createKeyPackage(core.self.claim, core.self.deviceKey.secret, core.now());
    const envelope = signHandshake(
      "request",
      publicId,
      {
        v: 1,
        from,
        nonce,
        sentAt: core.now(),
        keyPackage: toBase64Url(keyPackage.public),
        ...(note ? { note } : {}),
        work,
        ...(connected ? { renew: true as const } : {}),
      },
      core.self.identityKey.secret,
    );
    const sending = await core.outbox.prepare({
      to: [{ publicId, agreementKey: peer.agreementKey }],
      body: encodeEnvelope(envelope),
      expiresAt: core.now() + handshakeTtlSeconds * 1000,
    });
    const waiting = {
      sent: { nonce, keyPackage: toBase64Url(keyPackage.private) },
      earlier: [...(known?.sent ? [known.sent] : []), ...(known?.earlier ?? [])].slice(0, maxEarlier),
    };
    const record: ContactRecord = {
      publicId,
      pseudonym: peer.name,
      state: "request-sent",
      since: core.now(),
      verified: known?.verified ?? false,
      agreementKey: peer.agreementKey,
      ...(known?.received ? { received: known.received } : {}),
      done: known?.done ?? [],
      ...(note ? { note } : {}),
      // The present session serves until the new one is there.
      ...(connected ? { ...known, ...waiting } : waiting),
    };
    await core.book.save(record, [sending.op]);
    core.outbox.send(sending);
    return publicContact(record);
  });
}
