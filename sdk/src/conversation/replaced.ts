import type { Core } from "../client/core.ts";
import type { Millis } from "../types/primitives.ts";
import { textTtlSeconds } from "./limits.ts";
import type { SessionRecord } from "./threads.ts";

/**
 * A group that another one has replaced only receives: texts may be under way in it for as long as relays keep them. Then
 * its keys go.
 */

/** Of one conversation. */
const maxReplaced = 4;
const keptFor = textTtlSeconds * 1000;

/** The same sessions in the same order, without the replaced ones that are too old or too many. */
export function keptSessions(sessions: SessionRecord[], now: Millis): SessionRecord[] {
  const closed = sessions
    .filter((session) => session.closed !== undefined && now - session.closed < keptFor)
    .toSorted((a, b) => (a.closed ?? 0) - (b.closed ?? 0))
    .slice(-maxReplaced);
  return sessions.filter((session) => session.closed === undefined || closed.includes(session));
}

/** With a new session in place of the one before. */
export function withSession(sessions: SessionRecord[], session: SessionRecord, now: Millis): SessionRecord[] {
  const before = sessions.map((one) => (one.closed === undefined ? { ...one, closed: now } : one));
  return keptSessions([...before, session], now);
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
