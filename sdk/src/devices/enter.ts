import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import { knock } from "../conversation/entry/knocks.ts";
import { inviteOwnDevices, joinOwnDevice } from "../conversation/entry/ownDevices.ts";
import { peopleOf } from "../conversation/group/state.ts";
import { liveSession } from "../conversation/transmit.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import type { ConversationId, Millis } from "../types/primitives.ts";
import { waited } from "./patiently.ts";

/** So many knocks are under way: a device that lets in keeps few letters of one person waiting. */
const parallel = 4;
const answerPatience = 20_000;
/** Between two knocks for one conversation; doubles. Relays keep each for a week, but whoever was asked may be gone for good. */
const pauses = { min: 30_000, max: 6 * 3_600_000 };
/** While relays or chain are away and no knock goes out. */
const outages = { min: 2_000, max: 60_000 };

/** How often this device has knocked for a conversation, and when last. */
interface Attempt {
  id: ConversationId;
  tries: number;
  at: Millis;
}

const collection = "entering";

interface Run {
  widely: boolean;
  /** What was tried before does not count. */
  anew: boolean;
  /** There is more to enter. */
  wake(): void;
  done: Promise<void>;
}

const running = new WeakMap<Core, Run>();

/**
 * Knocks at one's own other devices for every conversation whose history is here and whose keys are not, and from the second
 * time on at somebody else of it too, until this device is let in or hears that it does not belong any more. Goes on after a
 * restart when the next time has come.
 * @param widely at somebody else from the beginning: one's other devices may be lost, and still be listed
 * @param anew at once, however often it was tried before
 */
export function enterConversations(core: Core, { widely = false, anew = false } = {}): void {
  const under = running.get(core);
  if (under) {
    under.widely ||= widely;
    under.anew ||= anew;
    under.wake();
    return;
  }
  const run: Run = { widely, anew, wake: () => undefined, done: Promise.resolve() };
  running.set(core, run);
  run.done = enter(core, run)
    .catch((error) => core.signal.aborted || core.problem(codeOf(error)))
    .then(() => void (running.get(core) === run && running.delete(core)));
}

/** Resolves when nobody knocks; after the client began to close. */
export const enteringIdle = async (core: Core): Promise<void> => running.get(core)?.done;

const outside = (core: Core): ConversationId[] =>
  core.threads.all().flatMap(({ id, left, sessions }) => (sessions.length > 0 || left ? [] : [id]));

async function enter(core: Core, run: Run): Promise<void> {
  const rows = await core.vault.range<Attempt>(collection, { skipDamaged: true });
  const attempts = new Map(rows.map(({ value }) => [value.id, value]));
  for (let pause = outages.min; !core.signal.aborted; ) {
    await forgetEntered(core, attempts);
    let woken = false;
    run.wake = () => {
      woken = true;
    };
    const rest = outside(core);
    if (rest.length === 0) return void running.delete(core);
    if (run.anew) attempts.clear();
    run.anew = false;
    const due = rest.filter((id) => dueAt(attempts.get(id), core.now()) <= core.now());
    const gotOut = await knockAtAll(core, due, run, attempts);
    const next = Math.min(...outside(core).map((id) => dueAt(attempts.get(id), core.now())));
    if (next === Number.POSITIVE_INFINITY) continue;
    const wait = gotOut ? Math.max(next - core.now(), 0) : pause;
    pause = gotOut ? outages.min : Math.min(2 * pause, outages.max);
    if (woken) continue;
    await pauseFor(core.signal, wait, (wake) => {
      run.wake = wake;
    });
  }
}

/** A clock that was set back does not count. */
function dueAt(attempt: Attempt | undefined, now: Millis): Millis {
  if (!attempt || attempt.at > now) return 0;
  return attempt.at + Math.min(pauses.min * 2 ** Math.min(attempt.tries - 1, 20), pauses.max);
}

async function forgetEntered(core: Core, attempts: Map<ConversationId, Attempt>): Promise<void> {
  const rest = outside(core);
  const entered = [...attempts.keys()].filter((id) => !rest.includes(id));
  for (const id of entered) attempts.delete(id);
  await core.vault.write(entered.map((key) => ({ collection, key, delete: true as const })));
}

/** @returns false where relays or chain were away */
async function knockAtAll(
  core: Core,
  due: readonly ConversationId[],
  run: Run,
  attempts: Map<ConversationId, Attempt>,
): Promise<boolean> {
  const queue = [...due];
  let gotOut = true;
  const worker = async () => {
    for (let id = queue.shift(); id !== undefined && gotOut && !core.signal.aborted; id = queue.shift()) {
      const tries = attempts.get(id)?.tries ?? 0;
      const knocked = async () => {
        const attempt: Attempt = { id, tries: tries + 1, at: core.now() };
        attempts.set(id, attempt);
        await core.vault.write([{ collection, key: id, value: attempt }]);
      };
      gotOut = (await knockAt(core, id, run.widely || tries > 0, knocked)) && gotOut;
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return gotOut;
}

async function knockAt(
  core: Core,
  id: ConversationId,
  widely: boolean,
  knocked: () => Promise<void>,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const isOver = () => !outside(core).includes(id);
  const off = core.events.on("conversation", (summary) => summary.id === id && isOver() && resolve());
  core.signal.addEventListener("abort", () => resolve(), { once: true });
  try {
    const alone = await isAlone(core);
    if (!alone) await joinOwnDevice(core, id);
    if (alone || widely) await knockAtSomebody(core, id);
    await knocked();
    if (!isOver()) await waited(promise, answerPatience);
    return true;
  } catch (error) {
    if (core.signal.aborted) return true;
    if (error instanceof SkrumbleError && error.category === "network") return false;
    // Somebody else of the conversation may be asked the next time.
    core.problem(codeOf(error));
    await knocked();
    return true;
  } finally {
    off();
  }
}

const isAlone = async (core: Core): Promise<boolean> =>
  (await core.people.load(core.self.identity.publicId, 60_000)).devices.length < 2;

/** Somebody else of the conversation lets this device in; perhaps another one the next time. */
async function knockAtSomebody(core: Core, id: ConversationId): Promise<void> {
  const own = core.self.identity.publicId;
  const state = core.threads.get(id)?.state;
  const others = state ? peopleOf(state).filter((publicId) => publicId !== own) : [];
  const chosen = others[Math.floor(Math.random() * others.length)];
  if (chosen) await knock(core, chosen, id);
}

/** New conversations of this device are those of one's other devices too. @returns how to stop */
export function bringOwnDevices(core: Core): () => void {
  const told = new Set<ConversationId>();
  return core.events.on("contacts", ({ state, conversationId: id }) => {
    if (state !== "connected" || id === undefined || told.has(id)) return;
    const own = core.self.identity.publicId;
    const listed = core.people.get(own)?.devices ?? [];
    const thread = core.threads.get(id);
    if (!thread || !liveSession(thread)) return;
    const missing = listed.filter((device) => !thread.devices.some((one) => one.device === device));
    if (missing.length === 0) return;
    told.add(id);
    inviteOwnDevices(core, id).catch((error) => core.signal.aborted || core.problem(codeOf(error)));
  });
}
