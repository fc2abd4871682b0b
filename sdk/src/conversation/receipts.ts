import type { Core } from "../client/core.ts";
import { codeOf } from "../errors/index.ts";
import type { ConversationId, MessageId, PublicId } from "../types/primitives.ts";
import { expiryOps, startTimers } from "./content/expire.ts";
import { isSaid } from "./content/kinds.ts";
import type { HistoryMessage } from "./content/types.ts";
import { textTtlSeconds } from "./limits.ts";
import { readReceipts } from "./privacy.ts";
import type { Thread } from "./threads.ts";
import { transmit } from "./transmit.ts";
import { tellConversation, tellMessages } from "./view.ts";

/** Long enough to confirm a whole mailbox in one go, too short to notice. */
const confirmAfter = 40;
const typingEvery = 3000;
/** In one message. */
const maxConfirmed = 256;

const scheduled = new WeakMap<Core, Set<ConversationId>>();
const lastTyping = new WeakMap<Core, Map<ConversationId, number>>();

/** Tells the senders soon that their texts have arrived. */
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

/** Each sender hears of their own texts only. */
async function confirm(core: Core, id: ConversationId): Promise<void> {
  await core.serial.run(id, async () => {
    const waiting = core.threads.get(id)?.unconfirmed ?? [];
    for (const from of new Set(waiting.map((one) => one.from))) {
      const theirs = waiting.filter((one) => one.from === from);
      for (let at = 0; at < theirs.length; at += maxConfirmed) {
        const ids = theirs.slice(at, at + maxConfirmed).map((one) => one.id);
        await transmit(core, id, {
          ttlSeconds: textTtlSeconds,
          to: [from],
          build: () => ({ v: 1, type: "delivered", ids }),
          change: (thread) => {
            thread.unconfirmed = thread.unconfirmed.filter((one) => !ids.includes(one.id));
          },
        });
      }
    }
  });
}

/**
 * Marks everything up to a message read, tells those who wrote it and one's own other devices. Nothing is sent when
 * nothing was unread.
 */
export async function markRead(core: Core, id: ConversationId, upTo: MessageId): Promise<void> {
  await core.serial.run(id, async () => {
    const thread = core.threads.get(id);
    const last = await core.threads.message(id, upTo);
    if (!thread || !last || thread.unread === 0) return;
    const seen = await lastReceived(core, id, last.number);
    const unread = await unreadAfter(core, thread, last.number);
    const told = await readReceipts(core);
    const timed = await startTimersUpTo(core, thread, last.number);
    await transmit(core, id, {
      ttlSeconds: textTtlSeconds,
      to: [...new Set([...(told ? seen.authors : []), core.self.identity.publicId])],
      messages: timed,
      build: () => (seen.id ? { v: 1, type: "read", upTo: seen.id } : undefined),
      change: (changed) => {
        changed.unread = Math.min(changed.unread, unread);
      },
    });
    await tellMessages(core, id, timed);
    tellConversation(core, id);
  });
}

/** Messages that disappear begin to count when they are seen. What a screen shows of them is one page. */
async function startTimersUpTo(core: Core, thread: Thread, number: number): Promise<HistoryMessage[]> {
  const seen = await core.threads.messages(thread.id, { before: number + 1, limit: 200 });
  const timed = startTimers(
    seen.filter(({ outgoing }) => !outgoing),
    core.now(),
  );
  if (timed.length > 0) {
    await core.vault.write(timed.flatMap((message) => expiryOps(thread.id, message)));
    core.sweeper.note(thread.id, timed);
  }
  return timed;
}

/** Another device of one's own has read so far. Inside the lane. */
export async function readElsewhere(core: Core, id: ConversationId, upTo: MessageId): Promise<void> {
  const thread = core.threads.get(id);
  const last = await core.threads.message(id, upTo);
  if (!thread || !last) return;
  const unread = Math.min(thread.unread, await unreadAfter(core, thread, last.number));
  if (unread !== thread.unread) await core.threads.save({ thread: { ...thread, unread } });
  tellConversation(core, id);
}

async function unreadAfter(core: Core, thread: Thread, number: number): Promise<number> {
  const newer = await core.threads.messages(thread.id, { limit: Math.min(thread.next - number, 1000) });
  return newer.filter((message) => !message.outgoing && message.number > number).length;
}

/** The newest text of others at or before a number, and who wrote the page that a screen shows. */
async function lastReceived(
  core: Core,
  id: ConversationId,
  number: number,
): Promise<{ id: MessageId | undefined; authors: PublicId[] }> {
  const page = await core.threads.messages(id, { before: number + 1, limit: 200 });
  const theirs = page.filter(({ outgoing, body, sharedBy }) => !outgoing && !sharedBy && isSaid(body));
  return { id: theirs.at(-1)?.id, authors: theirs.map(({ from }) => from) };
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
