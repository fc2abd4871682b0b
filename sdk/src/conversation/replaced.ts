import type { Core } from "../client/core.ts";
import type { Millis } from "../types/primitives.ts";
import { textTtlSeconds } from "./appMessage.ts";
import type { SessionRecord } from "./threads.ts";

/**
 * A session that another one has replaced only receives: texts may be under way in it for as long as relays keep them.
 * Then its keys go.
 */

/** A person with more devices than this loses the sessions of the oldest. */
const maxSessions = 8;
/** Of one conversation. */
const maxReplaced = 4;
const keptFor = textTtlSeconds * 1000;

/** Whether texts may go out under it: neither replaced, nor with a device that the registry no longer lists. */
export const isLive = ({ replaced, removed }: SessionRecord): boolean => replaced === undefined && !removed;

/** The same sessions in the same order, without the replaced ones that are too old or too many. */
export function keptSessions(sessions: SessionRecord[], now: Millis): SessionRecord[] {
  const replaced = sessions
    .filter((session) => session.replaced !== undefined && now - session.replaced < keptFor)
    .toSorted((a, b) => (a.replaced ?? 0) - (b.replaced ?? 0))
    .slice(-maxReplaced);
  return sessions.filter((session) => session.replaced === undefined || replaced.includes(session));
}

/** With a new session. It replaces the one with the same device, or with the oldest of too many. */
export function withSession(sessions: SessionRecord[], session: SessionRecord, now: Millis): SessionRecord[] {
  const others = sessions.filter(({ device, replaced }) => device !== session.device && replaced === undefined);
  const staying = others.slice(1 - maxSessions);
  const before = sessions.map((one) =>
    one.replaced !== undefined || staying.includes(one) ? one : { ...one, replaced: now },
  );
  return keptSessions([...before, session], now);
}

/** The session named `other`, if it is with the same device as the one named `route`. */
export function besides(sessions: SessionRecord[], route: string, other: string): SessionRecord | undefined {
  const device = sessions.find((session) => session.route === route)?.device;
  return sessions.find((session) => session.route === other && session.device === device);
}

/** The session to talk over with the device of one that may have been replaced. */
export function liveBeside(sessions: SessionRecord[], route: string): SessionRecord | undefined {
  const device = sessions.find((session) => session.route === route)?.device;
  return sessions.findLast((session) => session.device === device && isLive(session));
}

/** After a start: what has expired goes from the disk too. */
export async function dropReplaced(core: Core): Promise<void> {
  for (const { id } of core.threads.all()) {
    await core.serial.run(id, async () => {
      const thread = core.threads.get(id);
      if (!thread) return;
      const sessions = keptSessions(thread.sessions, core.now());
      if (sessions.length < thread.sessions.length) await core.threads.save({ thread: { ...thread, sessions } });
    });
  }
}
