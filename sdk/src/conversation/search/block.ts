import type { Millis } from "../../types/primitives.ts";

/** Folded texts of some hundred messages of one conversation, sealed together: one read, one decryption, one look. */
export interface Block {
  v: 1;
  /** Rising. */
  numbers: number[];
  times: Millis[];
  /** One line a message. */
  text: string;
}

/** What the map knows about a block without opening it. */
export interface BlockInfo {
  /** Its key: it holds messages from this number up to the next block's. */
  first: number;
  last: number;
  /** Of its newest message. */
  newest: Millis;
  count: number;
  /** Of its text, in code units. */
  size: number;
}

/** Text undefined: not to be found any more. */
export interface Entry {
  number: number;
  at: Millis;
  text: string | undefined;
}

/** A block that is written anew for every message must not be large; one that is read for every query, not small. */
const fullSize = 64 * 1024;
const fullCount = 1024;

export const isFull = ({ count, size }: Pick<BlockInfo, "count" | "size">): boolean =>
  count >= fullCount || size >= fullSize;

/** Undefined for what is no block: written by another version, or damaged. */
export function asBlock(value: unknown): Block | undefined {
  const block = value as Block | undefined;
  const fits =
    typeof block === "object" &&
    block?.v === 1 &&
    typeof block.text === "string" &&
    Array.isArray(block.numbers) &&
    Array.isArray(block.times) &&
    block.numbers.length === block.times.length;
  return fits ? block : undefined;
}

/** A block with entries put in, replaced and taken out; undefined when nothing is left. */
export function mergeBlock(block: Block | undefined, entries: readonly Entry[]): Block | undefined {
  const lines = block && block.numbers.length > 0 ? block.text.split("\n") : [];
  const all = new Map<number, { at: Millis; text: string }>();
  block?.numbers.forEach((number, i) => {
    all.set(number, { at: block.times[i] as Millis, text: lines[i] ?? "" });
  });
  for (const { number, at, text } of entries) {
    if (text === undefined) all.delete(number);
    else all.set(number, { at, text });
  }
  if (all.size === 0) return undefined;
  const rows = [...all].sort((a, b) => a[0] - b[0]);
  return {
    v: 1,
    numbers: rows.map(([number]) => number),
    times: rows.map(([, { at }]) => at),
    text: rows.map(([, { text }]) => text).join("\n"),
  };
}

export const infoOf = (first: number, { numbers, times, text }: Block): BlockInfo => ({
  first,
  last: numbers.at(-1) ?? first,
  newest: times.reduce((a, b) => Math.max(a, b), 0),
  count: numbers.length,
  size: text.length,
});

/** Messages that hold every term, newest first. */
export function scanBlock(block: Block, terms: readonly string[]): { number: number; at: Millis }[] {
  // Most blocks end here, without being taken apart.
  if (!terms.every((term) => block.text.includes(term))) return [];
  const lines = block.text.split("\n");
  const found: { number: number; at: Millis }[] = [];
  for (let i = lines.length - 1; i >= 0; i--) {
    const line = lines[i] as string;
    if (terms.every((term) => line.includes(term)))
      found.push({ number: block.numbers[i] as number, at: block.times[i] as Millis });
  }
  return found;
}
