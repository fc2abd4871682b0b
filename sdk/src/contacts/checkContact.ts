import { provable } from "../chain/provenance.ts";
import type { Core } from "../client/core.ts";
import { whenSettled } from "../conversation/commit/settle.ts";
import { throwOutUnlisted } from "../conversation/entry/receiveEntry.ts";
import { peopleOf } from "../conversation/group/state.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import type { Millis, PublicId } from "../types/primitives.ts";
import type { ContactRecord } from "./book.ts";

/** What the registry said holds for so long; when it could not be asked, it is asked again before a send after a minute. */
const holds = 3_600_000;
const askAgain = 60_000;
/** A send waits no longer than this for the chain. */
const patience = 3000;
/** Fewer are looked at as quickly one after the other. */
const many = 8;

interface Check {
  /** When it may be asked again. */
  due: Millis;
  running?: Promise<void> | undefined;
}
const checks = new WeakMap<Core, Map<PublicId, Check>>();

function checkOf(core: Core, publicId: PublicId): Check {
  const people = checks.get(core) ?? new Map<PublicId, Check>();
  checks.set(core, people);
  const check = people.get(publicId) ?? { due: 0 };
  people.set(publicId, check);
  return check;
}

/** A session has just been made with what the registry says. */
export function noteChecked(core: Core, publicId: PublicId): void {
  checkOf(core, publicId).due = core.now() + holds;
}

/**
 * Looks at the registry for a contact, and at the devices this client sends to. What is found is marked in the contact
 * and in the sessions. Never rejects: without a chain everything stays as it is.
 */
export function checkContact(core: Core, publicId: PublicId): Promise<void> {
  const check = checkOf(core, publicId);
  check.running ??= look(core, publicId)
    .then(
      (problem) => mark(core, publicId, problem),
      () => false,
    )
    .then((settled) => {
      check.due = core.now() + (settled ? holds : askAgain);
    })
    .catch((error) => core.signal.aborted || core.problem(codeOf(error)))
    .then(() => {
      check.running = undefined;
    });
  return check.running;
}

/**
 * Everybody one has a conversation with, in the background; oneself too: devices come and go. Of many people those who are as they were are
 * found out all at once: nothing is changed on the strength of that, and before something is sent to them they are looked at.
 */
export async function checkContacts(core: Core): Promise<void> {
  const people = new Set(core.threads.all().flatMap(({ state, left }) => (left ? [] : peopleOf(state))));
  const unchanged = await findAsBefore(core, people);
  for (const publicId of people) {
    if (core.signal.aborted) return;
    if (!unchanged.has(publicId)) await checkContact(core, publicId);
    // What was known may not have been seen to.
    else await throwOut(core, publicId, core.book.get(publicId)?.problem?.code).catch(() => undefined);
  }
}

async function findAsBefore(core: Core, people: ReadonlySet<PublicId>): Promise<Set<PublicId>> {
  const others = [...people].filter((one) => one !== core.self.identity.publicId && !core.book.get(one)?.problem);
  const known = others.flatMap((one) => core.people.get(one) ?? []);
  if (known.length < many || !provable(core.chain)) return new Set();
  const { findUnchanged } = await import("./findUnchanged.ts");
  return findUnchanged(core.chain, known, core.signal);
}

/**
 * To be called before something is sent: asks the registry about once an hour, and does not wait long for it.
 * @throws SkrumbleError IDENTITY_REVOKED, IDENTITY_CHANGED
 */
export async function ensureContact(core: Core, publicId: PublicId): Promise<void> {
  if (core.book.get(publicId)?.state !== "connected") return;
  if (core.now() >= checkOf(core, publicId).due) {
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patience);
    const found = checkContact(core, publicId).then(() => removed(core, publicId));
    await Promise.race([found, enough]).finally(() => clearTimeout(timer));
  }
  refuseProblem(core, publicId);
}

/** A device that was found to be gone does not get the text that is about to be sent. */
async function removed(core: Core, publicId: PublicId): Promise<void> {
  const id = core.book.get(publicId)?.conversationId;
  if (id !== undefined) await whenSettled(core, id);
}

/** @throws SkrumbleError IDENTITY_REVOKED, IDENTITY_CHANGED */
export function refuseProblem(core: Core, publicId: PublicId): void {
  const problem = core.book.get(publicId)?.problem;
  if (problem) throw new SkrumbleError(problem.code);
}

type Problem = NonNullable<ContactRecord["problem"]>["code"];

/** @returns the problem, if any. @throws SkrumbleError when the chain could not be asked */
async function look(core: Core, publicId: PublicId): Promise<Problem | undefined> {
  try {
    await core.people.load(publicId, 0);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code !== "IDENTITY_REVOKED" && code !== "IDENTITY_CHANGED") throw error;
    await core.people.disown(publicId);
    return code;
  }
}

/** @returns whether the person is in order, and need not be looked at soon. */
async function mark(core: Core, publicId: PublicId, found: Problem | undefined): Promise<boolean> {
  const id = core.book.get(publicId)?.conversationId;
  const thread = id === undefined ? undefined : core.threads.get(id);
  // What was brought back from a file or a backup has none yet: it does not know theirs before they let it in.
  const theirs = thread?.sessions.length ? thread.devices.filter((one) => one.publicId === publicId) : undefined;
  const listed = core.people.get(publicId)?.devices ?? [];
  // A device that took part is enough: what else is there is thrown out.
  const none = theirs !== undefined && !theirs.some(({ device }) => listed.includes(device));
  const problem = found ?? (none ? "IDENTITY_CHANGED" : undefined);
  await core.serial.run(`contact ${publicId}`, async () => {
    const contact = core.book.get(publicId);
    if (contact?.state !== "connected" || contact.problem?.code === problem) return;
    const { problem: _, ...rest } = contact;
    await core.book.save({ ...rest, ...(problem ? { problem: { code: problem } } : {}) });
  });
  await throwOut(core, publicId, problem);
  return problem === undefined;
}

/** Devices that the registry does not list any more, out of every conversation. */
async function throwOut(core: Core, publicId: PublicId, problem: Problem | undefined): Promise<void> {
  for (const thread of core.threads.all()) {
    const involved = thread.devices.some((one) => one.publicId === publicId);
    if (involved && !(problem && thread.kind === "pair")) await throwOutUnlisted(core, thread.id);
  }
}
