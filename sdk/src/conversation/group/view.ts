import type { Core } from "../../client/core.ts";
import { fromBase64Url } from "../../crypto/bytes.ts";
import type { GroupView } from "../../types/group.ts";
import { invitedTo } from "../entry/invited.ts";
import { joinRequests } from "../entry/joinRequests.ts";
import type { Thread } from "../threads.ts";
import { isAdmin, peopleOf } from "./state.ts";

/** A group as programs see it. */
export async function groupView(core: Core, thread: Thread): Promise<GroupView> {
  const { id, state, devices, left } = thread;
  const own = core.self.identity.publicId;
  const nameOf = (publicId: `0x${string}`) =>
    publicId === own ? core.self.identity.pseudonym : (core.people.get(publicId)?.pseudonym ?? publicId.slice(0, 10));
  const role = left ? undefined : state.people[own];
  const admin = !left && isAdmin(state, own);
  const invited = admin ? (await invitedTo(core, id)).filter(({ publicId }) => !state.people[publicId]) : [];
  const requests = admin ? await joinRequests(core, id) : [];
  return {
    name: state.name ?? "",
    description: state.description ?? "",
    ...(state.picture ? { picture: fromBase64Url(state.picture) } : {}),
    ...(role ? { role } : {}),
    people: peopleOf(state).map((publicId) => ({
      publicId,
      pseudonym: nameOf(publicId),
      role: state.people[publicId] ?? "member",
      devices: devices.filter((device) => device.publicId === publicId).length,
    })),
    write: state.write ?? "all",
    join: state.join ?? "approval",
    pinned: state.pinned ?? [],
    invited: invited.map(({ publicId }) => ({ publicId, pseudonym: nameOf(publicId) })),
    requests: requests.map(({ publicId, pseudonym, at }) => ({ publicId, pseudonym, at })),
    settling: !left && core.intents.of(id).length > 0,
    ...(left ? { left } : {}),
  };
}
