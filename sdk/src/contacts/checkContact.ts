import { readDevices } from "../chain/actions/readDevices.ts";
import type { Core } from "../client/core.ts";
import { isLive } from "../conversation/replaced.ts";
import { toHex } from "../crypto/bytes.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import { readPeer } from "../identity/verifyPeer.ts";
import type { Millis, PublicId } from "../types/primitives.ts";
import type { ContactRecord } from "./book.ts";

/** What the registry said holds for so long; when it could not be asked, it is asked again before a send after a minute. */
const holds = 3_600_000;
const askAgain = 60_000;
/** A send waits no longer than this for the chain. */
const patience = 2000;

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

/** One contact after the other, in the background. */
export async function checkContacts(core: Core): Promise<void> {
  for (const { publicId, state } of core.book.all()) {
    if (core.signal.aborted) return;
    if (state === "connected") await checkContact(core, publicId);
  }
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
    await Promise.race([checkContact(core, publicId), enough]).finally(() => clearTimeout(timer));
  }
  refuseProblem(core, publicId);
}

/** @throws SkrumbleError IDENTITY_REVOKED, IDENTITY_CHANGED */
export function refuseProblem(core: Core, publicId: PublicId): void {
  const problem = core.book.get(publicId)?.problem;
  if (problem) throw new SkrumbleError(problem.code);
}

type Problem = NonNullable<ContactRecord["problem"]>["code"];

/** @returns the problem, and the devices the registry lists. @throws SkrumbleError when the chain could not be asked */
async function look(core: Core, publicId: PublicId): Promise<Problem | Set<string>> {
  try {
    const record = await readPeer(core.chain, publicId, core.signal);
    return new Set((await readDevices(core.chain, record, core.signal)).map(toHex));
  } catch (error) {
    const code = codeOf(error);
    if (code === "IDENTITY_REVOKED" || code === "IDENTITY_CHANGED") return code;
    throw error;
  }
}

/** @returns whether the contact is in order, and need not be looked at soon. */
async function mark(core: Core, publicId: PublicId, found: Problem | Set<string>): Promise<boolean> {
  const id = core.book.get(publicId)?.conversationId;
  let problem = typeof found === "string" ? found : undefined;
  if (id !== undefined && typeof found !== "string") {
    const left = await core.serial.run(id, async () => {
      const thread = core.threads.get(id);
      if (!thread) return true;
      const sessions = thread.sessions.map((session) => ({ ...session, removed: !found.has(session.device) }));
      if (sessions.some(({ removed }, i) => removed !== (thread.sessions[i]?.removed ?? false))) {
        await core.threads.save({ thread: { ...thread, sessions } });
      }
      return sessions.some(isLive);
    });
    if (!left) problem = "IDENTITY_CHANGED";
  }
  await core.serial.run(`contact ${publicId}`, async () => {
    const contact = core.book.get(publicId);
    if (contact?.state !== "connected" || contact.problem?.code === problem) return;
    const { problem: _, ...rest } = contact;
    await core.book.save({ ...rest, ...(problem ? { problem: { code: problem } } : {}) });
  });
  return problem === undefined;
}
