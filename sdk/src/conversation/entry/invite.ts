import type { Core } from "../../client/core.ts";
import { randomBytes, toHexString } from "../../crypto/bytes.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { ConversationId, PublicId } from "../../types/primitives.ts";
import { encodeEnvelope } from "../envelope.ts";
import { isAdmin, maxPeople, peopleOf } from "../group/state.ts";
import { type InviteBody, signHandshake } from "../handshake.ts";
import { tellConversation } from "../view.ts";
import { invitedOp, invitedTo } from "./invited.ts";
import { knock, knockTtlSeconds, openKnocks } from "./knocks.ts";
import { joinOwnDevice } from "./ownDevices.ts";

/** Answers to invitations that wait. */
const maxKnocks = 64;

/**
 * Asks contacts into a group. Their devices answer by themselves when they are online, and come in one after the other.
 * @throws SkrumbleError GROUP_NOT_ADMIN, GROUP_FULL, NOT_CONNECTED, CONVERSATION_UNKNOWN
 */
export async function invitePeople(core: Core, id: ConversationId, people: readonly PublicId[]): Promise<void> {
  const { self } = core;
  await core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    if (thread?.kind !== "group") throw new SkrumbleError("CONVERSATION_UNKNOWN");
    if (thread.left || !isAdmin(thread.state, self.identity.publicId)) throw new SkrumbleError("GROUP_NOT_ADMIN");
    const before = await invitedTo(core, id);
    const missing = [...new Set(people)].filter((publicId) => !thread.state.people[publicId]);
    if (peopleOf(thread.state).length + missing.length > maxPeople) throw new SkrumbleError("GROUP_FULL");
    const ops = [];
    const sendings = [];
    for (const publicId of missing) {
      const contact = core.book.get(publicId);
      if (contact?.state !== "connected") throw new SkrumbleError("NOT_CONNECTED");
      // Asked again, the same invitation goes out once more.
      const nonce = before.find((one) => one.publicId === publicId)?.nonce ?? toHexString(randomBytes(32));
      const envelope = signHandshake(
        "invite",
        publicId,
        {
          ...{ v: 1, from: self.identity.publicId, nonce, conversationId: id },
          ...{ name: thread.state.name ?? "?", people: peopleOf(thread.state).length },
        },
        self.identityKey.secret,
      );
      const sending = await core.outbox.prepare({
        to: [contact],
        body: encodeEnvelope(envelope),
        expiresAt: core.now() + knockTtlSeconds * 1000,
      });
      ops.push(sending.op, invitedOp({ nonce, conversationId: id, publicId, at: core.now() }));
      sendings.push(sending);
    }
    await core.vault.write(ops);
    for (const sending of sendings) core.outbox.send(sending);
  });
  tellConversation(core, id);
}

/** A contact asks us into a group: every device of ours knocks for itself. Strangers cannot. */
export async function receiveInvite(core: Core, body: InviteBody): Promise<void> {
  if (body.from === core.self.identity.publicId) return joinOwnDevice(core, body.conversationId);
  if (core.book.get(body.from)?.state !== "connected") return;
  const thread = core.threads.get(body.conversationId);
  if (thread && (thread.kind !== "group" || !thread.left)) return;
  // Every knock keeps a key package, and contacts can ask without end.
  if ((await openKnocks(core)) >= maxKnocks) return;
  await knock(core, body.from, body.conversationId, { invite: body.nonce });
}
