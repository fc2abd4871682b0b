import type { Core } from "../../client/core.ts";
import { fromBase64Url } from "../../crypto/bytes.ts";
import { groupStateOf } from "../../crypto/mls/state.ts";
import type { ConversationId, PublicId } from "../../types/primitives.ts";
import { goneAfter } from "../group/leave.ts";
import { remindOfLeave } from "../group/sayLeave.ts";
import { decodeState, type GroupState, peopleOf } from "../group/state.ts";
import { anchoredCommits } from "../order/anchored.ts";
import { decide } from "../order/decide.ts";
import { orderKeys } from "../order/leaf.ts";
import { resend } from "../send/resend.ts";
import { sayHere } from "../send/sayHere.ts";
import type { Thread } from "../threads.ts";
import { tellConversation, tellMessages } from "../view.ts";
import { applied } from "./adopt.ts";
import { judgeCommit } from "./judge.ts";
import { forgetPending } from "./pending.ts";
import { type EpochRecord, evidenceOf, withBallot } from "./record.ts";
import { noteTrouble, noteWell } from "./resync.ts";
import { settle } from "./settle.ts";
import type { Ballot } from "./votes.ts";

/** Weighs new evidence about an epoch that has ended here, and goes back to it when it ended differently. */
export async function reconsider(
  core: Core,
  id: ConversationId,
  route: string,
  epoch: number,
  evidence: Pick<Ballot, "votes" | "commits">,
): Promise<void> {
  const group = await core.threads.pastGroup(route, epoch);
  if (!group) return;
  const record = await core.serial.run(id, async () => {
    const known = (await core.threads.epochs(route)).find((one) => one.epoch === epoch);
    const merged = known && withBallot(known, evidence);
    if (merged) await core.threads.keepEpoch(route, merged);
    return merged;
  });
  if (!record) return;
  const anchored = async () =>
    (await anchoredCommits(core, await orderKeys(group))).filter((name) => record.commits[name] !== undefined);
  let decision = decide(evidenceOf(record)) ?? decide(evidenceOf(record, await anchored()));
  const applied = record.commits[record.applied];
  if (!decision && applied && Object.keys(record.commits).length > 1) {
    // Relays signed two ways before anything reached the chain: now it has to.
    const { leaf } = await orderKeys(group);
    await core.pool.anchor(leaf("chain", fromBase64Url(applied)), { signal: core.signal });
    decision = decide(evidenceOf(record, await anchored()));
  }
  if (!decision || decision.hash === record.applied) return;
  // One's own commit that had lost, and is forgotten, cannot be read: the others have to let this device in again.
  if (!(await goBack(core, id, route, epoch, decision.hash))) await noteTrouble(core, id, { urgent: true });
}

/**
 * Takes the other way at an epoch, and says again what was said on the wrong one.
 * @returns false when the commit cannot be read
 */
async function goBack(core: Core, id: ConversationId, route: string, epoch: number, name: string): Promise<boolean> {
  const back = await core.serial.run(id, async () => {
    const found = core.threads.byRoute(route);
    const records = await core.threads.epochs(route);
    const record = records.find((one) => one.epoch === epoch);
    const group = await core.threads.pastGroup(route, epoch);
    const commit = record?.commits[name];
    // Somebody else who weighed the same evidence has gone back already, or this device was let in elsewhere.
    if (!found || !record || !group || record.applied === name) return "there";
    const step = commit ? await judgeCommit(core, group, fromBase64Url(commit)) : undefined;
    if (!step) return undefined;
    const undone = records.filter((one) => one.epoch > epoch);
    const said = await saidSince(core, found, record, undone);
    const before = threadBefore(found, record, decodeState(groupStateOf(group)));
    const { own: wanted = [], ...kept } = record;
    // What this device wanted, and had got on the way that does not count.
    const lost = [...wanted, ...undone.flatMap(({ own = [] }) => own)].map(({ number: _, ...intent }) => intent);
    const again = core.intents.prepareAdd(id, lost);
    const { thread, messages } = applied(core, before, route, step, name);
    await core.threads.save({
      thread,
      groups: new Map([[route, step.next]]),
      messages,
      undone: { route, epochs: undone.map((one) => one.epoch) },
      left: { route, record: { ...kept, applied: name }, group },
      also: [...forgetPending(route), ...again.ops],
    });
    again.written();
    return { thread, messages, said, people: peopleOf(found.thread.state) };
  });
  if (!back || back === "there") return back !== undefined;
  noteWell(core, id);
  core.wakeParked();
  await tellMessages(core, id, back.messages);
  tellConversation(core, id);
  await core.serial.run(id, async () => {
    for (const { n, to } of back.said) {
      const here = to.filter((publicId) => back.thread.state.people[publicId] !== undefined);
      if (here.length > 0) await resend(core, id, { route, n }, here);
    }
  });
  await sayHere(core, id, back.people);
  settle(core, id);
  if (back.thread.left === "left") await remindOfLeave(core, id);
  return true;
}

type Found = NonNullable<ReturnType<Core["threads"]["byRoute"]>>;

/** The conversation as it was when this epoch ended. Whoever wanted to go on the way that does not count still wants to. */
function threadBefore({ thread, session }: Found, { came }: EpochRecord, state: GroupState): Thread {
  const { left, ...present } = thread;
  return {
    ...present,
    ...(left === "left" ? { left } : {}),
    ...{ state, gone: goneAfter(present, state) },
    sessions: thread.sessions.map((one) =>
      one === session ? { ...session, came: { ...session.came, ...came } } : one,
    ),
  };
}

/** What this device said since an epoch, and to whom: those who come another way were not in the group it was said in. */
async function saidSince(core: Core, { thread, session }: Found, record: EpochRecord, undone: EpochRecord[]) {
  const said: { n: number; to: PublicId[] }[] = [];
  const add = (upTo: number, to: PublicId[]) => {
    for (let n = (said.at(-1)?.n ?? record.sent) + 1; n <= upTo; n++) said.push({ n, to });
  };
  for (const { epoch, sent } of undone.toSorted((a, b) => a.epoch - b.epoch)) {
    const group = await core.threads.pastGroup(session.route, epoch);
    if (group) add(sent, peopleOf(decodeState(groupStateOf(group))));
  }
  add(session.sent, peopleOf(thread.state));
  return said;
}
