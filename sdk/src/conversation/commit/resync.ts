import type { Core } from "../../client/core.ts";
import { pauseFor } from "../../client/pauseFor.ts";
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
/** One after the other, until all have been asked; then they may be away, or nobody is anywhere else. */
const askEvery = 120_000;
const askAllAgainAfter = 3_600_000;
const forgottenAfter = 300_000;

interface Trouble {
  since: Millis;
  /** When it was last noticed. */
  seen: Millis;
  asked?: Millis;
  /** Whom to ask first, and how many have been asked. */
  first: number;
  tries: number;
}

const troubles = new WeakMap<Core, Map<ConversationId, Trouble>>();

/** Something is wrong with this device's state of a group. Never rejects. */
export async function noteTrouble(core: Core, id: ConversationId, { urgent = false } = {}): Promise<void> {
  const all = troubles.get(core) ?? new Map<ConversationId, Trouble>();
  troubles.set(core, all);
  const now = core.now();
  const known = all.get(id);
  // What nobody has noticed for long was another trouble, and is over.
  const before = known && now - known.seen <= forgottenAfter ? known : undefined;
  const trouble: Trouble = before ?? { since: now, seen: now, first: Math.floor(Math.random() * 256), tries: 0 };
  all.set(id, trouble);
  trouble.seen = now;
  // The clock was set back.
  if (trouble.since > now || (trouble.asked ?? 0) > now) Object.assign(trouble, { since: now, asked: now });
  const choice = helpers(core, id);
  const allAsked = trouble.tries > 0 && trouble.tries % choice.length === 0;
  const pause = allAsked ? askAllAgainAfter : askEvery;
  const due = trouble.asked === undefined ? trouble.since + (urgent ? 0 : patience) : trouble.asked + pause;
  const whom = choice[(trouble.first + trouble.tries) % choice.length];
  if (now < due || !whom) return;
  trouble.asked = now;
  trouble.tries++;
  const session = core.threads.get(id)?.sessions.at(-1);
  // A device that has lost its state stands nowhere.
  const stands = session && !urgent ? { stands: { epoch: session.epoch, branch: session.branch } } : {};
  await knock(core, whom, id, stands).catch((error) => core.signal.aborted || core.problem(codeOf(error)));
}

export const noteWell = (core: Core, id: ConversationId): void => void troubles.get(core)?.delete(id);

/** Pauses before this device asks to come back, and asks again; the last one is repeated. */
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
  if (!isLost(core, id)) return;
  const pause = comeBackAfter[Math.min(tries, comeBackAfter.length - 1)] as number;
  void pauseFor(core.signal, pause).then(async () => {
    const choice = isLost(core, id) && !core.signal.aborted ? helpers(core, id) : [];
    const whom = choice[tries % choice.length];
    if (!whom) return;
    await knock(core, whom, id).catch((error) => core.signal.aborted || core.problem(codeOf(error)));
    comeBack(core, id, tries + 1);
  });
}

/** Another device of one's own first, if there is one; then the others. */
function helpers(core: Core, id: ConversationId): PublicId[] {
  const thread = core.threads.get(id);
  if (!thread || thread.left === "left") return [];
  const own = core.self.identity;
  const others = thread.devices.some(({ publicId, device }) => publicId === own.publicId && device !== own.deviceKey);
  const people = peopleOf(thread.state).filter((publicId) => publicId !== own.publicId);
  return others ? [own.publicId, ...people] : people;
}
