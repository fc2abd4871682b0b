import type { Core } from "../client/core.ts";
import { codeOf } from "../errors/index.ts";
import type { ConversationId, MessageId } from "../types/primitives.ts";
import { textTtlSeconds } from "./appMessage.ts";
import { transmit } from "./transmit.ts";
import { tellConversation } from "./view.ts";

/** Long enough to confirm a whole mailbox in one go, too short to notice. */
const confirmAfter = 40;
const typingEvery = 3000;

const scheduled = new WeakMap<Core, Set<ConversationId>>();
const lastTyping = new WeakMap<Core, Map<ConversationId, number>>();

/** Tells the sender soon that his texts have arrived. */
export function scheduleConfirm(core: Core, id: ConversationId): void {
  const pending = scheduled.get(core) ?? new Set();
  scheduled.set(core, pending);
  if (pending.has(id)) return;
  pending.add(id);
  setTimeout(() => {
    pending.delete(id);
    if (!core.signal.aborted) confirm(core, id).catch((error) => core.problem(codeOf(error)));
  }, confirmAfter);
}

async function confirm(core: Core, id: ConversationId): Promise<void> {
  await core.serial.run(id, async () => {
    const ids = core.threads.get(id)?.unconfirmed ?? [];
    if (ids.length === 0) return;
    await transmit(core, id, {
      ttlSeconds: textTtlSeconds,
      build: () => ({ v: 1, type: "delivered", ids }),
      change: (thread) => {
        thread.unconfirmed = thread.unconfirmed.filter((messageId) => !ids.includes(messageId));
      },
    });
  });
}

/** Marks everything up to a message read and tells the sender. Nothing is sent when nothing was unread. */
export async function markRead(core: Core, id: ConversationId, upTo: MessageId): Promise<void> {
  await core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    const last = await core.threads.message(id, upTo);
    if (!thread || !last || thread.unread === 0) return;
    const newer = await core.threads.messages(id, { limit: Math.min(thread.next - last.number, 1000) });
    const unread = newer.filter((message) => !message.outgoing && message.number > last.number).length;
    const seen = await lastReceived(core, id, last.number);
    await transmit(core, id, {
      ttlSeconds: textTtlSeconds,
      build: () => (seen ? { v: 1, type: "read", upTo: seen } : undefined),
      change: (changed) => {
        changed.unread = Math.min(changed.unread, unread);
      },
    });
    tellConversation(core, id);
  });
}

/** The newest text of the other side at or before a number; the page that is looked at covers what a screen shows. */
async function lastReceived(core: Core, id: ConversationId, number: number): Promise<MessageId | undefined> {
  const page = await core.threads.messages(id, { before: number + 1, limit: 200 });
  return page.findLast(({ outgoing, body }) => !outgoing && body.type === "text")?.id;
}

/** Says that one is typing, at most every three seconds. */
export function sendTyping(core: Core, id: ConversationId): void {
  const times = lastTyping.get(core) ?? new Map();
  lastTyping.set(core, times);
  if (core.now() - (times.get(id) ?? 0) < typingEvery) return;
  times.set(id, core.now());
  core.serial
    .run(id, () => transmit(core, id, { ttlSeconds: 10, ephemeral: true, build: () => ({ v: 1, type: "typing" }) }))
    .catch((error) => core.problem(codeOf(error)));
}
