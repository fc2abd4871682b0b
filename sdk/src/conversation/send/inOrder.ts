import type { Core } from "../../client/core.ts";
import { ensureContact, refuseProblem } from "../../contacts/checkContact.ts";
import { SkrumbleError } from "../../errors/index.ts";
import type { ConversationId } from "../../types/primitives.ts";
import type { Thread } from "../threads.ts";
import { mayWrite } from "../transmit.ts";

/**
 * In the conversation's lane, once nothing speaks against the contact; what is said keeps its order while that is found out.
 * @throws SkrumbleError CONVERSATION_UNKNOWN, CONTACT_BLOCKED, IDENTITY_REVOKED, IDENTITY_CHANGED, GROUP_LEFT, GROUP_ADMINS_WRITE,
 * CONVERSATION_NOT_ENTERED
 */
export function inOrder<T>(core: Core, id: ConversationId, task: (thread: Thread) => Promise<T>): Promise<T> {
  return core.serial.run(`send ${id}`, async () => {
    const publicId = core.threads.get(id)?.publicId;
    if (publicId) await ensureContact(core, publicId);
    return core.serial.run(id, async () => {
      if (publicId) refuseProblem(core, publicId);
      const thread = core.threads.get(id);
      if (!thread) throw new SkrumbleError("CONVERSATION_UNKNOWN");
      if (publicId && core.book.get(publicId)?.state === "blocked") throw new SkrumbleError("CONTACT_BLOCKED");
      if (thread.left) throw new SkrumbleError("GROUP_LEFT");
      // Its history came from another device; the keys come when one lets this device in.
      if (thread.sessions.length === 0) throw new SkrumbleError("CONVERSATION_NOT_ENTERED");
      if (!mayWrite(thread, core.self.identity.publicId)) throw new SkrumbleError("GROUP_ADMINS_WRITE");
      return task(thread);
    });
  });
}
