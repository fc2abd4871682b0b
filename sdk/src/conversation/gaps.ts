import type { Core } from "../client/core.ts";
import { codeOf } from "../errors/index.ts";
import type { ConversationId, Hex, Millis } from "../types/primitives.ts";
import type { GroupDevice } from "./group/authorise.ts";
import { textTtlSeconds } from "./limits.ts";
import { resend } from "./send/resend.ts";
import type { Received, SessionRecord } from "./threads.ts";
import { transmit } from "./transmit.ts";

/** A relay that drops or holds back messages shows as a hole in the counters of a sending device. */

const maxHoles = 256;
/** Relays deliver over separate connections, so a short hole is normal. */
const askAfter = [2000, 10_000, 60_000, 600_000];
/** Of these, for somebody who is heard. */
const whileHeard = 2;

/** The other side asks at such times too; more often can only mean that it wants us to work. */
const answerEvery = 60_000;
/** With so many payloads waiting for one person, what they ask for again has to wait. */
const maxWaiting = 512;

interface Turn {
  timer: ReturnType<typeof setTimeout>;
  tries: number;
}

/** Which devices of which sessions will be asked. */
const asking = new WeakMap<Core, Map<string, Turn>>();
/** When which counter of which session was answered to whom. */
const answered = new WeakMap<Core, Map<string, Map<number, Millis>>>();

/** Notes a counter that arrived from a device, and asks for what is missing before it. */
export function noteCounter(
  core: Core,
  id: ConversationId,
  session: SessionRecord,
  from: GroupDevice,
  n: number,
): void {
  const before = session.received[from.device] ?? { n: 0, missing: [] };
  if (n > before.n) noteSaid(core, id, session, from, n, n);
  else note(session, from.device, { n: before.n, missing: before.missing.filter((hole) => hole !== n) });
}

/**
 * Notes how much a device has said, and asks for what of it is not here: also a newcomer, which cannot know since when it was
 * in the group as the others see it. The sender knows what is not for it. `got`: the counter that has just come.
 */
export function noteSaid(
  core: Core,
  id: ConversationId,
  session: SessionRecord,
  from: GroupDevice,
  n: number,
  got?: number,
): void {
  const before = session.received[from.device] ?? { n: 0, missing: [] };
  const holes: number[] = [];
  for (let hole = Math.max(before.n + 1, n - maxHoles); hole <= n; hole++) if (hole !== got) holes.push(hole);
  const missing = [...before.missing, ...holes].slice(-maxHoles);
  note(session, from.device, { n: Math.max(n, before.n), missing });
  if (holes.length > 0) scheduleAsk(core, id, session.route, from, 0);
  // They are there: what they did not answer before is asked for again, and not in ten minutes.
  const next = asking.get(core)?.get(`${session.route} ${from.device}`)?.tries ?? askAfter.length;
  if (missing.length > 0 && next > whileHeard) scheduleAsk(core, id, session.route, from, whileHeard);
}

const note = (session: SessionRecord, device: Hex, received: Received): void => {
  session.received = { ...session.received, [device]: received };
};

/** The sender does not have these any more. */
export function noteGone(session: SessionRecord, device: Hex, ns: number[]): void {
  const before = session.received[device];
  if (before) note(session, device, { ...before, missing: before.missing.filter((hole) => !ns.includes(hole)) });
}

/** Asks again after a start for holes that were left open. */
export function resumeGaps(core: Core): void {
  for (const thread of core.threads.all()) {
    for (const { route, received } of thread.sessions) {
      for (const from of thread.devices) {
        if ((received[from.device]?.missing.length ?? 0) > 0) scheduleAsk(core, thread.id, route, from, 0);
      }
    }
  }
}

/** A new hole is asked for soon, with all that wait for their turn. */
function scheduleAsk(core: Core, id: ConversationId, route: string, from: GroupDevice, tries: number): void {
  const name = `${route} ${from.device}`;
  const turns = asking.get(core) ?? new Map<string, Turn>();
  asking.set(core, turns);
  const before = turns.get(name);
  if (before?.tries === 0) return;
  clearTimeout(before?.timer);
  const timer = setTimeout(() => {
    turns.delete(name);
    if (core.signal.aborted) return;
    ask(core, id, route, from)
      .then((asked) => asked && tries + 1 < askAfter.length && scheduleAsk(core, id, route, from, tries + 1))
      .catch((error) => core.problem(codeOf(error)));
  }, askAfter[tries]);
  turns.set(name, { timer, tries });
  core.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

async function ask(core: Core, id: ConversationId, route: string, from: GroupDevice): Promise<boolean> {
  return core.serial.run(id, async () => {
    const ns = core.threads.byRoute(route)?.session.received[from.device]?.missing ?? [];
    if (ns.length === 0) return false;
    await transmit(core, id, {
      ttlSeconds: textTtlSeconds,
      to: [from.publicId],
      build: () => ({ v: 1, type: "missing", route, device: from.device, ns }),
    });
    return true;
  });
}

/** Sends again what somebody misses of this device's texts, each once a minute. Inside the lane. */
export async function answerMissing(
  core: Core,
  id: ConversationId,
  from: GroupDevice,
  { route, device, ns }: { route: string; device: string; ns: number[] },
): Promise<void> {
  const by = from.publicId;
  // Nobody is given what was said before they came, or in a group they were not in.
  const since = core.threads.get(id)?.sessions.find((session) => session.route === route)?.came[from.device];
  if (device !== core.self.identity.deviceKey || since === undefined) return;
  const gone: number[] = [];
  const times = lastAnswers(core, `${route} ${by}`);
  for (const n of dueOf(core, times, ns)) {
    if (core.outbox.size(by) >= maxWaiting) return;
    if (n <= since || !(await resend(core, id, { route, n }, [by]))) gone.push(n);
    times.set(n, core.now());
  }
  if (gone.length === 0) return;
  await transmit(core, id, {
    ttlSeconds: textTtlSeconds,
    to: [by],
    build: () => ({ v: 1, type: "gone", to: from.device, route, ns: gone }),
  });
}

function lastAnswers(core: Core, key: string): Map<number, Millis> {
  const all = answered.get(core) ?? new Map<string, Map<number, Millis>>();
  answered.set(core, all);
  const times = all.get(key) ?? new Map<number, Millis>();
  all.set(key, times);
  return times;
}

function dueOf(core: Core, times: Map<number, Millis>, ns: number[]): number[] {
  for (const [n, at] of times) if (core.now() - at >= answerEvery) times.delete(n);
  return [...new Set(ns)].filter((n) => !times.has(n));
}
