import type { Core } from "../../client/core.ts";
import { toHex, toHexString, utf8 } from "../../crypto/bytes.ts";
import { sha256 } from "../../crypto/hash.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { encodeEnvelope } from "../envelope.ts";
import { signHandshake } from "../handshake.ts";
import { knock, knockTtlSeconds } from "./knocks.ts";

/** This device's other selves are told of a new conversation, and knock by themselves. */
export async function inviteOwnDevices(core: Core, id: ConversationId): Promise<void> {
  const { identity, identityKey, agreementKey } = core.self;
  const thread = core.threads.get(id);
  if (!thread) return;
  const envelope = signHandshake(
    "invite",
    identity.publicId,
    {
      ...{ v: 1, from: identity.publicId, conversationId: id, people: Object.keys(thread.state.people).length },
      nonce: toHexString(sha256(utf8(`skrumble own invite ${id}`))),
      name: thread.state.name ?? "-",
    },
    identityKey.secret,
  );
  const sending = await core.outbox.prepare({
    to: [{ publicId: identity.publicId, agreementKey: toHex(agreementKey.public) }],
    body: encodeEnvelope(envelope),
    expiresAt: core.now() + knockTtlSeconds * 1000,
  });
  await core.vault.write([sending.op]);
  core.outbox.send(sending);
}

/** Another device of one's own has a conversation that this one is not in. */
export async function joinOwnDevice(core: Core, conversationId: ConversationId): Promise<void> {
  const thread = core.threads.get(conversationId);
  if (thread && !thread.left && thread.sessions.length > 0) return;
  await knock(core, core.self.identity.publicId, conversationId);
}
