import type { Core } from "../client/core.ts";
import { codeOf } from "../errors/index.ts";
import { requestContact } from "./request.ts";

/**
 * A contact whose conversation has no group on this device any more (written by an earlier version, or lost) is asked for a
 * new one, which the other side makes by itself. History stays. In the background, after a start.
 */
export async function mendContacts(core: Core): Promise<void> {
  for (const { publicId, state, conversationId, sent, problem } of core.book.all()) {
    const lost = conversationId !== undefined && core.threads.get(conversationId) === undefined;
    if (state !== "connected" || !lost || sent || problem || core.signal.aborted) continue;
    await requestContact(core, publicId, undefined, { renew: true }).catch((error) => {
      if (!core.signal.aborted) core.problem(codeOf(error));
    });
  }
}
