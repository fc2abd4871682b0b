import { certifyConversation } from "../../anchor/certifyConversation.ts";
import type { Core } from "../../client/core.ts";
import { randomBytes, toBase64Url, toHexString } from "../../crypto/bytes.ts";
import { createMlsGroup } from "../../crypto/mls/create.ts";
import { createKeyPackage } from "../../crypto/mls/keyPackage.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { GroupInput } from "../../types/group.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { devicesOf } from "../commit/judge.ts";
import { invitePeople } from "../entry/invite.ts";
import { inviteOwnDevices } from "../entry/ownDevices.ts";
import { newSession } from "../newSession.ts";
import { orderRelays } from "../order/orderRelays.ts";
import type { Thread } from "../threads.ts";
import { tellConversation, tellMessages } from "../view.ts";
import { encodeState, type GroupState, maxPicture, stateSchema } from "./state.ts";

/**
 * Makes a group of this device alone, and asks contacts in.
 * @throws SkrumbleError INPUT_INVALID, NOT_CONNECTED, RELAY_NONE, STORE_FAILED
 */
export async function createGroupConversation(core: Core, input: GroupInput): Promise<ConversationId> {
  const { self } = core;
  const own = self.identity.publicId;
  for (const publicId of input.people ?? []) {
    if (core.book.get(publicId)?.state !== "connected") throw new SkrumbleError("NOT_CONNECTED");
  }
  const id = toHexString(randomBytes(16));
  const state = checked({
    ...{ v: 1, kind: "group", order: orderRelays(core, id), people: { [own]: "owner" } },
    name: input.name.trim(),
    ...(input.description?.trim() ? { description: input.description.trim() } : {}),
    ...(input.picture ? { picture: pictureOf(input.picture) } : {}),
    ...{ write: input.write ?? "all", join: input.join ?? "approval", invite: toHexString(randomBytes(16)) },
  });
  const keyPackage = await createKeyPackage(self.claim, self.deviceKey.secret, core.now());
  const expected = { get: () => [self.deviceKey.public] };
  const { group } = await createMlsGroup({ own: keyPackage, groupState: encodeState(state), add: [], expected });
  const route = toHexString(randomBytes(16));
  const now = core.now();
  const thread: Thread = {
    ...{ id, kind: "group", state, devices: devicesOf(group), next: 2, unread: 0, unconfirmed: [], creator: true },
    certificate: { state: "waiting", since: now },
    sessions: [newSession(route, group, { since: now })],
  };
  const created = {
    ...{ id, number: 1, from: own, outgoing: true, at: now, delivery: "delivered" as const },
    body: { type: "notice" as const, notice: { kind: "created" as const, by: own } },
  };
  await core.serial.run(id, () =>
    core.threads.save({ thread, groups: new Map([[route, group]]), messages: [created] }),
  );
  await tellMessages(core, id, [created]);
  tellConversation(core, id);
  certifyConversation(core, id);
  await inviteOwnDevices(core, id);
  if (input.people?.length) await invitePeople(core, id, input.people);
  return id;
}

/** @throws SkrumbleError INPUT_INVALID */
export function checked(state: GroupState): GroupState {
  if (!stateSchema.safeParse(state).success)
    throw new SkrumbleError("INPUT_INVALID", { details: "The group's settings." });
  return state;
}

/** @throws SkrumbleError INPUT_INVALID */
export function pictureOf(bytes: Uint8Array): string {
  if (bytes.length === 0 || bytes.length > maxPicture) {
    throw new SkrumbleError("INPUT_INVALID", { details: `A picture has at most ${maxPicture} bytes.` });
  }
  return toBase64Url(bytes);
}
