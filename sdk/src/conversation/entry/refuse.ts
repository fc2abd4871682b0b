import type { Core } from "../../client/core.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { encodeEnvelope } from "../envelope.ts";
import { mayManage } from "../group/authorise.ts";
import { withoutPeople } from "../group/leave.ts";
import { type openHandshake, signHandshake } from "../handshake.ts";
import type { SessionRecord } from "../threads.ts";
import { tellConversation } from "../view.ts";
import type { JoinRequest } from "./joinRequests.ts";
import { findKnock, forgetKnock, knockTtlSeconds } from "./knocks.ts";

/**
 * Prepares the answer to somebody who may not come in, to be kept and sent.
 * @throws SkrumbleError PERSON_NOT_FOUND, IDENTITY_CHANGED and what the registry may fail with
 */
export async function prepareRefusal(
  core: Core,
  id: ConversationId,
  { publicId, nonce }: Pick<JoinRequest, "publicId" | "nonce">,
) {
  const { identity, identityKey } = core.self;
  const person = await core.people.load(publicId, 3_600_000);
  const body = { v: 1, from: identity.publicId, nonce, conversationId: id } as const;
  const envelope = signHandshake("refusal", publicId, body, identityKey.secret);
  return core.outbox.prepare({
    to: [person],
    body: encodeEnvelope(envelope),
    expiresAt: core.now() + knockTtlSeconds * 1000,
  });
}

/** Somebody may not come in: whoever waits is told. */
export async function receiveRefusal(core: Core, body: ReturnType<typeof openHandshake<"refusal">>): Promise<void> {
  const knock = await findKnock(core, body.nonce);
  if (knock?.conversationId !== body.conversationId || knock.answer) return;
  const thread = core.threads.get(body.conversationId);
  if (thread && (!thread.left || knock.again)) return beOut(core, body);
  await core.vault.write([forgetKnock(body.nonce)]);
  core.events.emit("refused", { conversationId: body.conversationId });
}

/** This device asked because it could not follow, and belongs no longer. Whoever could remove it may say so. */
async function beOut(core: Core, { from, nonce, conversationId: id }: ReturnType<typeof openHandshake<"refusal">>) {
  const own = core.self.identity.publicId;
  const told = await core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    if (thread?.kind !== "group" || thread.left === "left") return false;
    const believed = mayManage(thread.state, from, own);
    if (!thread.left && !believed) return false;
    // Of one that is out already: what came until now is no sign that it is otherwise.
    const last = thread.sessions.at(-1);
    const closed = (one: SessionRecord) => (one === last ? core.now() : (one.closed ?? core.now()));
    const sessions = thread.sessions.map((one) => ({ ...one, closed: closed(one) }));
    const state = believed ? withoutPeople(thread.state, [own]) : thread.state;
    await core.threads.save({ thread: { ...thread, state, sessions, left: "removed" }, also: [forgetKnock(nonce)] });
    return true;
  });
  if (told) tellConversation(core, id);
}
