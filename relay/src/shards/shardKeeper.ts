import { encodeManifest, type Manifest, manifestRoot, shardPeriod } from "@skrumble/sdk/shards";
import { boundsOf, createCutter } from "./cutRanges.ts";
import { findDifferent } from "./findDifferent.ts";
import type { Pace } from "./pace.ts";
import type { BlockPlace, RegistryChanges, ShardStore } from "./shardStore.ts";

export interface ShardChain {
  block(number?: bigint): Promise<BlockPlace>;
  /**
   * Of the blocks from `from` to `to`, both included.
   * @param isRecent their transactions are asked for the commitments that they spend
   */
  changes(from: bigint, to: bigint, isRecent: boolean): Promise<RegistryChanges>;
  /** Hash and word of each slot at a block, the word without leading zeros. */
  words(
    slots: readonly Uint8Array[],
    block: bigint,
  ): Promise<{ slot: Uint8Array; key: Uint8Array; value: Uint8Array }[]>;
  /** Root of the registry's storage at a block. */
  root(block: bigint): Promise<Uint8Array>;
  /** The 16 hashes in the branch that the first so many digits of a slot's key lead to; undefined where that is no branch of hashes. */
  branch(slot: Uint8Array, digits: number, block: bigint): Promise<readonly (Uint8Array | undefined)[] | undefined>;
}

export interface ShardKeeperOptions {
  chain: ShardChain;
  store: ShardStore;
  /** Block before which there is no registry. */
  from: bigint;
  /** Without one it never rests. */
  pace?: Pace;
  /** Words read in one step; the rest in the next, at a block whose state the node still has. */
  wordsAtStep?: number;
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

/** "reading": there is more to read than one step may. */
export type KeeperOutcome = "waiting" | "reading" | "published" | "other-root";

/**
 * Follows the registry and cuts its storage into shards, each period anew where something has changed. A range is hashed without a
 * pause: on a thread of its own.
 */
export function createShardKeeper(options: ShardKeeperOptions) {
  const { chain, store, from, pace = async (piece) => piece(), wordsAtStep = 50_000 } = options;
  const cutter = createCutter(store, pace);
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
      const isEasy = await pace(() => noteUpTo(next, end, isRecent, to)).catch((error: unknown) => {
        fitWindow(false);
        throw error;
      });
      fitWindow(isEasy);
      next = end + 1n;
    }
  }

  /** @returns whether more blocks could be asked for at once */
  async function noteUpTo(next: bigint, end: bigint, isRecent: boolean, to: BlockPlace): Promise<boolean> {
    const changes = await chain.changes(next, end, isRecent);
    store.note(changes, end === to.number ? to : await chain.block(end));
    return changes.slots.length < window.crowdedSlots;
  }

  function fitWindow(isEasy: boolean): void {
    if (isEasy && blocksAtOnce < window.most) blocksAtOnce *= 2n;
    if (!isEasy && blocksAtOnce > 1n) blocksAtOnce /= 2n;
  }

  /** @returns whether all of it was read */
  async function readDirty(block: bigint, most = Number.POSITIVE_INFINITY): Promise<boolean> {
    for (let read = 0; ; read += slotsAtOnce) {
      const slots = store.dirty(slotsAtOnce);
      if (slots.length === 0) return true;
      if (read >= most) return false;
      await pace(async () => store.write(await chain.words(slots, block)));
    }
  }

  /** Commitments may have been spent that no transaction shows: those are read again that are where the node's hashes are others. */
  async function mend(manifest: Manifest, block: bigint): Promise<Manifest> {
    const ranges = await findDifferent(manifest, block, { chain, store, pace });
    for (const range of ranges) store.recheck(...boundsOf(range));
    await readDirty(block);
    return cutter.cutAgain(manifest, ranges);
  }

  /** @param root that the node shows for the block */
  async function publish(block: bigint, root: Uint8Array): Promise<KeeperOutcome> {
    let manifest = await cutter.cut();
    if (!hasRoot(manifest, root)) manifest = await mend(manifest, block);
    if (!hasRoot(manifest, root)) {
      // Read once more from the beginning; the node may have been restored, or have lost events for a while.
      forget();
      notBefore = block + shardPeriod * 2n ** BigInt(Math.min(readings++, mostDoublings));
      return "other-root";
    }
    readings = 0;
    const shard = (range: number) => cutter.shardOf(range, manifest.depth);
    const given = { ...manifest, root, manifest: encodeManifest(manifest), shard };
    await pace(() => store.publish(given, block, block - keptPeriods * shardPeriod));
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
      if (!(await readDirty(target, wordsAtStep))) return "reading";
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
