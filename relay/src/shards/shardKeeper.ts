import {
  depthFor,
  encodeManifest,
  encodeShard,
  type Manifest,
  manifestRoot,
  maxShardBytes,
  rangeOf,
  shardPeriod,
  trieRoot,
} from "@skrumble/sdk/shards";
import type { BlockPlace, RegistryChanges, ShardStore } from "./shardStore.ts";

export interface ShardChain {
  block(number?: bigint): Promise<BlockPlace>;
  /**
   * Of the blocks from `from` to `to`, both included.
   * @param isRecent their transactions are asked for the commitments that they spend; otherwise these count as unseen
   */
  changes(from: bigint, to: bigint, isRecent: boolean): Promise<RegistryChanges>;
  /** Hash and word of each slot at a block, the word without leading zeros. */
  words(
    slots: readonly Uint8Array[],
    block: bigint,
  ): Promise<{ slot: Uint8Array; key: Uint8Array; value: Uint8Array }[]>;
  /** Root of the registry's storage at a block. */
  root(block: bigint): Promise<Uint8Array>;
}

export interface ShardKeeperOptions {
  chain: ShardChain;
  store: ShardStore;
  /** Block before which there is no registry. */
  from: bigint;
}

/** Blocks whose events are asked for at once: more where little happens, fewer where the node does not answer or much does. */
const window = { first: 256n, most: 4_096n, crowdedSlots: 20_000 };
const slotsAtOnce = 500;
/** A client may still read what was published before the last one. */
const keptPeriods = 2n;
/** A node's state is there for 512 blocks at least, unless somebody chose less. */
const recentBlocks = 512n;
/** Periods between two readings of everything: 1, 2, 4 and so on up to 64. */
const mostDoublings = 6;

export type KeeperOutcome = "waiting" | "published" | "other-root";

/**
 * Follows the registry and cuts its storage into shards, each period anew where something has changed. It computes for a long while at
 * a time: on a thread of its own.
 */
