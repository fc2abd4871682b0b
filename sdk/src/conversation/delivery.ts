import type { Core } from "../client/core.ts";
import type { DeliveryState } from "../types/client.ts";
import type { ConversationId, MessageId, PublicId } from "../types/primitives.ts";
import { isSaid } from "./content/kinds.ts";
import type { HistoryMessage } from "./content/types.ts";
import { peopleOf } from "./group/state.ts";
import type { OutboxProgress } from "./outbox.ts";
import type { Thread } from "./threads.ts";
import { tellMessages } from "./view.ts";

const order: DeliveryState[] = ["failed", "sending", "sent", "stored", "delivered", "read"];

/** A message never falls back to an earlier state; only one that is being sent can fail. */
function advanced(message: HistoryMessage, to: DeliveryState): HistoryMessage {
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
    if (next === message && message.replicas?.stored === stored && message.replicas.of === of) return;
    await change(core, conversationId, [{ ...next, replicas: { stored, of } }]);
  });
}

/** Somebody has these texts. Inside the lane. */
export async function recordDelivered(
  core: Core,
  conversationId: ConversationId,
  by: PublicId,
  ids: MessageId[],
): Promise<void> {
  const thread = core.threads.get(conversationId);
  const found = await Promise.all(ids.map((id) => core.threads.message(conversationId, id)));
  await change(
    core,
    conversationId,
    found.flatMap((message) => (thread && message?.outgoing ? (reached(thread, message, by, "delivered") ?? []) : [])),
  );
}

/** Somebody has seen everything up to this text. Inside the lane. */
export async function recordRead(
  core: Core,
  conversationId: ConversationId,
  by: PublicId,
  upTo: MessageId,
): Promise<void> {
  const thread = core.threads.get(conversationId);
  const last = await core.threads.message(conversationId, upTo);
  if (!thread || !last) return;
  const changed: HistoryMessage[] = [];
  // Backwards until one that was read already: everything before it was too.
  for (let before = last.number + 1; ; ) {
    const page = await core.threads.messages(conversationId, { before, limit: 100 });
    const own = page.filter(({ outgoing, body }) => outgoing && isSaid(body));
    changed.push(...own.flatMap((message) => reached(thread, message, by, "read") ?? []));
    const first = page[0];
    if (!first || own.some((message) => message.reached?.[by] === "read")) break;
    before = first.number;
  }
  await change(core, conversationId, changed);
}

/** How far a message got once it got that far with one more person; undefined when that is nothing new. */
function reached(
  { state }: Thread,
  message: HistoryMessage,
  by: PublicId,
  how: "delivered" | "read",
): HistoryMessage | undefined {
  const before = message.reached?.[by];
  if (before === "read" || before === how || message.delivery === "failed") return undefined;
  const now: Record<PublicId, string> & HistoryMessage["reached"] = { ...message.reached, [by]: how };
  const others = peopleOf(state).filter((publicId) => publicId !== message.from);
  const all = (states: string[]) => others.every((publicId) => states.includes(now[publicId] ?? ""));
  const to = all(["read"]) ? "read" : all(["read", "delivered"]) ? "delivered" : message.delivery;
  return { ...advanced(message, to), reached: now };
}

async function change(core: Core, conversationId: ConversationId, messages: HistoryMessage[]): Promise<void> {
  const thread = core.threads.get(conversationId);
  if (!thread || messages.length === 0) return;
  await core.threads.save({ thread, messages });
  await tellMessages(core, conversationId, messages);
}
