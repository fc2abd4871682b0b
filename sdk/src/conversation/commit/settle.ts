import type { Core } from "../../client/core.ts";
import { pauseFor } from "../../client/pauseFor.ts";
import { fromBase64Url, fromHex } from "../../crypto/bytes.ts";
import { createGroupCommit } from "../../crypto/mls/commit.ts";
import { epochOf, type MlsGroup } from "../../crypto/mls/state.ts";
import { codeOf, SkrumbleError } from "../../errors/index.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { leaveHolds } from "../group/leave.ts";
import { encodeState } from "../group/state.ts";
import type { Thread } from "../threads.ts";
import { liveSession } from "../transmit.ts";
import { advance } from "./advance.ts";
import { devicesOf, endingEpoch, expectedIn, listedAmong } from "./judge.ts";
import { forgetPending, loadPending, type Pending, pendingOps } from "./pending.ts";
import { type Plan, planCommit } from "./plan.ts";
import { comeBack, noteTrouble } from "./resync.ts";

/** Pauses while relays or chain cannot decide. */
const pauses = { min: 300, max: 30_000 };

interface Job {
  again: boolean;
  wake?: () => void;
  done: Promise<void>;
}

const running = new WeakMap<Core, Map<ConversationId, Job>>();

/** Sees to it that the group becomes what this device wants of it, however often it takes. Tells problems by event. */
export function settle(core: Core, id: ConversationId): void {
  const all = running.get(core) ?? new Map<ConversationId, Job>();
  running.set(core, all);
  const under = all.get(id);
  if (under) {
    under.again = true;
    under.wake?.();
    return;
  }
  const job: Job = { again: true, done: Promise.resolve() };
  all.set(id, job);
  job.done = work(core, id, job).finally(() => all.delete(id));
}

/** Resolves when nothing is under way in a conversation. */
export const whenSettled = async (core: Core, id: ConversationId): Promise<void> => running.get(core)?.get(id)?.done;

async function work(core: Core, id: ConversationId, job: Job): Promise<void> {
  for (let pause = pauses.min; job.again && !core.signal.aborted; ) {
    job.again = false;
    const outcome = await round(core, id).catch((error): "wait" => {
      if (!core.signal.aborted && !isOutage(error)) core.problem(codeOf(error));
      return "wait";
    });
    if (outcome === "idle") continue;
    job.again = true;
    if (outcome === "moved") {
      pause = pauses.min;
      continue;
    }
    if (outcome === "stuck") await noteTrouble(core, id);
    // Clients that lost the same race do not all come back at the same moment.
    await pauseFor(core.signal, pause * (0.5 + Math.random()), (wake) => {
      job.wake = wake;
    });
    pause = Math.min(pause * 2, pauses.max);
  }
}

/** Resolves when nothing is under way anywhere; after the client began to close. */
export const commitsIdle = async (core: Core): Promise<void> => {
  await Promise.all([...(running.get(core)?.values() ?? [])].map(({ done }) => done));
};

/** After a start, for what an earlier run did not finish. */
export function resumeCommits(core: Core): void {
  for (const id of core.intents.conversations()) settle(core, id);
  for (const { id } of core.threads.all()) comeBack(core, id);
}

const isOutage = (error: unknown): boolean => error instanceof SkrumbleError && error.category === "network";

/**
 * "idle": nothing is wanted. "moved": the epoch changed. "wait": relays and chain cannot be asked. "stuck": they can, and
 * still nobody can say who won.
 */
async function round(core: Core, id: ConversationId): Promise<"idle" | "moved" | "wait" | "stuck"> {
  const pending = await prepare(core, id);
  if (!pending) return "idle";
  if (pending === "again") return "moved";
  const moved = await advance(core, id, { mine: pending });
  return moved ? "moved" : "stuck";
}

async function prepare(core: Core, id: ConversationId): Promise<Pending | "again" | undefined> {
  // The registry is asked before the lane is taken: talking does not wait for it.
  const wanted = core.intents.of(id);
  const before = core.threads.get(id);
  if (!before || wanted.length === 0) return undefined;
  const listed = await listedAmong(core, devicesInQuestion(before, wanted));
  return core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    const session = thread && liveSession(thread);
    if (!thread || !session) return undefined;
    const kept = await loadPending(core, session.route);
    if (kept?.branch === session.branch) return kept;
    const group = await core.threads.group(session.route);
    const devices = devicesOf(group);
    const plan = planCommit({
      own: core.self.identity.publicId,
      state: thread.state,
      devices,
      intents: core.intents.of(id),
      listed,
      epoch: epochOf(group),
      holds: (leave) => leaveHolds(endingEpoch(group, thread.state), leave),
    });
    if (plan.covers.length === 0) {
      const { ops, written } = core.intents.prepareRemoval(id, plan.done);
      if (ops.length > 0) await core.vault.write([...ops, ...forgetPending(session.route)]);
      written();
      return undefined;
    }
    const pending = await make(core, thread, plan, session.route, session.branch).catch(async (error) => {
      const hopeless = isOutage(error) || isOutage(error.cause) ? [] : await unusable(core, group, plan);
      if (hopeless.length === 0) throw error;
      plan.done.push(...hopeless);
      return "again" as const;
    });
    const { ops, written } = core.intents.prepareRemoval(id, plan.done);
    await core.vault.write([...(pending === "again" ? [] : pendingOps(pending)), ...ops]);
    written();
    return pending;
  });
}

/** Devices whose key package no commit can use, as when it is too old: they must not keep everything else from happening. */
async function unusable(core: Core, group: MlsGroup, plan: Plan): Promise<number[]> {
  const found: number[] = [];
  for (const { number, keyPackage, device } of plan.add) {
    const remove = plan.remove.filter((one) => one === device).map((one) => fromHex(one));
    const change = { add: [fromBase64Url(keyPackage)], remove, expected: expectedIn(core, devicesOf(group)) };
    await createGroupCommit(group, change).catch((error) => {
      if (isOutage(error) || isOutage(error.cause)) throw error;
      found.push(number);
    });
  }
  return found;
}

async function make(core: Core, thread: Thread, plan: Plan, route: string, branch: string): Promise<Pending> {
  const group = await core.threads.group(route);
  const { commit, next, welcome } = await createGroupCommit(group, {
    add: plan.add.map(({ keyPackage }) => fromBase64Url(keyPackage)),
    remove: plan.remove.map((device) => fromHex(device)),
    ...(plan.state === thread.state ? {} : { groupState: encodeState(plan.state) }),
    expected: expectedIn(core, devicesOf(group)),
  });
  return {
    route,
    branch,
    commit,
    next,
    intents: core.intents.of(thread.id).filter(({ number }) => plan.covers.includes(number)),
    entries: plan.add.map(({ publicId, nonce }) => ({ publicId, nonce })),
    ...(welcome ? { welcome } : {}),
  };
}

const devicesInQuestion = (thread: Thread, wanted: ReturnType<Core["intents"]["of"]>) =>
  wanted.flatMap((intent) =>
    intent.kind === "remove devices" ? thread.devices.filter(({ device }) => intent.devices.includes(device)) : [],
  );
