import type { Core } from "../../client/core.ts";
import { isOwnCommit } from "../../crypto/mls/readCommit.ts";
import type { ConversationId, Millis } from "../../types/primitives.ts";
import { nameOf, orderKeys } from "../order/leaf.ts";
import { advance, judge } from "./advance.ts";
import { reconsider } from "./fork.ts";
import { isFurther, type Standing } from "./further.ts";
import type { EpochRecord } from "./record.ts";
import { noteTrouble } from "./resync.ts";
import { showEpochs } from "./showEpochs.ts";
import { takeBallot } from "./votes.ts";

interface Suspicion {
  until: Millis;
  pause: number;
}

const suspected = new WeakMap<Core, Map<string, Suspicion>>();
/** Each time nothing comes of it the next look waits longer: many messages may wait for one epoch, or for none. */
const pauses = { first: 2000, longest: 60_000 };
/** What is no further than this device is waits for so long; then it belongs to a way that nobody took. */
const patience = 3_600_000;

/**
 * Something came of an epoch that nobody here knows: this device is behind, or the others took another way, or it is left
 * over from a way that nobody took. The relays are asked, then the last epochs are looked at again, and shown to the others.
 * @param message where it says its sender stands, which nobody has checked, and since when it waits
 * @returns "moved": this device is somewhere else now. "done": nothing can come of it any more.
 */
export async function suspectFork(
  core: Core,
  id: ConversationId,
  route: string,
  message: Standing & { at: Millis },
): Promise<"moved" | "later" | "done"> {
  if (await look(core, id, route)) return "moved";
  const { thread, session } = core.threads.byRoute(route) ?? {};
  if (!thread || !session) return "done";
  const records = await core.threads.epochs(route);
  // Of before this device came, or the ways parted before the last epoch that it could go back to.
  const tooOld = message.epoch < session.epoch && records.every(({ epoch }) => epoch >= message.epoch);
  if (tooOld) return "done";
  // Whoever has left follows nobody.
  if (thread.left === "left" || !isFurther(message, session))
    return core.now() - message.at < patience ? "later" : "done";
  // The others talk to somebody who was removed only if that does not count, or they were asked in again.
  const { closed = 0 } = session;
  if (message.at <= closed && closed <= core.now()) return "done";
  await noteTrouble(core, id);
  return "later";
}

async function look(core: Core, id: ConversationId, route: string): Promise<boolean> {
  const branch = () => core.threads.byRoute(route)?.session.branch;
  const before = branch();
  const all = suspected.get(core) ?? new Map<string, Suspicion>();
  suspected.set(core, all);
  const { until, pause } = all.get(route) ?? { until: 0, pause: pauses.first };
  // A clock that was set back does not count.
  if (core.now() < until && until - core.now() <= pauses.longest) return false;
  all.set(route, { until: core.now() + pause, pause: Math.min(pause * 2, pauses.longest) });
  while (await advance(core, id));
  if (branch() === before) {
    for (const record of await core.threads.epochs(route)) await lookAgain(core, id, route, record);
    await showEpochs(core, id, route);
  }
  if (branch() === before) return false;
  all.delete(route);
  return true;
}

async function lookAgain(core: Core, id: ConversationId, route: string, record: EpochRecord): Promise<void> {
  const group = await core.threads.pastGroup(route, record.epoch);
  if (!group) return;
  const judged = judge(core, group);
  // One's own cannot be read like others: what it passed over would look like the first in line.
  const valid = async (commit: Uint8Array) =>
    record.commits[nameOf(commit)] !== undefined || (await judged(commit)) || isOwnCommit(group, commit);
  const input = { keys: await orderKeys(group), relays: record.relays, valid };
  await reconsider(core, id, route, record.epoch, await takeBallot(core, input));
}
