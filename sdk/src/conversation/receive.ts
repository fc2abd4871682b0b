import type { Core } from "../client/core.ts";
import { decryptMessage } from "../crypto/mls/group.ts";
import { codeOf } from "../errors/index.ts";
import type { PublicId } from "../types/primitives.ts";
import { type AppMessage, decodeAppMessage } from "./appMessage.ts";
import { recordDelivered, recordRead } from "./delivery.ts";
import { answerMissing, noteCounter, noteGone } from "./gaps.ts";
import { scheduleConfirm } from "./receipts.ts";
import { besides, keptSessions } from "./replaced.ts";
import type { SessionRecord, StoredMessage, Thread } from "./threads.ts";
import { messageOf, tellConversation } from "./view.ts";

const typingShownFor = 5000;
/** A sender's clock may be wrong; what it says about the future is not shown. */
const maxAhead = 60_000;

/** What other rooms do with messages that are not the conversation's own business. */
export interface Receivers {
  call(contact: PublicId, signal: unknown): void;
  anchored(conversationId: string, message: Extract<AppMessage, { type: "anchored" }>): void;
}

/**
 * Takes an MLS message of a known session. Resolves when everything it changed is on disk; whatever cannot be decrypted
 * is dropped, because it would not decrypt the next time either.
 */
export async function receiveMls(core: Core, receivers: Receivers, route: string, bytes: Uint8Array): Promise<void> {
  const id = core.threads.byRoute(route)?.thread.id;
  if (!id) return;
  await core.serial.run(id, async () => {
    const found = core.threads.byRoute(route);
    if (!found) return;
    const sessions = keptSessions(found.thread.sessions, core.now()).map((session) => ({ ...session }));
    const thread: Thread = { ...found.thread, sessions };
    const session = sessions.find((candidate) => candidate.route === route);
    if (!session) return core.threads.save({ thread });
    let decrypted: Awaited<ReturnType<typeof decryptMessage>>;
    try {
      decrypted = await decryptMessage(await core.threads.group(route), bytes);
    } catch (error) {
      // Most often the same message again, over another relay or after a restart.
      if (codeOf(error) === "MLS_FAILED") return;
      throw error;
    }
    const groups = new Map([[route, decrypted.group]]);
    const message = decodeAppMessage(decrypted.body);
    if (core.book.get(thread.publicId)?.state === "blocked") {
      // Counted all the same: a hole would be asked for after the block, and would betray it.
      if (message?.type === "text") session.received = Math.max(session.received, message.n);
      await core.threads.save({ thread, groups });
      return;
    }
    if (message?.type === "text") {
      await receiveText(core, thread, session, groups, message);
      return;
    }
    if (message?.type === "gone") noteGone(session, message.ns);
    if (message?.type === "gone-before") {
      const before = besides(sessions, route, message.route);
      if (before) noteGone(before, message.ns);
    }
    await core.threads.save({ thread, groups });
    if (message) await handle(core, receivers, thread, route, message);
  });
}

async function receiveText(
  core: Core,
  thread: Thread,
  session: SessionRecord,
  groups: Map<string, Awaited<ReturnType<Core["threads"]["group"]>>>,
  message: Extract<AppMessage, { type: "text" }>,
): Promise<void> {
  noteCounter(core, thread.id, session, message.n);
  thread.unconfirmed = [...thread.unconfirmed, message.id].slice(-256);
  // Known: it was sent again because our confirmation was lost, or reached us under two sessions.
  const known = await core.threads.message(thread.id, message.id);
  const stored: StoredMessage = {
    id: message.id,
    number: thread.next,
    outgoing: false,
    at: Math.min(message.at, core.now() + maxAhead),
    body: { type: "text", text: message.text },
    delivery: "delivered",
  };
  if (!known) {
    thread.next++;
    thread.unread++;
  }
  await core.threads.save({ thread, groups, messages: known ? [] : [stored] });
  scheduleConfirm(core, thread.id);
  if (known) return;
  core.events.emit("message", messageOf(core, thread, stored));
  tellConversation(core, thread.id);
}

async function handle(
  core: Core,
  receivers: Receivers,
  thread: Thread,
  route: string,
  message: Exclude<AppMessage, { type: "text" }>,
): Promise<void> {
  switch (message.type) {
    case "delivered":
      return recordDelivered(core, thread.id, message.ids);
    case "read":
      return recordRead(core, thread.id, message.upTo);
    case "missing":
      return answerMissing(core, thread.id, route, message.ns);
    case "missing-before":
      if (!besides(thread.sessions, route, message.route)) return;
      return answerMissing(core, thread.id, message.route, message.ns);
    case "typing":
      return core.events.emit("typing", { conversationId: thread.id, until: core.now() + typingShownFor });
    case "call":
      return receivers.call(thread.publicId, message.signal);
    case "anchored":
      return receivers.anchored(thread.id, message);
    case "gone":
    case "gone-before":
      return;
  }
}
