import {
  branchHash,
  depthFor,
  encodeShard,
  extensionHash,
  type Manifest,
  manifestRoot,
  maxShardBytes,
  trieRoot,
} from "@skrumble/sdk/shards";
import type { Pace } from "./pace.ts";
import type { ShardStore } from "./shardStore.ts";

/** Leaves that are in memory, and hashed without a rest, at once. */
const leavesAtOnce = 4_096;
/** A leaf of a shard has 32 bytes at least: more than these nobody would take. */
const mostInShard = maxShardBytes / 32;

/** Cuts the storage that is kept into ranges, and hashes them. */
export function createCutter(store: ShardStore, pace: Pace) {
  /** Less deep only once half would do, or somebody near the limit could have everything cut anew each period. */
  function depthNow(): number {
    const leaves = store.count();
    const before = store.place()?.depth ?? 0;
    let depth = depthFor(leaves);
    if (before > depth && depthFor(2 * leaves) >= before) depth = before;
    const filled = depth > 0 ? store.filled(depth) : [];
    while (depth > 0 && !isBranching(filledAt(filled, depth), depth)) depth--;
    return depth;
  }

  /** Hash of the node below which all keys begin with these digits. However many there are, only so many are in memory at once. */
  async function hashBelow(digits: string): Promise<Uint8Array | undefined> {
    const bounds = boundsOf(digits);
    const { hash, first } = await pace(() => {
      const leaves = store.leaves(...bounds, leavesAtOnce + 1);
      if (leaves.length > leavesAtOnce) return { first: leaves[0]?.key };
      return { hash: leaves.length > 0 ? trieRoot(leaves, digits.length) : undefined };
    });
    if (!first) return hash;
    const prefix = commonDigits(first, store.last(...bounds) ?? first);
    const children: (Uint8Array | undefined)[] = [];
    for (let digit = 0; digit < 16; digit++) children.push(await hashBelow(prefix + digit.toString(16)));
    const branch = branchHash(children);
    return prefix.length > digits.length ? extensionHash(first, digits.length, prefix.length, branch) : branch;
  }

  return {
    /** Hashes of all ranges; those without a change since the last were published are not computed again. */
    async cut(): Promise<Manifest> {
      const depth = await pace(depthNow);
      const before = store.place()?.depth === depth ? store.ranges() : undefined;
      const changed = before && store.changed(depth);
      const hashes: (Uint8Array | undefined)[] = [];
      for (let range = 0; range < 16 ** depth; range++)
        hashes.push(changed?.[range] === false ? before?.get(range) : await hashBelow(digitsOf(range, depth)));
      return { depth, hashes };
    },

    /** The same after changes in some ranges only. */
    async cutAgain({ depth, hashes }: Manifest, ranges: readonly string[]): Promise<Manifest> {
      const again = [...hashes];
      for (const range of ranges) again[Number.parseInt(range || "0", 16)] = await hashBelow(range);
      return { depth, hashes: again };
    },

    /** undefined where nobody would take it; its names are read by proof. */
    shardOf(range: number, depth: number): Uint8Array | undefined {
      const leaves = store.leaves(...boundsOf(digitsOf(range, depth)), mostInShard + 1);
      const body = leaves.length > mostInShard ? undefined : encodeShard(leaves, depth);
      return body && body.length <= maxShardBytes ? body : undefined;
    },
  };
}

/** First and last key that begin with these digits. */
export function boundsOf(digits: string): [Uint8Array, Uint8Array] {
  return [Buffer.from(digits.padEnd(64, "0"), "hex"), Buffer.from(digits.padEnd(64, "f"), "hex")];
}

const digitsOf = (range: number, depth: number): string => (depth === 0 ? "" : range.toString(16).padStart(depth, "0"));

function commonDigits(one: Uint8Array, other: Uint8Array): string {
  const [left, right] = [one, other].map((key) => Buffer.from(key).toString("hex")) as [string, string];
  let length = 0;
  while (length < 64 && left[length] === right[length]) length++;
  return left.slice(0, length);
}

/** Ranges of fewer digits that have leaves, out of those of more. */
function filledAt(filled: readonly boolean[], depth: number): boolean[] {
  const width = filled.length / 16 ** depth;
  return Array.from({ length: 16 ** depth }, (_, range) =>
    filled.slice(range * width, (range + 1) * width).includes(true),
  );
}

/** Whether all nodes above ranges are branches: which ranges have leaves is all that it takes to know. */
function isBranching(filled: readonly boolean[], depth: number): boolean {
  return manifestRoot({ depth, hashes: filled.map((isFilled) => (isFilled ? someHash : undefined)) }) !== undefined;
}

const someHash = new Uint8Array(32);
