import type { Core } from "../client/core.ts";
import { codeOf } from "../errors/index.ts";
import type { ConversationId, Millis } from "../types/primitives.ts";
import { type AppMessage, textTtlSeconds } from "./appMessage.ts";
import { liveBeside } from "./replaced.ts";
import { resendText } from "./sendText.ts";
import type { SessionRecord } from "./threads.ts";
import { transmit } from "./transmit.ts";

/** A relay that drops or holds back messages shows as a hole in the counters. */

const maxHoles = 256;
/** Relays deliver over separate connections, so a short hole is normal. */
const askAfter = [2000, 10_000, 60_000, 600_000];

/** The other side asks at such times too; more often can only mean that it wants us to work. */
const answerEvery = 60_000;
/** With so many payloads waiting for one person, what they ask for again has to wait. */
const maxWaiting = 512;

/** When which counter of which session was answered last. */
const answered = new WeakMap<Core, Map<string, Map<number, Millis>>>();

/** Notes a counter that arrived, and asks for what is missing before it. */
export function noteCounter(core: Core, id: ConversationId, session: SessionRecord, n: number): void {
  if (n <= session.received) {
    session.missing = session.missing.filter((hole) => hole !== n);
    return;
  }
  const holes: number[] = [];
  for (let hole = Math.max(session.received + 1, n - maxHoles); hole < n; hole++) holes.push(hole);
  session.missing = [...session.missing, ...holes].slice(-maxHoles);
  session.received = n;
  if (holes.length > 0) scheduleAsk(core, id, session.route, 0);
}

/** The sender does not have these any more. */
export function noteGone(session: SessionRecord, ns: number[]): void {
  session.missing = session.missing.filter((hole) => !ns.includes(hole));
}

/** Asks again after a start for holes that were left open. */
export function resumeGaps(core: Core): void {
  for (const thread of core.threads.all()) {
    for (const { route, missing } of thread.sessions) if (missing.length > 0) scheduleAsk(core, thread.id, route, 0);
  }
}

function scheduleAsk(core: Core, id: ConversationId, route: string, tries: number): void {
  const delay = askAfter[tries];
  if (delay === undefined) return;
  const timer = setTimeout(() => {
    if (core.signal.aborted) return;
    ask(core, id, route).then(
      (asked) => asked && scheduleAsk(core, id, route, tries + 1),
      (error) => core.problem(codeOf(error)),
    );
  }, delay);
  core.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

async function ask(core: Core, id: ConversationId, route: string): Promise<boolean> {
  return core.serial.run(id, async () => {
    const { thread, session } = core.threads.byRoute(route) ?? {};
    const over = thread && liveBeside(thread.sessions, route)?.route;
    if (!session || !over || session.missing.length === 0) return false;
    const ns = session.missing;
    await say(
      core,
      id,
      over,
      over === route ? { v: 1, type: "missing", ns } : { v: 1, type: "missing-before", route, ns },
    );
    return true;
  });
}

/**
 * Sends again what the other device misses in a session, each text once a minute; what was sent in a replaced session goes
 * out in the one that took its place. Inside the lane.
 */
export async function answerMissing(core: Core, id: ConversationId, route: string, ns: number[]): Promise<void> {
  const thread = core.threads.get(id);
  const over = thread && liveBeside(thread.sessions, route)?.route;
  if (!over) return;
  const gone: number[] = [];
  for (const n of dueOf(core, route, ns)) {
    if (core.outbox.size(thread.publicId) >= maxWaiting) break;
    const messageId = await core.threads.sentUnder(route, n);
    const message = messageId && (await core.threads.message(id, messageId));
    if (message) await resendText(core, id, over, message);
    // Under its old counter nothing comes any more.
    if (!message || over !== route) gone.push(n);
    lastAnswers(core, route).set(n, core.now());
  }
  if (gone.length === 0) return;
  await say(
    core,
    id,
    over,
    over === route ? { v: 1, type: "gone", ns: gone } : { v: 1, type: "gone-before", route, ns: gone },
  );
}

const say = (core: Core, id: ConversationId, route: string, message: AppMessage) =>
  transmit(core, id, {
    ttlSeconds: textTtlSeconds,
    build: (session) => (session.route === route ? message : undefined),
  });

function lastAnswers(core: Core, route: string): Map<number, Millis> {
  const routes = answered.get(core) ?? new Map<string, Map<number, Millis>>();
  answered.set(core, routes);
  const times = routes.get(route) ?? new Map<number, Millis>();
  routes.set(route, times);
  return times;
}

function dueOf(core: Core, route: string, ns: number[]): number[] {
  const times = lastAnswers(core, route);
  for (const [n, at] of times) if (core.now() - at >= answerEvery) times.delete(n);
  return [...new Set(ns)].filter((n) => !times.has(n));
}
