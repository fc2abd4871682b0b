import { certifyConversation } from "../../anchor/certifyConversation.ts";
import type { Core } from "../../client/core.ts";
import type { ContactRecord } from "../../contacts/book.ts";
import { fromBase64Url, toHexString } from "../../crypto/bytes.ts";
import { joinMlsGroup } from "../../crypto/mls/join.ts";
import { branchOf, epochOf, groupStateOf, type MlsGroup } from "../../crypto/mls/state.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { VaultOp } from "../../store/index.ts";
import type { ConversationId, PublicId } from "../../types/primitives.ts";
import type { NewIntent } from "../commit/intents.ts";
import { devicesOf } from "../commit/judge.ts";
import { forgetPending } from "../commit/pending.ts";
import { noteWell } from "../commit/resync.ts";
import { settle } from "../commit/settle.ts";
import type { GroupDevice } from "../group/authorise.ts";
import { goneAfter } from "../group/leave.ts";
import { decodeState, type GroupState, peopleOf } from "../group/state.ts";
import type { EntryBody } from "../handshake.ts";
import { newSession } from "../newSession.ts";
import { sayHere } from "../send/sayHere.ts";
import type { SessionRecord, Thread } from "../threads.ts";
import { tellConversation, tellMessages } from "../view.ts";
import { answeredKnock, findKnock, type Knock, wasAskedLater } from "./knocks.ts";

/** People of a large group are looked up so many at a time. */
const lookups = 8;
const known = 3_600_000;

/** Somebody let this device into a conversation. @throws SkrumbleError MLS_FAILED, ENVELOPE_INVALID, and what the registry fails with */
export async function receiveEntry(core: Core, body: EntryBody): Promise<void> {
  const contact = core.book.get(body.from);
  const request = [...(contact?.sent ? [contact.sent] : []), ...(contact?.earlier ?? [])].find(
    ({ nonce }) => nonce === body.nonce,
  );
  const knock = await findKnock(core, body.nonce);
  const asked = knock ?? request;
  // Of two answers the later one counts, whichever comes first.
  if (!asked || (knock?.answer && (body.at ?? 0) < knock.answer.at)) return;
  // Every leaf has the word of its identity key. What the registry no longer lists is thrown out once we are in.
  const group = await joinMlsGroup({
    own: fromBase64Url(asked.keyPackage),
    welcome: fromBase64Url(body.welcome),
    expected: { get: (_, device) => [device] },
  });
  const state = decodeState(groupStateOf(group));
  const own = core.self.identity.publicId;
  const fits = state.kind === body.kind && state.people[own] && state.people[body.from];
  const sought = "conversationId" in asked ? asked.conversationId : undefined;
  if (!fits || (sought !== undefined && sought !== body.conversationId)) throw new SkrumbleError("ENVELOPE_INVALID");
  await lookUp(core, peopleOf(state));
  const other = state.kind === "pair" ? peopleOf(state).find((publicId) => publicId !== own) : undefined;
  const id = conversationOf(core, body, other);
  const used: Knock = knock ?? { nonce: body.nonce, conversationId: id, keyPackage: asked.keyPackage, at: core.now() };
  const answer = { at: body.at ?? core.now(), branch: toHexString(branchOf(group)) };
  if (knock?.answer?.branch === answer.branch || (await isOvertaken(core, used, body.route, group))) return;
  const answering = { answered: answeredKnock(used, answer), again: used.again ?? false };
  const saved = await core.serial.run(id, () => open(core, id, body, group, state, other, answering));
  noteWell(core, id);
  core.wakeParked();
  await tellMessages(core, id, saved.messages);
  tellConversation(core, id);
  certifyConversation(core, id);
  if (saved.people) await sayHere(core, id, saved.people);
  // What it wanted while it was out, or on a way that nobody took.
  settle(core, id);
  await throwOutUnlisted(core, id);
}

/** Somebody who was asked later has let this device in since, into an epoch that is no earlier. */
async function isOvertaken(core: Core, knock: Knock, route: string, group: MlsGroup): Promise<boolean> {
  const found = core.threads.byRoute(route);
  if (!found || found.thread.left || found.session.epoch < Number(epochOf(group))) return false;
  return wasAskedLater(core, knock);
}

async function lookUp(core: Core, people: PublicId[], maxAge = known): Promise<void> {
  for (let at = 0; at < people.length; at += lookups) {
    await Promise.all(
      people.slice(at, at + lookups).map(async (publicId) => {
        try {
          await core.people.load(publicId, maxAge);
        } catch (error) {
          // Somebody whose identity is gone keeps nobody out; they are thrown out by whoever notices first.
          if (error instanceof SkrumbleError && error.category === "network") throw error;
        }
      }),
    );
  }
}

/** Nobody may choose an id that leads into a conversation with somebody else. */
function conversationOf(core: Core, { conversationId, route }: EntryBody, other: PublicId | undefined): ConversationId {
  const theirs = other && core.book.get(other)?.conversationId;
  if (theirs) return theirs;
  const taken = core.threads.get(conversationId);
  // Who comes back into a group comes back into the same one.
  const another = other === undefined && taken?.sessions.some((session) => session.route !== route);
  if (taken && (taken.publicId !== other || another))
    throw new SkrumbleError("ENVELOPE_INVALID", { details: "The id is taken." });
  return conversationId;
}

