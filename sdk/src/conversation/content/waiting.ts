import type { VaultOp } from "../../store/index.ts";
import type { ConversationId, MessageId, Millis } from "../../types/primitives.ts";
import type { WaitingEvent } from "./types.ts";

/** Events that came before their target: over another relay, or from a device that was offline. */

/** As long as relays keep messages: what has not come by then will not come. */
export const maxWaitingAge = 30 * 86_400_000;
/** Of all that waits in one conversation, in code units; every event counts for at least `leastWeight`. */
const maxWeight = 512 * 1024;
const leastWeight = 2048;
/** That many at most, whatever people send. */
export const maxWaiting = maxWeight / leastWeight;

export const waitingAt = (id: ConversationId): string => `waiting ${id}`;

/** Adds one and lets go what is too old or too much: the oldest of the person who takes most of the room. */
export function addWaiting(waiting: readonly WaitingEvent[], added: WaitingEvent, now: Millis): WaitingEvent[] {
  if (waiting.some(({ event }) => event.id === added.event.id && event.from === added.event.from)) return [...waiting];
  const kept = [...waiting.filter(({ since }) => now - since <= maxWaitingAge), added];
  const weights = new Map<string, number>();
  let total = 0;
  for (const one of kept) {
    weights.set(one.event.from, (weights.get(one.event.from) ?? 0) + weightOf(one));
    total += weightOf(one);
  }
  while (total > maxWeight) {
    const [heaviest] = [...weights].reduce((a, b) => (b[1] > a[1] ? b : a));
    const [gone] = kept.splice(
      kept.findIndex(({ event }) => event.from === heaviest),
      1,
    ) as [WaitingEvent];
    weights.set(heaviest, (weights.get(heaviest) as number) - weightOf(gone));
    total -= weightOf(gone);
  }
  return kept;
}

function weightOf({ event: { content } }: WaitingEvent): number {
  const size = content.kind === "edit" ? content.text.length + JSON.stringify(content.link ?? "").length : 0;
  return Math.max(leastWeight, size);
}

/** What differs between two states, for the store. */
export function waitingOps(
  id: ConversationId,
  before: readonly WaitingEvent[],
  after: readonly WaitingEvent[],
): VaultOp[] {
  const collection = waitingAt(id);
  const gone = before.filter((one) => !after.includes(one));
  const come = after.filter((one) => !before.includes(one));
  return [
    ...gone.map((one) => ({ collection, key: keyOf(one), delete: true }) as const),
    ...come.map((one) => ({ collection, key: keyOf(one), value: one })),
  ];
}

const keyOf = ({ event }: WaitingEvent): MessageId => `${event.from} ${event.id}`;
