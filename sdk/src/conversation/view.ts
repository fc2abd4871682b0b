import type { Core } from "../client/core.ts";
import { publicContact } from "../contacts/book.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Certificate, Contact, ConversationSummary, Message, MessageBody } from "../types/client.ts";
import type { ConversationId } from "../types/primitives.ts";
import { shownAgreement } from "./content/agreement.ts";
import { shownPayment, shownRequest } from "./content/money.ts";
import { shownPacket } from "./content/packet.ts";
import { quoteOf, reactionsOf } from "./content/show.ts";
import type { HistoryMessage } from "./content/types.ts";
import { peopleOf } from "./group/state.ts";
import { groupView } from "./group/view.ts";
import type { StoredCertificate, Thread } from "./threads.ts";

/** From what is stored to what programs see. */

/** @param quoted the message that this one answers, where it is here */
export function messageOf(thread: Thread, stored: HistoryMessage, quoted?: HistoryMessage): Message {
  const { id, from, outgoing, at, delivery, replicas, error } = stored;
  const body = shownBody(stored);
  const { replyTo, forwarded, sharedBy, edited, mentions, link, expiresAt, starred } = stored;
  const reactions = reactionsOf(stored);
  return {
    ...{ id, conversationId: thread.id, from, outgoing, at, body, delivery },
    ...(replicas ? { replicas } : {}),
    ...(error ? { error } : {}),
    ...(replyTo ? { replyTo: quoteOf(replyTo, quoted) } : {}),
    ...(forwarded ? { forwarded } : {}),
    ...(sharedBy ? { sharedBy } : {}),
    ...(edited === undefined ? {} : { edited }),
    ...(reactions.length > 0 ? { reactions } : {}),
    ...(mentions ? { mentions } : {}),
    ...(link ? { link } : {}),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(starred ? { starred } : {}),
    ...(thread.kind === "group" && outgoing ? { receipts: receiptsOf(thread, stored) } : {}),
  };
}

function shownBody({ id, body }: HistoryMessage): MessageBody {
  if (body.type === "payment") return shownPayment(body);
  if (body.type === "request") return shownRequest(body);
  if (body.type === "agreement") return shownAgreement(id, body);
  return body.type === "packet" ? shownPacket(body) : body;
}

/** As programs see them, quotes from this device's own copies. */
export async function shownMessages(core: Core, id: ConversationId, stored: HistoryMessage[]): Promise<Message[]> {
  const thread = core.threads.get(id);
  if (!thread) throw new SkrumbleError("CONVERSATION_UNKNOWN");
  return Promise.all(
    stored.map(async (message) => {
      const quoted = message.replyTo && (await core.threads.message(id, message.replyTo.id));
      return messageOf(thread, message, quoted);
    }),
  );
}

/** The same of one. */
export async function shownMessage(core: Core, id: ConversationId, stored: HistoryMessage): Promise<Message> {
  return (await shownMessages(core, id, [stored]))[0] as Message;
}

/** Tells the listeners of new or changed messages. */
export async function tellMessages(core: Core, id: ConversationId, stored: HistoryMessage[]): Promise<void> {
  for (const message of await shownMessages(core, id, stored)) core.events.emit("message", message);
}

function receiptsOf({ state }: Thread, { from, reached = {} }: HistoryMessage) {
  const others = peopleOf(state).filter((publicId) => publicId !== from);
  const got = others.flatMap((publicId) => reached[publicId] ?? []);
  return { delivered: got.length, read: got.filter((how) => how === "read").length, of: others.length };
}

export const certificateOf = (stored: StoredCertificate): Certificate =>
  stored.state === "certified" ? { ...stored, blockNumber: BigInt(stored.blockNumber) } : stored;

export const storedCertificate = (certificate: Certificate): StoredCertificate =>
  certificate.state === "certified" ? { ...certificate, blockNumber: String(certificate.blockNumber) } : certificate;

/** @throws SkrumbleError CONVERSATION_UNKNOWN */
export async function summaryOf(core: Core, id: ConversationId): Promise<ConversationSummary> {
  const thread = core.threads.get(id);
  if (!thread) throw new SkrumbleError("CONVERSATION_UNKNOWN");
  return (await summariesOf(core, [thread]))[0] as ConversationSummary;
}

/** In the order asked for. @throws SkrumbleError CONVERSATION_UNKNOWN */
export async function summariesOf(core: Core, threads: readonly Thread[]): Promise<ConversationSummary[]> {
  const newest = await core.threads.newest(threads);
  return Promise.all(threads.map((thread, i) => summarise(core, thread, newest[i])));
}

async function summarise(core: Core, thread: Thread, last: HistoryMessage | undefined): Promise<ConversationSummary> {
  const summary = {
    id: thread.id,
    unread: thread.unread,
    flags: thread.flags ?? {},
    timer: thread.state.timer ?? 0,
    certificate: certificateOf(thread.certificate),
    ...(last ? { last: messageOf(thread, last) } : {}),
  };
  if (thread.kind === "group") return { ...summary, kind: "group", group: await groupView(core, thread) };
  const contact = thread.publicId && core.book.get(thread.publicId);
  if (!contact) throw new SkrumbleError("CONVERSATION_UNKNOWN");
  return { ...summary, kind: "pair", contact: publicContact(contact) };
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
