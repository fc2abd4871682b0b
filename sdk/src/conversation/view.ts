import type { Core } from "../client/core.ts";
import { publicContact } from "../contacts/book.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Certificate, Contact, ConversationSummary, Message } from "../types/client.ts";
import type { ConversationId } from "../types/primitives.ts";
import type { StoredCertificate, StoredMessage, Thread } from "./threads.ts";

/** From what is stored to what programs see. */

export function messageOf(core: Core, thread: Thread, stored: StoredMessage): Message {
  const { id, outgoing, at, body, delivery, replicas, error } = stored;
  return {
    id,
    conversationId: thread.id,
    from: outgoing ? core.self.identity.publicId : thread.publicId,
    outgoing,
    at,
    body,
    delivery,
    ...(replicas ? { replicas } : {}),
    ...(error ? { error } : {}),
  };
}

export const certificateOf = (stored: StoredCertificate): Certificate =>
  stored.state === "certified" ? { ...stored, blockNumber: BigInt(stored.blockNumber) } : stored;

export const storedCertificate = (certificate: Certificate): StoredCertificate =>
  certificate.state === "certified" ? { ...certificate, blockNumber: String(certificate.blockNumber) } : certificate;

/** @throws SkrumbleError CONVERSATION_UNKNOWN */
export async function summaryOf(core: Core, id: ConversationId): Promise<ConversationSummary> {
  const thread = core.threads.get(id);
  const contact = thread && core.book.get(thread.publicId);
  if (!thread || !contact) throw new SkrumbleError("CONVERSATION_UNKNOWN");
  const [last] = await core.threads.messages(id, { limit: 1 });
  return {
    id,
    contact: publicContact(contact),
    unread: thread.unread,
    certificate: certificateOf(thread.certificate),
    ...(last ? { last: messageOf(core, thread, last) } : {}),
  };
}

/** Tells the listeners; nothing depends on it. */
export function tellConversation(core: Core, id: ConversationId): void {
  summaryOf(core, id).then(
    (summary) => core.events.emit("conversation", summary),
    () => undefined,
  );
}

/** A contact changed: who listens to contacts hears it, and who listens to the conversation that shows it. */
export function tellContact(core: Core, contact: Contact): void {
  core.events.emit("contacts", contact);
  if (contact.conversationId !== undefined) tellConversation(core, contact.conversationId);
}
