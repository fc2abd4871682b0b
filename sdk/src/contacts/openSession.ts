import { certifyConversation } from "../anchor/certifyConversation.ts";
import type { IdentityRecord } from "../chain/types.ts";
import type { Core } from "../client/core.ts";
import { withSession } from "../conversation/replaced.ts";
import type { SessionRecord, Thread } from "../conversation/threads.ts";
import type { MlsGroup } from "../crypto/mls/group.ts";
import type { VaultOp } from "../store/index.ts";
import type { ConversationId, Hex } from "../types/primitives.ts";
import type { ContactRecord, SentRequest } from "./book.ts";
import { noteChecked } from "./checkContact.ts";
import { lateRequests } from "./lateRequests.ts";

/** Makes a contact "connected" over a new group, beside or in place of earlier groups with the same person. */
export async function openSession(
  core: Core,
  input: {
    contact: ContactRecord;
    peer: IdentityRecord;
    conversationId: ConversationId;
    route: string;
    /** The other device. */
    device: Hex;
    group: MlsGroup;
    creator: boolean;
    /** Requests of ours that may still be answered, newest first: an answer to one of them replaces this session. */
    open?: SentRequest[];
    also?: VaultOp[];
  },
): Promise<void> {
  const { contact, peer, conversationId, route, device, group, creator } = input;
  const { sent: _, earlier: __, problem: ___, received, ...kept } = contact;
  const [sent, ...earlier] = input.open ?? [];
  const connected: ContactRecord = {
    ...kept,
    ...(sent ? { sent, earlier } : {}),
    late: lateRequests(core, contact, input.open),
    done: received && !kept.done.includes(received.nonce) ? [...kept.done, received.nonce] : kept.done,
    state: "connected",
    pseudonym: peer.name,
    agreementKey: peer.agreementKey,
    conversationId,
    since: contact.state === "connected" ? contact.since : core.now(),
  };
  const session: SessionRecord = { route, device, since: core.now(), sent: 0, received: 0, missing: [] };
  await core.serial.run(conversationId, async () => {
    const before = core.threads.get(conversationId);
    const thread: Thread = {
      id: conversationId,
      publicId: contact.publicId,
      next: before?.next ?? 1,
      unread: before?.unread ?? 0,
      unconfirmed: before?.unconfirmed ?? [],
      certificate: { state: "waiting", since: core.now() },
      creator,
      sessions: withSession(before?.sessions ?? [], session, core.now()),
    };
    // One write: a contact without its conversation, or the other way round, could never be mended.
    const { op, written } = core.book.prepare(connected);
    await core.threads.save({ thread, groups: new Map([[route, group]]), also: [op, ...(input.also ?? [])] });
    written();
    noteChecked(core, contact.publicId);
  });
  certifyConversation(core, conversationId);
}
