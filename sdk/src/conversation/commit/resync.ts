import type { Core } from "../../client/core.ts";
import { codeOf } from "../../errors/index.ts";
import type { ConversationId, Millis, PublicId } from "../../types/primitives.ts";
import { knock } from "../entry/knocks.ts";
import { peopleOf } from "../group/state.ts";

/**
 * A device that cannot follow its group (its state is older than what it has told others, or it is on a way that nobody
 * took) asks a member to let it in anew. Every member may do that for somebody who belongs.
 */

/** It mostly solves itself: what is missing comes late, or the relays come back. */
const patience = 60_000;
const askEvery = 120_000;

interface Trouble {
  since: Millis;
  asked?: Millis;
  /** Whom to ask next. */
  turn: number;
}

const troubles = new WeakMap<Core, Map<ConversationId, Trouble>>();

/** Something is wrong with this device's state of a group. Never rejects. */
export async function noteTrouble(core: Core, id: ConversationId, { urgent = false } = {}): Promise<void> {
  const all = troubles.get(core) ?? new Map<ConversationId, Trouble>();
  troubles.set(core, all);
  const trouble = all.get(id) ?? { since: core.now(), turn: Math.floor(Math.random() * 256) };
  all.set(id, trouble);
  // The clock was set back.
  if (trouble.since > core.now() || (trouble.asked ?? 0) > core.now())
    Object.assign(trouble, { since: core.now(), asked: core.now() });
  const due = trouble.asked === undefined ? trouble.since + (urgent ? 0 : patience) : trouble.asked + askEvery;
  if (core.now() < due) return;
  trouble.asked = core.now();
  const whom = helper(core, id, trouble.turn++);
  if (!whom) return;
  await knock(core, whom, id).catch((error) => core.signal.aborted || core.problem(codeOf(error)));
}

export const noteWell = (core: Core, id: ConversationId): void => void troubles.get(core)?.delete(id);

/** Pauses before this device asks to come back, and asks again. */
const comeBackAfter = [20_000, 60_000, 300_000, 3_600_000];

/**
 * Out, though its person belongs and has not revoked it: its leaf was to make room for a new one, and the way in has not
 * come.
 */
export const isLost = (core: Core, id: ConversationId): boolean => {
  const { publicId, deviceKey } = core.self.identity;
  const thread = core.threads.get(id);
  if (thread?.left !== "removed" || thread.state.people[publicId] === undefined) return false;
  return core.people.get(publicId)?.devices.includes(deviceKey) ?? true;
};

/** Asks to be let in again while this device is out and its person is not. */
export function comeBack(core: Core, id: ConversationId, tries = 0): void {
  const delay = comeBackAfter[tries];
  if (delay === undefined || !isLost(core, id)) return;
  const timer = setTimeout(async () => {
    const whom = isLost(core, id) && !core.signal.aborted ? helper(core, id, tries) : undefined;
    if (!whom) return;
    await knock(core, whom, id).catch((error) => core.signal.aborted || core.problem(codeOf(error)));
    comeBack(core, id, tries + 1);
  }, delay);
  core.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

/** Another device of one's own first, if there is one; then the others in turn. */
function helper(core: Core, id: ConversationId, turn: number): PublicId | undefined {
  const thread = core.threads.get(id);
  if (!thread || thread.left === "left") return undefined;
  const own = core.self.identity;
  const others = thread.devices.some(({ publicId, device }) => publicId === own.publicId && device !== own.deviceKey);
  const people = peopleOf(thread.state).filter((publicId) => publicId !== own.publicId);
  const choice = others ? [own.publicId, ...people] : people;
  return choice[turn % choice.length];
}
