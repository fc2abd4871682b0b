import { noteAgreements } from "../agreements/inChat/follow.ts";
import type { Core } from "../client/core.ts";
import { toHexString } from "../crypto/bytes.ts";
import { decryptMessage } from "../crypto/mls/message.ts";
import type { MlsGroup } from "../crypto/mls/state.ts";
import { codeOf } from "../errors/index.ts";
import type { PublicId } from "../types/primitives.ts";
import { type AppMessage, decodeAppMessage } from "./appMessage.ts";
import { deviceOf } from "./commit/judge.ts";
import { showEpochs } from "./commit/showEpochs.ts";
import { applyContent } from "./content/apply.ts";
import { contentOps, readSlice } from "./content/record.ts";
import { recordDelivered, recordRead } from "./delivery.ts";
import type { Envelope } from "./envelope.ts";
import { answerMissing, noteCounter, noteGone, noteSaid } from "./gaps.ts";
import type { GroupDevice } from "./group/authorise.ts";
import { remindOfLeave } from "./group/sayLeave.ts";
import { readElsewhere, scheduleConfirm } from "./receipts.ts";
import { keptSessions } from "./replaced.ts";
import { contextOf } from "./send/sendContent.ts";
import { takeHistory } from "./sharing/receive.ts";
import type { SessionRecord, Thread } from "./threads.ts";
import { mayWrite } from "./transmit.ts";
import { tellConversation, tellMessages } from "./view.ts";

const typingShownFor = 5000;
/** Whoever wrote something so short a time ago is most likely there still. */
const present = 60_000;
/** For so long what a removed person said in the epoch before is shown. */
const lastWords = 600_000;

/** What other rooms do with messages that are not the conversation's own business. */
export interface Receivers {
  call(contact: PublicId, own: boolean, signal: unknown): void;
  direct(from: GroupDevice, signal: unknown): void;
  /** Somebody else's device says something at this moment. */
  heard(from: GroupDevice): void;
  anchored(conversationId: string, message: Extract<AppMessage, { type: "anchored" }>): void;
}

/**
 * Takes an MLS message of a known group. Resolves when everything it changed is on disk; whatever cannot be decrypted
 * is dropped, because it would not decrypt the next time either.
 * @returns "later" when it comes from an epoch that is not here (yet)
 */
export async function receiveMls(
  core: Core,
  receivers: Receivers,
  envelope: Extract<Envelope, { kind: "mls" }>,
): Promise<"done" | "later"> {
  const route = toHexString(envelope.route);
  const id = core.threads.byRoute(route)?.thread.id;
  if (!id) return "later";
  return core.serial.run(id, async () => {
    const found = core.threads.byRoute(route);
    if (!found) return "done";
    const kept = keptSessions(found.thread.sessions, core.now());
    if (!kept.includes(found.session)) {
      await core.threads.save({ thread: { ...found.thread, sessions: kept } });
      return "done";
    }
    if (found.thread.left === "left") {
      if (found.session.closed === undefined) remindOfLeave(core, id).catch((error) => core.problem(codeOf(error)));
      return "done";
    }
    if (!(await isHere(core, found.session, toHexString(envelope.branch)))) {
      return found.session.closed === undefined || found.thread.left === "removed" ? "later" : "done";
    }
    const decrypted = await decryptMessage(await core.threads.group(route), envelope.message);
    // Most often the same message again, over another relay or after a restart.
    if (decrypted.kind !== "message") return "done";
    const from = deviceOf(decrypted.sender);
    const thread: Thread = { ...found.thread, sessions: found.thread.sessions.map((session) => ({ ...session })) };
    const session = thread.sessions.find((candidate) => candidate.route === route) as SessionRecord;
    const groups = new Map([[route, decrypted.group]]);
    await take(core, receivers, { thread, session, from, epoch: Number(decrypted.epoch), groups }, decrypted.body);
    return "done";
  });
}

/** The present epoch, or one of the last that MLS keeps keys of. */
async function isHere(core: Core, session: SessionRecord, branch: string): Promise<boolean> {
  if (session.branch === branch) return true;
  return (await core.threads.epochs(session.route)).some((record) => record.branch === branch);
}

interface Arrival {
  /** Copies, to be changed and saved. */
  thread: Thread;
  session: SessionRecord;
  from: GroupDevice;
  /** In which it was said. */
  epoch: number;
  groups: Map<string, MlsGroup>;
}

