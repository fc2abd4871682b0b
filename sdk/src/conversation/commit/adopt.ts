import type { Core } from "../../client/core.ts";
import { fromHex, toBase64Url, toHexString, utf8 } from "../../crypto/bytes.ts";
import { sha256 } from "../../crypto/hash.ts";
import { catchUp } from "../../crypto/mls/advance.ts";
import { branchOf, epochOf, groupStateOf, type MlsGroup } from "../../crypto/mls/state.ts";
import { lookForDevices } from "../../devices/notes.ts";
import { patiently } from "../../devices/patiently.ts";
import { codeOf, SkrumbleError } from "../../errors/index.ts";
import type { ConversationId, Hex, PublicId } from "../../types/primitives.ts";
import type { HistoryMessage } from "../content/types.ts";
import { forgetAnswered } from "../entry/knocks.ts";
import { encodeEnvelope } from "../envelope.ts";
import type { CommitSummary } from "../group/authorise.ts";
import { goneAfter } from "../group/leave.ts";
import { noticesOf } from "../group/notices.ts";
import { remindOfLeave } from "../group/sayLeave.ts";
import { decodeState, peopleOf } from "../group/state.ts";
import { signHandshake } from "../handshake.ts";
import type { Prepared } from "../outbox.ts";
import { sendShares, sharingOf } from "../sharing/send.ts";
import { keptEpochs, type SessionRecord, type Thread } from "../threads.ts";
import { addressees } from "../transmit.ts";
import { tellConversation, tellMessages } from "../view.ts";
import { deviceOf, devicesOf, judgeCommit } from "./judge.ts";
import { forgetPending, type Pending } from "./pending.ts";
import { type EpochRecord, signedFor } from "./record.ts";
import { comeBack, isLost, noteWell } from "./resync.ts";

/** Relays keep commits and welcomes for so long. */
export const commitTtlSeconds = 30 * 86_400;

export interface Adoption {
  route: string;
  /** The epoch that ends. */
  branch: string;
  commit: Uint8Array;
  record: EpochRecord;
  /** When it is this device's own. */
  own?: Pending;
}

/** What an epoch was followed by. */
interface Step {
  next: MlsGroup;
  summary: CommitSummary;
  selfRemoved: boolean;
  keyPackages: string[];
}

/**
 * Ends the epoch with a commit that has won: one write for the new state, the way back, and everything that has to be sent.
 * Does nothing when the epoch has ended already.
 */
export async function adopt(core: Core, id: ConversationId, adoption: Adoption): Promise<void> {
  const told = await core.serial.run(id, () => adoptInLane(core, id, adoption));
  if (!told) return;
  await tellMessages(core, id, told.messages);
  tellConversation(core, id);
}

export async function adoptInLane(
  core: Core,
  id: ConversationId,
  { route, branch, commit, record, own }: Adoption,
): Promise<{ thread: Thread; messages: HistoryMessage[] } | undefined> {
  const found = core.threads.byRoute(route);
  // Whoever is taken out stays in the epoch that ended.
  const isPresent = found?.session.branch === branch && found.session.closed === undefined;
  if (found?.thread.id !== id || !isPresent) return undefined;
  const group = await core.threads.group(route);
  const step = own ? ownStep(core, group, own) : await judgeCommit(core, group, commit);
  if (!step) throw new SkrumbleError("MLS_FAILED", { details: "The commit may not be." });
  const { thread: after, messages } = applied(core, found.thread, route, step, record.applied);
  const sharing = [...(after.sharing ?? []), ...sharingOf(own?.intents ?? [])];
  const thread: Thread = sharing.length > 0 ? { ...after, sharing } : after;
  const sends = own ? await outgoing(core, found.thread, thread, own, record) : [];
  const fulfilled = core.intents
    .of(id)
    .filter(
      (intent) =>
        own?.intents.some(({ number }) => number === intent.number) ||
        (intent.kind === "add" && step.keyPackages.includes(intent.keyPackage)),
    );
  const removal = core.intents.prepareRemoval(
    id,
    fulfilled.map(({ number }) => number),
  );
  const session = thread.sessions.find((one) => one.route === route);
  const settled = session && session.epoch - session.joined >= keptEpochs ? await forgetAnswered(core, id) : [];
  const kept: EpochRecord = {
    ...record,
    endedAt: core.now(),
    sent: found.session.sent,
    came: found.session.came,
    ...(own ? { own: own.intents } : {}),
  };
  await core.threads.save({
    thread,
    groups: new Map([[route, step.next]]),
    left: { route, record: kept, group },
    messages,
    also: [...sends.map(({ op }) => op), ...removal.ops, ...forgetPending(route), ...settled],
  });
  removal.written();
  for (const sending of sends) core.outbox.send(sending);
  noteWell(core, id);
  core.wakeParked();
  comeBack(core, id);
  if (sharing.length > 0) later(core, sendShares(core, id));
  if (isLost(core, id)) later(core, lookWhy(core));
  if (thread.left === "left") later(core, remindOfLeave(core, id));
  return { thread, messages };
}

