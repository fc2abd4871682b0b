import type { Core } from "../client/core.ts";
import { ensureContact, refuseProblem } from "../contacts/checkContact.ts";
import { randomBytes, toHexString, utf8 } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Message } from "../types/client.ts";
import type { ConversationId, MessageId } from "../types/primitives.ts";
import { maxText, textTtlSeconds } from "./appMessage.ts";
import type { SessionRecord, StoredMessage } from "./threads.ts";
import { type TransmitPlan, transmit } from "./transmit.ts";
import { messageOf, tellConversation } from "./view.ts";

/** @throws SkrumbleError MESSAGE_EMPTY, MESSAGE_TOO_LONG, CONVERSATION_UNKNOWN, CONTACT_BLOCKED, IDENTITY_REVOKED, IDENTITY_CHANGED */
export async function sendText(core: Core, id: ConversationId, text: string): Promise<Message> {
  if (text.trim() === "") throw new SkrumbleError("MESSAGE_EMPTY");
  if (utf8(text).length > maxText) throw new SkrumbleError("MESSAGE_TOO_LONG");
  return inOrder(core, id, async () => {
    const thread = core.threads.get(id);
    if (!thread) throw new SkrumbleError("CONVERSATION_UNKNOWN");
    if (core.book.get(thread.publicId)?.state === "blocked") throw new SkrumbleError("CONTACT_BLOCKED");
    const message: StoredMessage = {
      id: toHexString(randomBytes(16)),
      number: thread.next,
      outgoing: true,
      at: core.now(),
      body: { type: "text", text },
      delivery: "sending",
    };
    await transmitText(core, id, message, {
      change: (changed) => {
        changed.next++;
      },
    });
    return tell(core, id, message);
  });
}

/** Encrypts a failed text anew and sends it. @throws SkrumbleError MESSAGE_UNKNOWN, CONVERSATION_UNKNOWN */
export async function retryText(core: Core, id: ConversationId, messageId: MessageId): Promise<void> {
  await inOrder(core, id, async () => {
    const stored = await core.threads.message(id, messageId);
    if (!stored?.outgoing || stored.body.type !== "text") throw new SkrumbleError("MESSAGE_UNKNOWN");
    if (stored.delivery !== "failed") return;
    const { error: _, ...rest } = stored;
    const message: StoredMessage = { ...rest, delivery: "sending" };
    await transmitText(core, id, message);
    tell(core, id, message);
  });
}

/** In the conversation's lane, once nothing speaks against the contact; texts keep their order while that is found out. */
function inOrder<T>(core: Core, id: ConversationId, task: () => Promise<T>): Promise<T> {
  return core.serial.run(`send ${id}`, async () => {
    const publicId = core.threads.get(id)?.publicId;
    if (publicId) await ensureContact(core, publicId);
    return core.serial.run(id, async () => {
      if (publicId) refuseProblem(core, publicId);
      return task();
    });
  });
}

/** Sends a stored text again over one session, for a device that missed it: under the counter it has there, or a new one. */
export async function resendText(core: Core, id: ConversationId, route: string, message: StoredMessage): Promise<void> {
  await transmitText(core, id, message, { only: route });
}

async function transmitText(
  core: Core,
  id: ConversationId,
  message: StoredMessage,
  { only, change }: { only?: string; change?: TransmitPlan["change"] } = {},
): Promise<void> {
  const build = (session: SessionRecord) => {
    if (only !== undefined && session.route !== only) return undefined;
    // A text that failed keeps the counter it had: there must be no hole where it was.
    const n = message.sentAs?.[session.route] ?? ++session.sent;
    return textMessage(message, n);
  };
  await transmit(core, id, { ttlSeconds: textTtlSeconds, message, build, ...(change ? { change } : {}) });
}

const textMessage = (message: StoredMessage, n: number) => ({
  v: 1 as const,
  type: "text" as const,
  id: message.id,
  n,
  at: message.at,
  text: message.body.type === "text" ? message.body.text : "",
});

function tell(core: Core, id: ConversationId, message: StoredMessage): Message {
  const thread = core.threads.get(id);
  if (!thread) throw new SkrumbleError("CONVERSATION_UNKNOWN");
  const shown = messageOf(core, thread, message);
  core.events.emit("message", shown);
  tellConversation(core, id);
  return shown;
}
