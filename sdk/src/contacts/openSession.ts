import { certifyConversation } from "../anchor/certifyConversation.ts";
import type { Core } from "../client/core.ts";
import type { SettingsPatch } from "../conversation/commit/intents.ts";
import { devicesOf } from "../conversation/commit/judge.ts";
import { settle } from "../conversation/commit/settle.ts";
import { decodeState, type GroupState } from "../conversation/group/state.ts";
import { newSession } from "../conversation/newSession.ts";
import { withSession } from "../conversation/replaced.ts";
import type { Thread } from "../conversation/threads.ts";
import { groupStateOf, type MlsGroup } from "../crypto/mls/state.ts";
import type { VerifiedPeer } from "../identity/verifyPeer.ts";
import type { VaultOp } from "../store/index.ts";
import type { ConversationId } from "../types/primitives.ts";
import type { ContactRecord, SentRequest } from "./book.ts";
import { noteChecked } from "./checkContact.ts";
import { lateRequests } from "./lateRequests.ts";

/** Makes a contact "connected" over a new group, in place of an earlier one with the same person. */
export async function openSession(
  core: Core,
  input: {
    contact: ContactRecord;
    peer: VerifiedPeer;
    conversationId: ConversationId;
    route: string;
    group: MlsGroup;
    creator: boolean;
    /** Requests of ours that may still be answered, newest first: an answer to one of them replaces this session. */
    open?: SentRequest[];
    also?: VaultOp[];
  },
): Promise<void> {
  const { contact, peer, conversationId, route, group, creator } = input;
  const { sent: _, earlier: __, problem: ___, received, ...kept } = contact;
  const [sent, ...earlier] = input.open ?? [];
  const connected: ContactRecord = {
    ...kept,
    ...(sent ? { sent, earlier } : {}),
    late: lateRequests(core, contact, input.open),
    done: received && !kept.done.includes(received.nonce) ? [...kept.done, received.nonce] : kept.done,
    state: "connected",
    pseudonym: peer.record.name,
    agreementKey: peer.record.agreementKey,
    conversationId,
    since: contact.state === "connected" ? contact.since : core.now(),
  };
  await core.serial.run(conversationId, async () => {
    const before = core.threads.get(conversationId);
    const now = core.now();
    const state = decodeState(groupStateOf(group));
    const thread: Thread = {
      ...{ next: await core.threads.nextNumber(conversationId), unread: 0, unconfirmed: [] },
      ...before,
      id: conversationId,
      kind: "pair",
      publicId: contact.publicId,
      state,
      devices: devicesOf(group),
      certificate: { state: "waiting", since: now },
      creator,
      sessions: withSession(before?.sessions ?? [], newSession(route, group, { since: now }), now),
    };
    const patch = missingIn(state, before?.state);
    const wanted = core.intents.prepareAdd(conversationId, patch ? [{ kind: "settings", patch }] : []);
    // One write: a contact without its conversation, or the other way round, could never be mended.
    const written = [core.book.prepare(connected), core.people.prepare(peer.record, peer.devices)];
    const also = [...written.map(({ op }) => op), ...wanted.ops, ...(input.also ?? [])];
    await core.threads.save({ thread, groups: new Map([[route, group]]), also });
    for (const one of written) one.written();
    wanted.written();
    noteChecked(core, contact.publicId);
  });
  certifyConversation(core, conversationId);
  settle(core, conversationId);
}

/** Of what stays in a conversation: what the maker of its new group, on a device without it, did not know. */
function missingIn(state: GroupState, before: GroupState | undefined): SettingsPatch | undefined {
  const patch: SettingsPatch = {
    ...(before?.timer && state.timer === undefined ? { timer: before.timer } : {}),
    ...(before?.pinned?.length && state.pinned === undefined ? { pinned: before.pinned } : {}),
  };
  return Object.keys(patch).length > 0 ? patch : undefined;
}
