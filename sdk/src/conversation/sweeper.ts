import type { Core } from "../client/core.ts";
import { codeOf } from "../errors/index.ts";
import type { ConversationId, Millis } from "../types/primitives.ts";
import { expiringConversations, sweepExpired } from "./content/expire.ts";
import type { HistoryMessage } from "./content/types.ts";
import { tellConversation } from "./view.ts";

/** Removes messages when their time is over. */
export interface Sweeper {
  /** After a start: what came to its end meanwhile. */
  resume(): Promise<void>;
  /** These are to disappear at some time. */
  note(id: ConversationId, messages: readonly Pick<HistoryMessage, "expiresAt">[]): void;
}

/** A timer cannot wait longer. */
const longest = 2 ** 31 - 1;

export function createSweeper(of: () => Core): Sweeper {
  const timers = new Map<ConversationId, { due: Millis; timer: ReturnType<typeof setTimeout> }>();
  const stop = () => {
    for (const { timer } of timers.values()) clearTimeout(timer);
  };
  let listens = false;

  const plan = (id: ConversationId, due: Millis) => {
    const core = of();
    const before = timers.get(id);
    if (core.signal.aborted || (before && before.due <= due)) return;
    clearTimeout(before?.timer);
    const timer = setTimeout(
      () => {
        timers.delete(id);
        sweep(id).catch((error) => core.signal.aborted || core.problem(codeOf(error)));
      },
      Math.min(Math.max(0, due - core.now()), longest),
    );
    // One listener for all of them: there may be one timer per message.
    if (!listens) core.signal.addEventListener("abort", stop, { once: true });
    listens = true;
    timers.set(id, { due, timer });
  };

  const sweep = async (id: ConversationId): Promise<void> => {
    const core = of();
    const { expired, next } = await core.serial.run(id, async () => {
      const found = await sweepExpired(core.vault, id, core.now());
      if (found.ops.length > 0) await core.vault.write(found.ops);
      return found;
    });
    for (const message of expired) core.events.emit("removed", { conversationId: id, id: message.id });
    if (expired.length > 0) tellConversation(core, id);
    if (next !== undefined) plan(id, next);
  };

  return {
    async resume() {
      for (const id of await expiringConversations(of().vault)) await sweep(id);
    },
    note(id, messages) {
      const times = messages.flatMap(({ expiresAt }) => expiresAt ?? []);
      if (times.length > 0) plan(id, Math.min(...times));
    },
  };
}
