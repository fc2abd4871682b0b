import type { Core } from "../../client/core.ts";
import { epochOf } from "../../crypto/mls/state.ts";
import type { ConversationId, Millis } from "../../types/primitives.ts";
import { signLeave } from "../group/leaveStatement.ts";
import { textTtlSeconds } from "../limits.ts";
import { openSessionOf, transmit } from "../transmit.ts";

const said = new WeakMap<Core, Map<ConversationId, Millis>>();
/** The others may be about to carry it out. */
const every = 60_000;

/**
 * This device wanted to go, and the others still talk to it: what it said may have been lost. It is said again in the
 * epoch that the group is in now. Outside the lane.
 */
export async function remindOfLeave(core: Core, id: ConversationId): Promise<void> {
  const times = said.get(core) ?? new Map<ConversationId, Millis>();
  said.set(core, times);
  if (Math.abs(core.now() - (times.get(id) ?? 0)) < every) return;
  await core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    const session = thread && openSessionOf(thread);
    if (thread?.left !== "left" || !session) return;
    times.set(id, core.now());
    const { publicId } = core.self.identity;
    const group = await core.threads.group(session.route);
    const leave = signLeave(group.groupContext.groupId, epochOf(group), publicId, core.self.identityKey.secret);
    await transmit(core, id, {
      ttlSeconds: textTtlSeconds,
      build: () => ({ v: 1, type: "leave", leave }),
      parting: true,
    });
  });
}
