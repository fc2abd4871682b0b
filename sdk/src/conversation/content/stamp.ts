import type { Millis, PublicId } from "../../types/primitives.ts";
import type { HistoryMessage, Stamp } from "./types.ts";

/** Later by the sender's clock; the id decides between equal times, so that every device decides the same. */
export const isLater = (a: Stamp, b: Stamp): boolean => a.at > b.at || (a.at === b.at && a.id > b.id);

/**
 * The time to write into one's next event about a message: now, but after everything one has said about it before, from
 * whatever device. Without it a clock that was set back would make the newer word lose.
 */
export function timeAfter(message: HistoryMessage | undefined, self: PublicId, now: Millis): Millis {
  if (!message) return now;
  const own = (message.reactions ?? []).filter(({ from }) => from === self).map(({ at }) => at);
  const edited = message.from === self ? (message.edited ?? 0) : 0;
  return Math.max(now, edited + 1, ...own.map((at) => at + 1));
}
