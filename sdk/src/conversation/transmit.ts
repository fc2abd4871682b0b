import type { Core } from "../client/core.ts";
import { fromHex } from "../crypto/bytes.ts";
import { encryptMessage, type MlsGroup } from "../crypto/mls/group.ts";
import { seal } from "../crypto/seal.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { ConversationId } from "../types/primitives.ts";
import { type AppMessage, encodeAppMessage } from "./appMessage.ts";
import { encodeEnvelope } from "./envelope.ts";
import type { OutboxItem } from "./outbox.ts";
import { isLive, keptSessions } from "./replaced.ts";
import type { SessionRecord, StoredMessage, Thread } from "./threads.ts";

export interface TransmitPlan {
  /** What to say to one device; undefined for nothing. May count up `session.sent` of the copy it is given. */
  build(session: SessionRecord): AppMessage | undefined;
  /** How long relays keep it. */
  ttlSeconds: number;
  /** Forwarded if the other side listens now, else lost. */
  ephemeral?: boolean;
  /** A first relay has stored it for a device; told once per device, never for what is ephemeral. */
  onStored?: (() => void) | undefined;
  /** Text that this carries: its delivery state follows the deposits. */
  message?: StoredMessage;
  /** Changes of the thread that belong to the same write. */
  change?(thread: Thread): void;
}

/**
 * Encrypts to every device of the other person. The new ratchet states are on disk before a byte leaves: a crash
 * between the two may repeat a ciphertext, never a key.
 * Call it inside the conversation's lane. @throws SkrumbleError CONVERSATION_UNKNOWN, MESSAGE_TOO_LONG, MLS_FAILED, STORE_FAILED
 */
export async function transmit(core: Core, id: ConversationId, plan: TransmitPlan): Promise<void> {
  const current = core.threads.get(id);
  const contact = current && core.book.get(current.publicId);
  if (!current || !contact) throw new SkrumbleError("CONVERSATION_UNKNOWN");
  const thread: Thread = {
    ...current,
    sessions: keptSessions(current.sessions, core.now()).map((session) => ({ ...session })),
  };
  const groups = new Map<string, MlsGroup>();
  const payloads: Uint8Array[] = [];
  for (const session of thread.sessions) {
    // Whoever holds these keys may be somebody else by now.
    if (!isLive(session) || contact.problem) continue;
    const message = plan.build(session);
    if (!message) continue;
    const encrypted = await encryptMessage(await core.threads.group(session.route), encodeAppMessage(message));
    groups.set(session.route, encrypted.group);
    const envelope = encodeEnvelope({ kind: "mls", route: fromHex(session.route), message: encrypted.message });
    payloads.push(await seal(fromHex(contact.agreementKey), envelope));
    if (plan.message && message.type === "text") {
      plan.message.sentAs = { ...plan.message.sentAs, [session.route]: message.n };
    }
  }
  plan.change?.(thread);
  const expiresAt = core.now() + plan.ttlSeconds * 1000;
  const ref = plan.message && { message: { conversationId: id, id: plan.message.id } };
  const prepared = plan.ephemeral
    ? []
    : payloads.map((payload) => core.outbox.prepare({ to: contact.publicId, payload, expiresAt, ...ref }));
  await core.threads.save({
    thread,
    groups,
    messages: plan.message ? [plan.message] : [],
    also: prepared.map(({ op }) => op),
  });
  if (plan.ephemeral) sendNow(core, contact.publicId, payloads);
  else for (const { item } of prepared) core.outbox.send(item satisfies OutboxItem, plan.onStored);
}

/** Nobody misses it when it does not arrive. */
function sendNow(core: Core, to: `0x${string}`, payloads: Uint8Array[]): void {
  for (const payload of payloads) {
    core.pool.deposit(to, payload, { ttlSeconds: 10, ephemeral: true, signal: core.signal }).catch(() => undefined);
  }
}
