import type { Core } from "../../client/core.ts";
import { mayWrite } from "../../conversation/transmit.ts";
import type { ConversationId } from "../../types/primitives.ts";
import { wakeAgreements } from "./follow.ts";

/**
 * What a conversation did not take is told as soon as it takes it again: a contact is no longer blocked, a group let this person in or
 * write again.
 * @returns stops it
 */
export function tellAgain(core: Core): () => void {
  const taking = new Set(core.threads.all().flatMap(({ id }) => (takes(core, id) ? [id] : [])));
  const look = (id: ConversationId | undefined): void => {
    if (id === undefined) return;
    if (!takes(core, id)) {
      taking.delete(id);
    } else if (!taking.has(id)) {
      taking.add(id);
      wakeAgreements(core);
    }
  };
  const stops = [
    core.events.on("conversation", ({ id }) => look(id)),
    core.events.on("contacts", ({ conversationId }) => look(conversationId)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function takes({ threads, book, self }: Core, id: ConversationId): boolean {
  const thread = threads.get(id);
  if (!thread || thread.left || thread.sessions.length === 0) return false;
  const contact = thread.publicId ? book.get(thread.publicId) : undefined;
  return contact?.state !== "blocked" && !contact?.problem && mayWrite(thread, self.identity.publicId);
}
