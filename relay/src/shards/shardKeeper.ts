import {
  depthFor,
  encodeManifest,
  encodeShard,
  manifestRoot,
  maxShardBytes,
  rangeOf,
  shardPeriod,
  trieRoot,
} from "@skrumble/sdk/shards";
import type { BlockPlace, ShardStore } from "./shardStore.ts";

/** What events of some blocks say. Slots have 32 bytes. */
export interface RegistryChanges {
  slots: readonly Uint8Array[];
  commitments: readonly Uint8Array[];
  /** Somebody revealed a commitment. */
  spent: boolean;
}

export interface ShardChain {
  block(number?: bigint): Promise<BlockPlace>;
  /** Of the blocks from `from` to `to`, both included. */
  changes(from: bigint, to: bigint): Promise<RegistryChanges>;
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
  /** Lets others have their turn between two shards. */
  pause(): Promise<void>;
}

const blocksAtOnce = 5_000n;
const slotsAtOnce = 500;
/** A client may still read what was published before the last one. */
const keptPeriods = 2n;

export type KeeperOutcome = "waiting" | "published" | "other-root";

/** Follows the registry and cuts its storage into shards, each period anew where something has changed. */
export function createShardKeeper({ chain, store, from, pause }: ShardKeeperOptions) {
  let published: bigint | undefined;
  let tried: bigint | undefined;
  /** All was read again since the last root that was right. */
  let isAnew = false;

  /** Events first: what they name stays dirty until it was read, whatever happens between. */
  async function follow(to: BlockPlace): Promise<void> {
    let next = (store.place()?.number ?? from - 1n) + 1n;
    while (next <= to.number) {
      const end = next + blocksAtOnce - 1n < to.number ? next + blocksAtOnce - 1n : to.number;
      const { slots, commitments, spent } = await chain.changes(next, end);
      store.note(slots, commitments, spent, end === to.number ? to : await chain.block(end));
      next = end + 1n;
    }
    for (let slots = store.dirty(slotsAtOnce); slots.length > 0; slots = store.dirty(slotsAtOnce))
      store.write(await chain.words(slots, to.number));
  }

  /** Hashes of all ranges; those without a change are not computed again. */
  async function cut(depth: number, block: bigint): Promise<(Uint8Array | undefined)[]> {
    const before = store.place()?.depth === depth ? store.ranges() : undefined;
    const changed = before && new Set(store.changed().map((key) => rangeOf(key, depth)));
    const hashes: (Uint8Array | undefined)[] = [];
    for (let range = 0; range < 16 ** depth; range++) {
      if (changed && !changed.has(range)) {
        hashes.push(before?.get(range));
        continue;
      }
      const leaves = store.leaves(...boundsOf(range, depth));
      const hash = leaves.length > 0 ? trieRoot(leaves, depth) : undefined;
      hashes.push(hash);
      if (!hash) continue;
      const body = encodeShard(leaves, depth);
      // Nobody would take it; its names are read by proof.
      if (body.length <= maxShardBytes) store.prepare("shard", hash, body, block);
      await pause();
    }
    return hashes;
  }

  async function publish(block: bigint): Promise<KeeperOutcome> {
    let depth = depthFor(store.count());
    let hashes = await cut(depth, block);
    while (depth > 0 && !manifestRoot({ depth, hashes })) hashes = await cut(--depth, block);
    const manifest = { depth, hashes };
    const root = manifestRoot(manifest);
    const wanted = await chain.root(block);
    if (!root || Buffer.compare(root, wanted) !== 0) {
      published = undefined;
      // Read once more from the beginning; the node may have been restored, or have lost events for a while.
      if (!isAnew) store.clear();
      isAnew = true;
      return "other-root";
    }
    isAnew = false;
    store.prepare("manifest", root, encodeManifest(manifest), block);
    store.publish(depth, hashes, root, block, block - keptPeriods * shardPeriod);
    published = block;
    return "published";
  }

  return {
    /** Up to which block shards are given out. */
    published: () => published,

    /**
     * Goes on to the last block of a period that there is. "other-root": the node shows another storage there, so that nothing is
     * published; clients read by proof then. @throws what the chain throws; the next step goes on from there
     */
    async step(): Promise<KeeperOutcome> {
      const head = await chain.block();
      const target = head.number - (head.number % shardPeriod);
      const place = store.place();
      // A chain that was set back, as in development: what is kept is of a time that never was.
      if (place && place.number > head.number) store.clear();
      else if (target === tried) return "waiting";
      if (target < from) return "waiting";
      await follow(await chain.block(target));
      const outcome = await publish(target);
      tried = target;
      return outcome;
    },
  };
}

/** First and last key of a range. */
function boundsOf(range: number, depth: number): [Uint8Array, Uint8Array] {
  const digits = depth === 0 ? "" : range.toString(16).padStart(depth, "0");
  return [Buffer.from(digits.padEnd(64, "0"), "hex"), Buffer.from(digits.padEnd(64, "f"), "hex")];
}
