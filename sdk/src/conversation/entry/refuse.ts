import type { Core } from "../../client/core.ts";
import { fromHex } from "../../crypto/bytes.ts";
import { seal } from "../../crypto/seal.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { encodeEnvelope } from "../envelope.ts";
import { type openHandshake, signHandshake } from "../handshake.ts";
import type { JoinRequest } from "./joinRequests.ts";
import { findKnock, forgetKnock, knockTtlSeconds } from "./knocks.ts";

/**
 * Prepares the answer to somebody who may not come in, to be kept and sent.
 * @throws SkrumbleError PERSON_NOT_FOUND, IDENTITY_CHANGED and what the registry may fail with
 */
export async function prepareRefusal(core: Core, id: ConversationId, { publicId, nonce }: JoinRequest) {
  const { identity, identityKey } = core.self;
  const person = await core.people.load(publicId, 3_600_000);
  const body = { v: 1, from: identity.publicId, nonce, conversationId: id } as const;
  const envelope = signHandshake("refusal", publicId, body, identityKey.secret);
  return core.outbox.prepare({
    to: publicId,
    payload: await seal(fromHex(person.agreementKey), encodeEnvelope(envelope)),
    expiresAt: core.now() + knockTtlSeconds * 1000,
  });
}

/** Somebody may not come in: whoever waits is told. */
export async function receiveRefusal(core: Core, body: ReturnType<typeof openHandshake<"refusal">>): Promise<void> {
  const knock = await findKnock(core, body.nonce);
  if (knock?.conversationId !== body.conversationId || knock.answer) return;
  await core.vault.write([forgetKnock(body.nonce)]);
  core.events.emit("refused", { conversationId: body.conversationId });
}