async function take(core: Core, receivers: Receivers, arrival: Arrival, body: Uint8Array): Promise<void> {
  const { thread, session, from, groups } = arrival;
  const message = decodeAppMessage(body);
  if (core.book.get(from.publicId)?.state === "blocked") {
    // Counted all the same: a hole would be asked for after the block, and would betray it.
    if (message?.type === "content") count(core, arrival, message);
    await core.threads.save({ thread, groups });
    return;
  }
  if (message?.type === "content") {
    // What was said long ago says nothing about who is there.
    if (from.publicId !== core.self.identity.publicId && Math.abs(core.now() - message.at) < present)
      receivers.heard(from);
    return takeContent(core, arrival, message);
  }
  if (message?.type === "history") return takeHistory(core, { thread, groups, from: from.publicId }, message);
  if (message?.type === "here") noteSaid(core, thread.id, session, from, message.n);
  if (message?.type === "gone" && message.to === core.self.identity.deviceKey)
    noteGone(sessionOf(thread, session, message.route), from.device, message.ns);
  await core.threads.save({ thread, groups });
  if (message) await handle(core, receivers, thread, from, message);
}

/** A text that is sent again after its group was replaced is still counted where it was sent first. */
const sessionOf = (thread: Thread, session: SessionRecord, route: string | undefined): SessionRecord =>
  thread.sessions.find((one) => one.route === route) ?? session;

function count(core: Core, { thread, session, from }: Arrival, message: Extract<AppMessage, { type: "content" }>) {
  noteCounter(core, thread.id, sessionOf(thread, session, message.route), from, message.n);
}

async function takeContent(
  core: Core,
  arrival: Arrival,
  message: Extract<AppMessage, { type: "content" }>,
): Promise<void> {
  const { thread, from, groups } = arrival;
  const { id, at, content, timer } = message;
  const inTime = await isInTime(core, arrival);
  // Where they are out may be a way that does not count: then it is a hole, and is asked for.
  if (inTime) count(core, arrival, message);
  const outgoing = from.publicId === core.self.identity.publicId;
  if (!outgoing) thread.unconfirmed = [...thread.unconfirmed, { id, from: from.publicId }].slice(-1024);
  const event = { id, from: from.publicId, at, content, ...(timer ? { timer } : {}) };
  const before = await readSlice(core.vault, thread.id, event, thread);
  const context = { ...contextOf(core, thread), delivery: "stored" as const };
  // What comes a second time, or is not allowed, changes nothing.
  const allowed = inTime && mayWrite(thread, from.publicId);
  const changes = allowed ? applyContent(before, event, context) : { messages: [] };
  // They have not heard yet that they were removed.
  if (!thread.state.people[from.publicId]) {
    showEpochs(core, thread.id, arrival.session.route).catch((error) => core.problem(codeOf(error)));
  }
  if (changes.added) {
    thread.next++;
    if (!outgoing) thread.unread++;
  }
  await core.threads.save({ thread, groups, also: contentOps(thread.id, before, changes) });
  scheduleConfirm(core, thread.id);
  if (changes.replaced) core.events.emit("removed", { conversationId: thread.id, id: changes.replaced.id });
  if (changes.messages.length === 0) return;
  await tellMessages(core, thread.id, changes.messages);
  tellConversation(core, thread.id);
  core.sweeper.note(thread.id, changes.messages);
  core.payments.note(thread.id, changes.messages);
  noteAgreements(core, thread.id, changes.messages);
}

/** What somebody said before they were removed may be under way; MLS alone would let them go on in the old epoch. */
async function isInTime(core: Core, { thread, session, from, epoch }: Arrival): Promise<boolean> {
  if (thread.state.people[from.publicId] !== undefined) return true;
  const ended = (await core.threads.epochs(session.route)).find((record) => record.epoch === epoch)?.endedAt;
  return ended !== undefined && core.now() - ended < lastWords;
}

async function handle(
  core: Core,
  receivers: Receivers,
  thread: Thread,
  from: GroupDevice,
  message: Exclude<AppMessage, { type: "content" | "history" }>,
): Promise<void> {
  const own = from.publicId === core.self.identity.publicId;
  switch (message.type) {
    case "delivered":
      return recordDelivered(core, thread.id, from.publicId, message.ids);
    case "read":
      return own
        ? readElsewhere(core, thread.id, message.upTo)
        : recordRead(core, thread.id, from.publicId, message.upTo);
    case "missing":
      return answerMissing(core, thread.id, from, message);
    case "typing":
      if (own) return;
      receivers.heard(from);
      return core.events.emit("typing", {
        conversationId: thread.id,
        from: from.publicId,
        until: core.now() + typingShownFor,
      });
    case "call":
      if (thread.publicId) receivers.call(thread.publicId, own, message.signal);
      return;
    case "direct":
      if (thread.publicId && !own) receivers.direct(from, message.signal);
      return;
    case "anchored":
      return receivers.anchored(thread.id, message);
    case "gone":
    case "here":
      return;
  }
}
