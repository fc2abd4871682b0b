import type { Core } from "../../client/core.ts";
import { randomBytes, toHexString } from "../../crypto/bytes.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { GroupActions } from "../../types/group.ts";
import type { ConversationId } from "../../types/primitives.ts";
import type { NewIntent, SettingsPatch } from "../commit/intents.ts";
import { settle } from "../commit/settle.ts";
import { invitePeople } from "../entry/invite.ts";
import { decideRequest } from "../entry/joinRequests.ts";
import { prepareShare } from "../sharing/send.ts";
import type { Thread } from "../threads.ts";
import { liveSession } from "../transmit.ts";
import { tellConversation } from "../view.ts";
import { mayManage } from "./authorise.ts";
import { checked, pictureOf } from "./create.ts";
import { formatGroupLink } from "./link.ts";
import { prepareLeave } from "./sayLeave.ts";
import { isAdmin, maxPinned } from "./state.ts";
import { groupView } from "./view.ts";

/** @throws SkrumbleError CONVERSATION_UNKNOWN, GROUP_LEFT, GROUP_NOT_ADMIN, GROUP_BUSY, INPUT_INVALID, STORE_FAILED; each verb as it needs */
export function groupActions(core: Core, id: ConversationId, origin: string): GroupActions {
  const own = core.self.identity.publicId;
  const thread = (): Thread => {
    const found = core.threads.get(id);
    if (!found) throw new SkrumbleError("CONVERSATION_UNKNOWN");
    return found;
  };
  const asAdmin = (): Thread => {
    const found = thread();
    if (found.left) throw new SkrumbleError("GROUP_LEFT");
    if (!isAdmin(found.state, own)) throw new SkrumbleError("GROUP_NOT_ADMIN");
    return found;
  };
  const want = async (...intents: NewIntent[]) => {
    await core.intents.add(id, intents);
    settle(core, id);
    tellConversation(core, id);
  };
  const patch = async (changes: SettingsPatch) => {
    const set = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null));
    checked({ ...asAdmin().state, ...set });
    await want({ kind: "settings", patch: changes });
  };
  const freshLink = () => ({ invite: toHexString(randomBytes(16)) });
  return {
    view: () => groupView(core, thread()),
    invite: (people) => invitePeople(core, id, people),
    async remove(publicId) {
      if (!mayManage(asAdmin().state, own, publicId) || publicId === own) throw new SkrumbleError("GROUP_NOT_ADMIN");
      // Whoever is out knows the link.
      await want({ kind: "remove people", people: [publicId] }, { kind: "settings", patch: freshLink() });
    },
    async setRole(publicId, role) {
      if (asAdmin().state.people[own] !== "owner") throw new SkrumbleError("GROUP_NOT_ADMIN");
      await want({ kind: "role", publicId, role });
    },
    async update({ picture, name, description, ...policy }) {
      await patch({
        ...policy,
        ...(name === undefined ? {} : { name: name.trim() }),
        ...(description === undefined ? {} : { description: description.trim() || null }),
        ...(picture === undefined ? {} : { picture: picture && pictureOf(picture) }),
      });
    },
    async pin(messageId, on) {
      const others = (asAdmin().state.pinned ?? []).filter((one) => one !== messageId);
      await patch({ pinned: on ? [messageId, ...others].slice(0, maxPinned) : others });
    },
    leave: () => leaveGroup(core, id),
    link: async () => formatGroupLink(origin, thread(), own),
    resetLink: () => patch(freshLink()),
    async decide(publicId, accept) {
      asAdmin();
      await decideRequest(core, id, publicId, accept);
    },
    async shareHistory(publicId, { since } = {}) {
      const { intent, shared } = await prepareShare(core, asAdmin(), publicId, since);
      await want(intent);
      return shared;
    },
  };
}

/** The last one out only closes the door; others are asked to carry it out. */
async function leaveGroup(core: Core, id: ConversationId): Promise<void> {
  await core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    if (thread?.kind !== "group") throw new SkrumbleError("CONVERSATION_UNKNOWN");
    if (!liveSession(thread)) return;
    const sends = await prepareLeave(core, thread);
    // From here on this device neither sends nor takes part; the others' commit only makes it known to them.
    await core.threads.save({ thread: { ...thread, left: "left" }, also: sends.map(({ op }) => op) });
    for (const sending of sends) core.outbox.send(sending);
  });
  tellConversation(core, id);
}
