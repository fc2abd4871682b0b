import type { Core } from "../../client/core.ts";
import { randomBytes, toBase64Url, toHexString } from "../../crypto/bytes.ts";
import { createKeyPackage } from "../../crypto/mls/keyPackage.ts";
import type { VaultOp } from "../../store/index.ts";
import type { ConversationId, Millis, PublicId } from "../../types/primitives.ts";
import type { Standing } from "../commit/further.ts";
import { encodeEnvelope } from "../envelope.ts";
import { signHandshake } from "../handshake.ts";

/**
 * A knock of this device. It is kept for some epochs after the answer: whoever let this device in may find that they did so
 * on a way that nobody took, and let it in again.
 */
export interface Knock {
  nonce: string;
  conversationId: ConversationId;
  /** Both halves, base64url. */
  keyPackage: string;
  at: Millis;
  /** This device was in before and asked by itself: nobody waits for the answer. */
  again?: true;
  /** Its last answer: when, by the clock of who gave it, and the branch it led to. */
  answer?: { at: Millis; branch: string };
}

const collection = "knock";
/** Of one conversation: who asks for long asks somebody else every time. */
const maxKept = 16;
export const knockTtlSeconds = 7 * 86_400;

export const findKnock = (core: Core, nonce: string): Promise<Knock | undefined> => core.vault.get(collection, nonce);

export const forgetKnock = (nonce: string) => ({ collection, key: nonce, delete: true as const });

/** Asks somebody in a conversation to let this device in. @throws SkrumbleError PERSON_NOT_FOUND, IDENTITY_CHANGED and what the registry may fail with */
export async function knock(
  core: Core,
  to: PublicId,
  conversationId: ConversationId,
  key: { invite?: string; proof?(nonce: string): string; stands?: Standing } = {},
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
      ...(key.stands ? { stands: key.stands } : {}),
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
  const record: Knock = {
    ...{ nonce, conversationId, keyPackage: toBase64Url(keyPackage.private), at: core.now() },
    ...(key.stands ? { again: true } : {}),
  };
  const before = (await knocksOf(core, conversationId)).toSorted((a, b) => b.at - a.at);
  const surplus = before.slice(maxKept - 1).map((one) => forgetKnock(one.nonce));
  await core.vault.write([...surplus, { collection, key: nonce, value: record }, sending.op]);
  core.outbox.send(sending);
  return nonce;
}

export const answeredKnock = (knock: Knock, answer: NonNullable<Knock["answer"]>) => ({
  ...{ collection, key: knock.nonce },
  value: { ...knock, answer } satisfies Knock,
});

/** Whether a later knock of this device has been answered. */
export const wasAskedLater = async (core: Core, { conversationId, at }: Knock): Promise<boolean> =>
  (await knocksOf(core, conversationId)).some((one) => one.answer !== undefined && one.at > at);

/** Once nobody can go back to the epoch in which this device was let in. */
export const forgetAnswered = async (core: Core, id: ConversationId): Promise<VaultOp[]> =>
  (await knocksOf(core, id)).filter(({ answer }) => answer !== undefined).map(({ nonce }) => forgetKnock(nonce));

async function knocksOf(core: Core, id: ConversationId): Promise<Knock[]> {
  const rows = await core.vault.range<Knock>(collection);
  return rows.map(({ value }) => value).filter(({ conversationId }) => conversationId === id);
}

/** How many knocks wait for an answer. */
export const openKnocks = async (core: Core): Promise<number> =>
  (await core.vault.range<Knock>(collection)).filter(({ value }) => value.answer === undefined).length;

/** After a start: those that nobody will answer any more. */
export async function dropKnocks(core: Core): Promise<void> {
  const rows = await core.vault.range<Knock>(collection);
  const old = rows.filter(({ value }) => core.now() - value.at > knockTtlSeconds * 1000);
  await core.vault.write(old.map(({ value }) => forgetKnock(value.nonce)));
}
