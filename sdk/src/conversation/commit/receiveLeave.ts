import type { Core } from "../../client/core.ts";
import { pauseFor } from "../../client/pauseFor.ts";
import { leaveHolds } from "../group/leave.ts";
import type { LeaveBody } from "../handshake.ts";
import { liveSession } from "../transmit.ts";
import { endingEpoch } from "./judge.ts";
import { settle } from "./settle.ts";

/** Everybody is asked to carry a leave out; mostly one does, while the others see it done before their turn. */
const spread = 4000;

/**
 * Somebody wants to go. Whoever is not in the group, or came back since they said so, is not meant; one statement of a person is enough.
 * @throws SkrumbleError GROUP_BUSY
 */
export async function receiveLeave(core: Core, { from, conversationId: id, leave }: LeaveBody): Promise<void> {
  const thread = core.threads.get(id);
  const session = thread && liveSession(thread);
  if (leave.publicId !== from || thread?.kind !== "group" || !session) return;
  if (thread.state.people[from] === undefined) return;
  if (core.intents.of(id).some((intent) => intent.kind === "leave" && intent.leave.publicId === from)) return;
  if (!leaveHolds(endingEpoch(await core.threads.group(session.route), thread.state), leave)) return;
  await core.intents.add(id, [{ kind: "leave", leave }]);
  const first = thread.state.people[core.self.identity.publicId] === "owner";
  void pauseFor(core.signal, first ? 0 : 500 + Math.random() * spread).then(() => settle(core, id));
}