/** MLS members do not process their own commits; what it does can be seen from before and after. */
function ownStep(core: Core, before: MlsGroup, own: Pending): Step {
  const [old, now] = [devicesOf(before), devicesOf(own.next)];
  const leaving = own.intents.flatMap((intent) => (intent.kind === "leave" ? [intent.leave.publicId as PublicId] : []));
  return {
    // What was read since it was made stays read.
    next: catchUp(own.next, before),
    selfRemoved: false,
    keyPackages: [],
    summary: {
      committer: deviceOf(core.self.claim),
      added: now.filter(({ device }) => !old.some((one) => one.device === device)),
      removed: old.filter(({ device }) => !now.some((one) => one.device === device)),
      state: decodeState(groupStateOf(own.next)),
      leaving,
    },
  };
}

/** The thread after a step, and the lines that tell people of it. */
export function applied(
  core: Core,
  before: Thread,
  route: string,
  { next, summary, selfRemoved }: Step,
  commitName: string,
): { thread: Thread; messages: HistoryMessage[] } {
  const { state } = summary;
  const own = core.self.identity.publicId;
  const left = !selfRemoved ? undefined : summary.leaving.includes(own) ? ("left" as const) : ("removed" as const);
  const notices = noticesOf(before.state, state, { by: summary.committer.publicId, leaving: summary.leaving });
  const messages = notices.map(
    (notice, i): HistoryMessage => ({
      // The same on every device of ours.
      id: toHexString(sha256(utf8(`skrumble notice ${commitName} ${i}`))).slice(0, 32),
      number: before.next + i,
      from: summary.committer.publicId,
      outgoing: summary.committer.publicId === own,
      at: core.now(),
      body: { type: "notice", notice },
      delivery: "delivered",
    }),
  );
  const devices = devicesOf(next);
  const went = peopleOf(before.state).filter((publicId) => state.people[publicId] === undefined);
  const theirs = new Set([
    ...before.devices.filter(({ publicId }) => went.includes(publicId)).map(({ device }) => device),
    ...went.flatMap((publicId) => core.people.get(publicId)?.devices ?? []),
  ]);
  const sessions = before.sessions.map((session) => {
    if (session.route !== route) return session;
    const kept = Object.entries(session.came).filter(([device]) => !theirs.has(device as Hex));
    const come = devices.map(({ device }) => [device, session.came[device] ?? session.sent]);
    const came: SessionRecord["came"] = Object.fromEntries([...kept, ...come]);
    const place = { epoch: Number(epochOf(next)), epochAt: core.now(), branch: toHexString(branchOf(next)) };
    const { closed: _, ...open } = session;
    return { ...open, ...place, came, ...(selfRemoved ? { closed: core.now() } : {}) };
  });
  const gone = goneAfter(before, state);
  const thread: Thread = { ...before, state, devices, sessions, gone, next: before.next + messages.length };
  return { thread: left ? { ...thread, left } : thread, messages };
}

/** Somebody took this device out and left its person in: the registry may not list it any more. */
const lookWhy = async (core: Core): Promise<void> => void (await patiently(core.signal, () => lookForDevices(core)));

/** For what must not wait for the lane it is called in. */
const later = (core: Core, work: Promise<void>): void => {
  work.catch((error) => core.signal.aborted || core.problem(codeOf(error)));
};

async function outgoing(
  core: Core,
  before: Thread,
  after: Thread,
  own: Pending,
  record: EpochRecord,
): Promise<Prepared[]> {
  const { identity, identityKey } = core.self;
  const expiresAt = core.now() + commitTtlSeconds * 1000;
  const envelope = encodeEnvelope({
    kind: "commit",
    route: fromHex(own.route),
    branch: fromHex(record.branch),
    votes: signedFor(record, record.applied),
    message: own.commit,
  });
  const others = before.devices.some(
    ({ publicId, device }) => publicId === identity.publicId && device !== identity.deviceKey,
  );
  // Those who were removed hear of it too; they can read nothing after it.
  const people = peopleOf(before.state).filter((publicId) => publicId !== identity.publicId || others);
  const sends = [await core.outbox.prepare({ to: addressees(core, people), body: envelope, expiresAt })];
  const past = await core.threads.epochs(own.route);
  const now = after.sessions.filter(({ route }) => route === own.route);
  const way = [...past, record, ...now].map(({ branch }) => branch);
  for (const { publicId, nonce } of own.welcome ? own.entries : []) {
    const entry = signHandshake(
      "entry",
      publicId,
      {
        v: 1,
        from: identity.publicId,
        nonce,
        conversationId: after.id,
        route: own.route,
        kind: after.kind,
        at: core.now(),
        way,
        welcome: toBase64Url(own.welcome as Uint8Array),
      },
      identityKey.secret,
    );
    const to = addressees(core, [publicId]);
    sends.push(await core.outbox.prepare({ to, body: encodeEnvelope(entry), expiresAt }));
  }
  return sends;
}
