import type { Core } from "../../client/core.ts";
import type { VaultOp } from "../../store/index.ts";
import { historyOps, moveOps } from "../content/record.ts";
import type { HistoryMessage } from "../content/types.ts";
import type { Thread } from "../threads.ts";

const pageSize = 200;
/** So far back it is looked where a message belongs. */
const farthest = 5000;

export interface Placed {
  messages: HistoryMessage[];
  /** Number of the next message that is said. */
  next: number;
  ops: VaultOp[];
}

/**
 * Puts messages from before a person came where they belong by their time, between those that are here and before the line
 * that tells of the coming. What stands after it moves on once, with room for those `left` to come.
 */
export async function placeBefore(
  core: Core,
  thread: Thread,
  entry: HistoryMessage,
  come: readonly HistoryMessage[],
  left: number,
): Promise<Placed> {
  const sorted = come.toSorted((a, b) => a.at - b.at);
  const { later, start } = await laterThan(core, thread, entry.number, sorted[0]?.at ?? entry.at);
  const here = new Set(later);
  const merged = mergeByTime(later, sorted).map((message, i) => ({ message, to: start + i }));
  const moved = merged.filter(({ message, to }) => here.has(message) && message.number !== to);
  const by = Math.max(0, start + merged.length + left - entry.number);
  const after = by > 0 ? await core.threads.messages(thread.id, { after: entry.number - 1, limit: thread.next }) : [];
  const messages = merged.flatMap(({ message, to }) => (here.has(message) ? [] : [{ ...message, number: to }]));
  return {
    messages,
    next: thread.next + by,
    ops: [
      ...moveOps(thread.id, [...moved, ...after.map((message) => ({ message, to: message.number + by }))]),
      ...messages.flatMap((message) => historyOps(thread.id, message)),
    ],
  };
}

/** What stands before a number and, from the first on, after all that is not later than a time; and its first number. */
async function laterThan(
  core: Core,
  { id }: Thread,
  before: number,
  time: number,
): Promise<{ later: HistoryMessage[]; start: number }> {
  const later: HistoryMessage[] = [];
  for (let end = before; later.length < farthest; ) {
    const page = await core.threads.messages(id, { before: end, limit: pageSize });
    const earlier = page.findLast(({ at }) => at <= time);
    later.unshift(...page.filter(({ number }) => number > (earlier?.number ?? 0)));
    if (earlier) return { later, start: earlier.number + 1 };
    const first = page[0];
    if (!first) return { later, start: 1 };
    end = first.number;
  }
  return { later, start: later[0]?.number ?? before };
}

/** Both keep their own order. */
function mergeByTime(here: readonly HistoryMessage[], come: readonly HistoryMessage[]): HistoryMessage[] {
  const merged: HistoryMessage[] = [];
  let at = 0;
  for (const message of come) {
    for (let next = here[at]; next && next.at <= message.at; next = here[++at]) merged.push(next);
    merged.push(message);
  }
  return [...merged, ...here.slice(at)];
}
