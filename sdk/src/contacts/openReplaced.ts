import type { Core } from "../client/core.ts";
import { newSession } from "../conversation/newSession.ts";
import { keptSessions } from "../conversation/replaced.ts";
import type { MlsGroup } from "../crypto/mls/state.ts";
import type { ContactRecord } from "./book.ts";

/**
 * A welcome that comes after a newer session has taken its place: texts may be under way in it, so it is kept to receive.
 * Inside the contact's lane.
 */
export async function openReplaced(
  core: Core,
  input: { contact: ContactRecord; nonce: string; route: string; group: MlsGroup },
): Promise<void> {
  const { contact, nonce, route, group } = input;
  const id = contact.conversationId;
  if (id === undefined) return;
  await core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    if (!thread) return;
    const at = core.now();
    const session = { ...newSession(route, group, { since: at }), closed: at };
    // In front: the last session is the one in use.
    const sessions = keptSessions([session, ...thread.sessions], at);
    const late = contact.late?.filter((request) => request.nonce !== nonce) ?? [];
    const { op, written } = core.book.prepare({ ...contact, late, done: [...contact.done, nonce] });
    await core.threads.save({ thread: { ...thread, sessions }, groups: new Map([[route, group]]), also: [op] });
    written();
  });
}
