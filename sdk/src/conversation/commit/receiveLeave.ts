import type { Core } from "../../client/core.ts";

import type { ConversationId, PublicId } from "../../types/primitives.ts";
import type { Leave } from "../group/leaveStatement.ts";
import { settle } from "./settle.ts";

/** Everybody is asked to carry a leave out; mostly one does, while the others see it done before their turn. */
const spread = 4000;

/** Somebody wants to go. Inside the lane. */
export async function receiveLeave(core: Core, id: ConversationId, from: PublicId, leave: Leave): Promise<void> {
  if (leave.publicId !== from) return;
  await core.intents.add(id, [{ kind: "leave", leave }]);
  const first = core.threads.get(id)?.state.people[core.self.identity.publicId] === "owner";
  const timer = setTimeout(() => settle(core, id), first ? 0 : 500 + Math.random() * spread);
  core.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}