async function open(
  core: Core,
  id: ConversationId,
  body: EntryBody,
  group: MlsGroup,
  state: GroupState,
  other: PublicId | undefined,
  asked: { answered: VaultOp; again: boolean },
) {
  const { nonce, route, from } = body;
  const now = core.now();
  const before = core.threads.get(id);
  const same = before?.sessions.find((session) => session.route === route);
  const fresh = newSession(route, group, { since: now, sent: same?.sent ?? 0 });
  // Whoever is let in only because it belongs was out on a way that does not count, or its person is back.
  const wasOut = !asked.again && isOut(core, before);
  // Back in the same group: what it missed meanwhile is still its own to ask for.
  const { joined, received, came } = wasOut ? fresh : (same ?? fresh);
  const session = { ...fresh, joined, received, came: { ...fresh.came, ...came } };
  const others = (before?.sessions ?? []).filter((one) => one.route !== route);
  const blank: Pick<Thread, "next" | "unread" | "unconfirmed" | "left"> = {
    next: await core.threads.nextNumber(id),
    unread: 0,
    unconfirmed: [],
  };
  const { left: _, ...kept } = before ?? blank;
  const thread: Thread = {
    ...kept,
    ...{ id, kind: state.kind, state, devices: devicesOf(group) },
    ...(other ? { publicId: other } : {}),
    gone: before ? goneAfter(before, state) : [],
    certificate: { state: "waiting", since: now },
    creator: true,
    sessions: [...others.map((one) => ({ ...one, closed: one.closed ?? now })), session],
  };
  const isNew = state.kind === "group" && (!before || wasOut);
  const messages = isNew ? [noticeOfEntry(core, thread, from)] : [];
  // What was wanted of a group this device had left is forgotten.
  const lost = wasOut || !same ? [] : await wantedInVain(core, same, body.way ?? []);
  const again = core.intents.prepareAdd(id, lost);
  const stale = core.intents.prepareRemoval(id, wasOut ? core.intents.of(id).map(({ number }) => number) : []);
  const also: VaultOp[] = [asked.answered, ...forgetPending(route), ...stale.ops, ...again.ops];
  const contact = other && contactOf(core, other, id, nonce);
  const prepared = contact && core.book.prepare(contact);
  if (prepared) also.push(prepared.op);
  await core.threads.save({
    thread: { ...thread, next: thread.next + messages.length },
    groups: new Map([[route, group]]),
    messages,
    // The way back from where this device was leads nowhere now.
    undone: { route, epochs: (await core.threads.epochs(route)).map(({ epoch }) => epoch) },
    also,
  });
  prepared?.written();
  stale.written();
  again.written();
  const changed = before !== undefined && same !== undefined && !wasOut;
  return { thread, messages, ...(changed ? { people: peopleOf(before.state) } : {}) };
}

const isOut = (core: Core, thread: Thread | undefined): boolean =>
  thread?.left === "left" || (thread?.left === "removed" && !thread.state.people[core.self.identity.publicId]);

/** What this device got on a way that parted from the one it is let in on, as far as that shows. */
async function wantedInVain(
  core: Core,
  { route, branch }: SessionRecord,
  way: readonly string[],
): Promise<NewIntent[]> {
  const records = await core.threads.epochs(route);
  const parted = records.findIndex((record) => way.includes(record.branch));
  const lost = records.filter((_, i) => i <= parted && !way.includes(records[i - 1]?.branch ?? branch));
  return lost.toReversed().flatMap(({ own = [] }) => own.map(({ number: _, ...intent }) => intent));
}

const noticeOfEntry = (core: Core, thread: Thread, by: PublicId) => ({
  ...{ id: thread.id, number: thread.next, from: by, outgoing: false, at: core.now() },
  body: { type: "notice" as const, notice: { kind: "added" as const, by, people: [core.self.identity.publicId] } },
  delivery: "delivered" as const,
});

/** One who belongs to a pair has been accepted on one of the person's devices already. */
function contactOf(
  core: Core,
  publicId: PublicId,
  conversationId: ConversationId,
  nonce: string,
): ContactRecord | undefined {
  const person = core.people.get(publicId);
  const before = core.book.get(publicId);
  if (!person || before?.state === "blocked") return undefined;
  const { sent: _, earlier: __, problem: ___, ...kept } = before ?? { since: core.now(), verified: false, done: [] };
  return {
    ...kept,
    ...{ publicId, pseudonym: person.pseudonym, agreementKey: person.agreementKey, conversationId },
    done: [...kept.done, nonce],
    state: "connected",
  };
}

/** Devices that were removed from the registry and not from the group yet. */
export async function throwOutUnlisted(core: Core, id: ConversationId): Promise<void> {
  const thread = core.threads.get(id);
  if (!thread || thread.left) return;
  const isUnlisted = ({ publicId, device }: GroupDevice) => {
    const person = core.people.get(publicId);
    return person && device !== core.self.identity.deviceKey && !person.devices.includes(device);
  };
  // What is known may be older than the device.
  await lookUp(core, [...new Set(thread.devices.filter(isUnlisted).map(({ publicId }) => publicId))], 0);
  const gone = thread.devices.filter(isUnlisted);
  if (gone.length === 0) return;
  const wanted = core.intents.of(id).flatMap((intent) => (intent.kind === "remove devices" ? intent.devices : []));
  const devices = gone.map(({ device }) => device).filter((device) => !wanted.includes(device));
  if (devices.length > 0) await core.intents.add(id, [{ kind: "remove devices", devices }]);
  settle(core, id);
}
