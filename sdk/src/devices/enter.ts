import type { Core } from "../client/core.ts";
import { knock } from "../conversation/entry/knocks.ts";
import { inviteOwnDevices, joinOwnDevice } from "../conversation/entry/ownDevices.ts";
import { peopleOf } from "../conversation/group/state.ts";
import { liveSession } from "../conversation/transmit.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import type { ConversationId } from "../types/primitives.ts";
import { waited } from "./patiently.ts";

/** So many knocks are under way: a device that lets in keeps few letters of one person waiting. */
const parallel = 4;
const answerPatience = 20_000;

const running = new WeakMap<Core, Promise<void>>();

/**
 * Knocks at one's own other devices for every conversation whose history is here and whose keys are not. Once; what is not
 * answered in this run is asked for again after the next start, and the letter waits at the relays for a week.
 * @param widely at somebody else too: one's other devices may be lost, and still be listed
 */
export function enterConversations(core: Core, { widely = false } = {}): Promise<void> {
  const under = running.get(core);
  if (under) return under.then(() => enterConversations(core, { widely }));
  const work = enter(core, widely)
    .catch((error) => core.signal.aborted || core.problem(codeOf(error)))
    .then(() => void running.delete(core));
  running.set(core, work);
  return work;
}

/** Resolves when nobody knocks; after the client began to close. */
export const enteringIdle = async (core: Core): Promise<void> => running.get(core);

const outside = (core: Core): ConversationId[] =>
  core.threads.all().flatMap(({ id, left, sessions }) => (sessions.length > 0 || left ? [] : [id]));

async function enter(core: Core, widely: boolean): Promise<void> {
  const queue = outside(core);
  const worker = async () => {
    for (let id = queue.shift(); id !== undefined && !core.signal.aborted; id = queue.shift()) {
      await knockAt(core, id, widely);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

async function knockAt(core: Core, id: ConversationId, widely: boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const off = core.events.on("conversation", (summary) => summary.id === id && isIn(core, id) && resolve());
  core.signal.addEventListener("abort", () => resolve(), { once: true });
  try {
    const alone = await isAlone(core);
    if (!alone) await joinOwnDevice(core, id);
    if (alone || widely) await knockAtSomebody(core, id);
    if (!isIn(core, id)) await waited(promise, answerPatience);
  } catch (error) {
    // After the next start, then.
    if (!(error instanceof SkrumbleError) || error.category !== "network") throw error;
  } finally {
    off();
  }
}

const isAlone = async (core: Core): Promise<boolean> =>
  (await core.people.load(core.self.identity.publicId, 60_000)).devices.length < 2;

/** Somebody else of the conversation lets this device in; another one after the next start. */
async function knockAtSomebody(core: Core, id: ConversationId): Promise<void> {
  const own = core.self.identity.publicId;
  const state = core.threads.get(id)?.state;
  const others = state ? peopleOf(state).filter((publicId) => publicId !== own) : [];
  const chosen = others[Math.floor(Math.random() * others.length)];
  if (chosen) await knock(core, chosen, id);
}

const isIn = (core: Core, id: ConversationId): boolean => (core.threads.get(id)?.sessions.length ?? 0) > 0;

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