export function createShardKeeper({ chain, store, from }: ShardKeeperOptions) {
  let blocksAtOnce = window.first;
  let published: bigint | undefined;
  let tried: bigint | undefined;
  let target: bigint | undefined;
  /** Readings of everything since the last root that was right. */
  let readings = 0;
  let notBefore = 0n;

  /** Events first: what they name stays dirty until it was read, whatever happens between. */
  async function follow(to: BlockPlace): Promise<void> {
    let next = (store.place()?.number ?? from - 1n) + 1n;
    // Who begins reads every commitment anyway.
    const isRecent = to.number - next < recentBlocks;
    while (next <= to.number) {
      const end = next + blocksAtOnce - 1n < to.number ? next + blocksAtOnce - 1n : to.number;
      const changes = await chain.changes(next, end, isRecent).catch((error: unknown) => {
        fitWindow(false);
        throw error;
      });
      store.note(changes, end === to.number ? to : await chain.block(end));
      fitWindow(changes.slots.length < window.crowdedSlots);
      next = end + 1n;
    }
    await readDirty(to.number);
  }

  function fitWindow(isEasy: boolean): void {
    if (isEasy && blocksAtOnce < window.most) blocksAtOnce *= 2n;
    if (!isEasy && blocksAtOnce > 1n) blocksAtOnce /= 2n;
  }

  async function readDirty(block: bigint): Promise<void> {
    for (let slots = store.dirty(slotsAtOnce); slots.length > 0; slots = store.dirty(slotsAtOnce))
      store.write(await chain.words(slots, block));
  }

  /** Less deep only once half would do, or somebody near the limit could have everything cut anew each period. */
  function depthNow(): number {
    const leaves = store.count();
    const before = store.place()?.depth ?? 0;
    let depth = depthFor(leaves);
    if (before > depth && depthFor(2 * leaves) >= before) depth = before;
    while (depth > 0 && !isBranching(store.filled(depth), depth)) depth--;
    return depth;
  }

  /** Hashes of all ranges; those without a change are not computed again. */
  function cut(): Manifest {
    const depth = depthNow();
    const before = store.place()?.depth === depth ? store.ranges() : undefined;
    const changed = before && new Set(store.changed().map((key) => rangeOf(key, depth)));
    const hashes = Array.from({ length: 16 ** depth }, (_, range) => {
      if (changed && !changed.has(range)) return before?.get(range);
      const leaves = store.leaves(...boundsOf(range, depth));
      return leaves.length > 0 ? trieRoot(leaves, depth) : undefined;
    });
    return { depth, hashes };
  }

  function shardOf(range: number, depth: number): Uint8Array | undefined {
    const body = encodeShard(store.leaves(...boundsOf(range, depth)), depth);
    // Nobody would take it; its names are read by proof.
    return body.length <= maxShardBytes ? body : undefined;
  }

  /** @param root that the node shows for the block */
  async function publish(block: bigint, root: Uint8Array): Promise<KeeperOutcome> {
    let manifest = cut();
    if (!hasRoot(manifest, root) && store.recheck() > 0) {
      await readDirty(block);
      manifest = cut();
    }
    if (!hasRoot(manifest, root)) {
      // Read once more from the beginning; the node may have been restored, or have lost events for a while.
      forget();
      notBefore = block + shardPeriod * 2n ** BigInt(Math.min(readings++, mostDoublings));
      return "other-root";
    }
    readings = 0;
    const shard = (range: number) => shardOf(range, manifest.depth);
    const given = { ...manifest, root, manifest: encodeManifest(manifest), shard };
    store.publish(given, block, block - keptPeriods * shardPeriod);
    published = block;
    return "published";
  }

  function forget(): void {
    store.clear();
    published = undefined;
    tried = undefined;
  }

  return {
    /** Up to which block shards are given out. */
    published: () => published,
    /** Block that the last step was about; undefined if it did not come so far. */
    target: () => target,

    /**
     * Goes on to the last block of a period that there is. "other-root": the node shows another storage there, so that nothing is
     * published; clients read by proof then. @throws what the chain throws; the next step goes on from there
     */
    async step(): Promise<KeeperOutcome> {
      target = undefined;
      const head = await chain.block();
      const last = head.number - (head.number % shardPeriod);
      const place = store.place();
      // A node may be behind for a while: what is kept stays true.
      if (last < from || last < notBefore || last === tried || (place && last < place.number)) return "waiting";
      target = last;
      // A chain that was begun anew, as in development: what is kept is of a time that never was.
      if (place && Buffer.compare((await chain.block(place.number)).hash, place.hash) !== 0) forget();
      await follow(await chain.block(target));
      // Before anything is hashed, which takes long: a node that cannot say it is asked again every few seconds.
      const root = await chain.root(target);
      const outcome = await publish(target, root);
      tried = target;
      return outcome;
    },
  };
}

export type ShardKeeper = ReturnType<typeof createShardKeeper>;

function hasRoot(manifest: Manifest, root: Uint8Array): boolean {
  const found = manifestRoot(manifest);
  return found !== undefined && Buffer.compare(found, root) === 0;
}

/** Whether all nodes above ranges are branches: which ranges have leaves is all that it takes to know. */
function isBranching(filled: readonly boolean[], depth: number): boolean {
  const hashes = filled.map((isFilled) => (isFilled ? someHash : undefined));
  return manifestRoot({ depth, hashes }) !== undefined;
}

const someHash = new Uint8Array(32);

/** First and last key of a range. */
function boundsOf(range: number, depth: number): [Uint8Array, Uint8Array] {
  const digits = depth === 0 ? "" : range.toString(16).padStart(depth, "0");
  return [Buffer.from(digits.padEnd(64, "0"), "hex"), Buffer.from(digits.padEnd(64, "f"), "hex")];
}
