import type { Core } from "../../client/core.ts";
import type { LeaveBody } from "../handshake.ts";
import { settle } from "./settle.ts";

/** Everybody is asked to carry a leave out; mostly one does, while the others see it done before their turn. */
const spread = 4000;

/** Somebody wants to go. Whoever is not in the group, or came back since they said so, is not meant. */
export async function receiveLeave(core: Core, { from, conversationId: id, leave }: LeaveBody): Promise<void> {
  const thread = core.threads.get(id);
  if (leave.publicId !== from || thread?.kind !== "group" || thread.left) return;
  if (thread.state.people[from] === undefined || Number(leave.epoch) < (thread.cameIn?.[from] ?? 0)) return;
  if (core.intents.of(id).some((intent) => intent.kind === "leave" && intent.leave.publicId === from)) return;
  await core.intents.add(id, [{ kind: "leave", leave }]);
  const first = thread.state.people[core.self.identity.publicId] === "owner";
  const timer = setTimeout(() => settle(core, id), first ? 0 : 500 + Math.random() * spread);
  core.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}
