import type { Core } from "../../client/core.ts";
import { randomBytes, toBase64Url, toHexString } from "../../crypto/bytes.ts";
import { createKeyPackage } from "../../crypto/mls/keyPackage.ts";
import type { ConversationId, Millis, PublicId } from "../../types/primitives.ts";
import { encodeEnvelope } from "../envelope.ts";
import { signHandshake } from "../handshake.ts";

/** A knock of this device that waits for its answer. */
export interface Knock {
  nonce: string;
  conversationId: ConversationId;
  /** Both halves, base64url. */
  keyPackage: string;
  at: Millis;
}

const collection = "knock";
export const knockTtlSeconds = 7 * 86_400;

export const findKnock = (core: Core, nonce: string): Promise<Knock | undefined> => core.vault.get(collection, nonce);

export const forgetKnock = (nonce: string) => ({ collection, key: nonce, delete: true as const });

/** Asks somebody in a conversation to let this device in. @throws SkrumbleError PERSON_NOT_FOUND, IDENTITY_CHANGED and what the registry may fail with */
export async function knock(
  core: Core,
  to: PublicId,
  conversationId: ConversationId,
  key: { invite?: string; proof?(nonce: string): string } = {},
): Promise<string> {
  const { self } = core;
  const person = await core.people.load(to, 3_600_000);
  const keyPackage = await createKeyPackage(self.claim, self.deviceKey.secret, core.now());
  const nonce = toHexString(randomBytes(32));
  const envelope = signHandshake(
    "knock",
    to,
    {
      ...{ v: 1, from: self.identity.publicId, nonce, sentAt: core.now(), conversationId },
      keyPackage: toBase64Url(keyPackage.public),
      ...(key.invite ? { invite: key.invite } : {}),
      ...(key.proof ? { proof: key.proof(nonce) } : {}),
    },
    self.identityKey.secret,
  );
  const sending = await core.outbox.prepare({
    to: [person],
    body: encodeEnvelope(envelope),
    expiresAt: core.now() + knockTtlSeconds * 1000,
  });
  const record: Knock = { nonce, conversationId, keyPackage: toBase64Url(keyPackage.private), at: core.now() };
  await core.vault.write([{ collection, key: nonce, value: record }, sending.op]);
  core.outbox.send(sending);
  return nonce;
}

/** How many knocks wait for an answer. */
export const openKnocks = async (core: Core): Promise<number> => (await core.vault.range(collection)).length;

/** After a start: those that nobody will answer any more. */
export async function dropKnocks(core: Core): Promise<void> {
  const rows = await core.vault.range<Knock>(collection);
  const old = rows.filter(({ value }) => core.now() - value.at > knockTtlSeconds * 1000);
  await core.vault.write(old.map(({ value }) => forgetKnock(value.nonce)));
}
