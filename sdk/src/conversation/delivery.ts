import type { Core } from "../client/core.ts";
import type { DeliveryState } from "../types/client.ts";
import type { ConversationId, MessageId } from "../types/primitives.ts";
import type { OutboxProgress } from "./outbox.ts";
import type { StoredMessage } from "./threads.ts";
import { messageOf } from "./view.ts";

const order: DeliveryState[] = ["failed", "sending", "sent", "stored", "delivered", "read"];

/** A message never falls back to an earlier state; only one that is being sent can fail. */
function advanced(message: StoredMessage, to: DeliveryState): StoredMessage {
  return order.indexOf(to) > order.indexOf(message.delivery) ? { ...message, delivery: to } : message;
}

/** What the relays said about a text. */
export async function recordProgress(
  core: Core,
  { conversationId, id }: { conversationId: ConversationId; id: MessageId },
  progress: OutboxProgress,
): Promise<void> {
  await core.serial.run(conversationId, async () => {
    const message = await core.threads.message(conversationId, id);
    if (!message) return;
    if ("failed" in progress) {
      if (message.delivery !== "sending") return;
      await change(core, conversationId, [{ ...message, delivery: "failed", error: { code: progress.failed } }]);
      return;
    }
    const { stored, of } = progress;
    if ((message.replicas?.stored ?? 0) > stored) return;
    const next = advanced(message, stored >= of ? "stored" : "sent");
    await change(core, conversationId, [{ ...next, replicas: { stored, of } }]);
  });
}

/** The other side has these texts. Inside the lane. */
export async function recordDelivered(core: Core, conversationId: ConversationId, ids: MessageId[]): Promise<void> {
  const found = await Promise.all(ids.map((id) => core.threads.message(conversationId, id)));
  const changed = found.flatMap((message) =>
    message?.outgoing && advanced(message, "delivered") !== message ? [advanced(message, "delivered")] : [],
  );
  await change(core, conversationId, changed);
}

/** The other side has seen everything up to this text. Inside the lane. */
export async function recordRead(core: Core, conversationId: ConversationId, upTo: MessageId): Promise<void> {
  const last = await core.threads.message(conversationId, upTo);
  if (!last?.outgoing) return;
  const changed: StoredMessage[] = [];
  // Backwards until one that was read already: everything before it was too.
  for (let before = last.number + 1; ; ) {
    const page = await core.threads.messages(conversationId, { before, limit: 100 });
    const own = page.filter(({ outgoing, body }) => outgoing && body.type === "text");
    changed.push(...own.filter(({ delivery }) => delivery !== "read" && delivery !== "failed"));
    const first = page[0];
    if (!first || own.some(({ delivery }) => delivery === "read")) break;
    before = first.number;
  }
  await change(
    core,
    conversationId,
    changed.map((message) => ({ ...message, delivery: "read" as const })),
  );
}

async function change(core: Core, conversationId: ConversationId, messages: StoredMessage[]): Promise<void> {
  const thread = core.threads.get(conversationId);
  if (!thread || messages.length === 0) return;
  await core.threads.save({ thread, messages });
  for (const message of messages) core.events.emit("message", messageOf(core, thread, message));
}
