import {
  anchorLeafHash,
  anchorPairHash,
  MAX_ANCHOR_QUERY_RESULTS,
  merkleProof,
  merkleTree,
} from "@skrumble/sdk/protocol";
import { type Connection, reply, replyError } from "./connection.ts";
import type { AnchorChain, AnchoredLeaf, AnchorStore, Clock, OpenBatch } from "./ports.ts";

/** Depth 12 keeps proofs short; what is above waits for the next block. */
const LEAVES_PER_BATCH = 4096;
const STORE_RETRY_MS = 1000;
const WAITERS_PER_LEAF = 64;

export interface AnchoringDeps {
  clock: Clock;
  store: AnchorStore;
  chain: AnchorChain;
  /** Leaves that may wait before new ones are turned away. */
  maxQueued: number;
  /** Resolves after so many milliseconds. */
  sleep(ms: number): Promise<void>;
}

/**
 * Puts session leaves on chain: all that wait become one tree, one root, one transaction; while that one is under way
 * the next ones gather. Every leaf is durable before it is called pending, and a batch before it is sent, so neither a
 * crash nor a stopped chain loses one.
 */
export function createAnchoring(deps: AnchoringDeps) {
  const queue: Uint8Array[] = [];
  /** Who waits for a leaf, by the leaf's hash. */
  const waiters = new Map<string, { connection: Connection; reqId: number }[]>();
  let adding: { leaf: Uint8Array; connection: Connection; reqId: number }[] = [];
  let running = false;
  let stopped = false;
  const counters = { leaves: 0, batches: 0, anchored: 0 };

  const nameOf = (leaf: Uint8Array) => Buffer.from(leaf).toString("latin1");

  async function run(unfinished?: OpenBatch): Promise<void> {
    if (running || stopped) return;
    running = true;
    let batch = unfinished;
    while (!stopped && (batch || queue.length > 0)) {
      try {
        batch ??= await form();
        await write(batch);
        batch = undefined;
      } catch {
        // The store is full or broken, or the relay is closing; the batch stays as it is.
        if (!stopped) await deps.sleep(STORE_RETRY_MS);
      }
    }
    running = false;
  }

  async function form(): Promise<OpenBatch> {
    const leaves = queue.slice(0, LEAVES_PER_BATCH);
    const batch = { root: treeOf(leaves).root, leaves };
    await deps.store.openBatch(batch);
    queue.splice(0, leaves.length);
    return batch;
  }

  async function write(batch: OpenBatch): Promise<void> {
    const tree = treeOf(batch.leaves);
    const place = await deps.chain.anchor(tree.root, batch.leaves.length);
    const proofs = batch.leaves.map((_, index) => merkleProof(tree, index));
    await deps.store.closeBatch(batch, place, proofs);
    counters.batches++;
    counters.anchored += batch.leaves.length;
    batch.leaves.forEach((leaf, index) => {
      tell({ ...place, leaf, root: tree.root, proof: proofs[index] as Uint8Array[] });
    });
  }

  function tell(anchored: AnchoredLeaf): void {
    const name = nameOf(anchored.leaf);
    for (const { connection, reqId } of waiters.get(name) ?? [])
      reply(connection, { frame: "anchored", reqId, ...anchored });
    waiters.delete(name);
  }

  /** Leaves that arrive together are made durable together. */
  async function add(): Promise<void> {
    const batch = adding;
    adding = [];
    let kept: boolean[];
    try {
      kept = await deps.store.addLeaves(
        batch.map(({ leaf }) => leaf),
        deps.clock.now(),
      );
    } catch {
      for (const { connection, reqId } of batch) replyError(connection, reqId, "storage-unavailable", STORE_RETRY_MS);
      return;
    }
    for (const [index, { leaf, connection, reqId }] of batch.entries()) {
      if (!kept[index]) {
        replyError(connection, reqId, "too-many-anchors", 60_000);
        continue;
      }
      const name = nameOf(leaf);
      const waiting = waiters.get(name);
      if (waiting) waiting.push({ connection, reqId });
      else {
        waiters.set(name, [{ connection, reqId }]);
        queue.push(leaf);
        counters.leaves++;
      }
      reply(connection, { frame: "anchorPending", reqId });
    }
    void run();
  }

  return {
    /** Goes on with what an earlier process left. Call once, before anything else. */
    async start(): Promise<void> {
      const { batch, leaves } = await deps.store.unfinished();
      for (const leaf of [...(batch?.leaves ?? []), ...leaves]) waiters.set(nameOf(leaf), []);
      queue.push(...leaves);
      void run(batch);
    },

    async anchor(connection: Connection, reqId: number, received: Uint8Array): Promise<void> {
      const leaf = new Uint8Array(received);
      if (queue.length + adding.length >= deps.maxQueued)
        return replyError(connection, reqId, "anchor-queue-full", 2000);
      const waiting = waiters.get(nameOf(leaf));
      if (waiting) {
        if (waiting.length >= WAITERS_PER_LEAF) return replyError(connection, reqId, "rate-limited", 2000);
        waiting.push({ connection, reqId });
        return reply(connection, { frame: "anchorPending", reqId });
      }
      try {
        const done = await deps.store.anchoredLeaf(leaf);
        if (done) return reply(connection, { frame: "anchored", reqId, ...done });
      } catch {
        return replyError(connection, reqId, "storage-unavailable", STORE_RETRY_MS);
      }
      adding.push({ leaf, connection, reqId });
      if (adding.length === 1) await Promise.resolve().then(add);
    },

    async query(connection: Connection, reqId: number, tag: Uint8Array): Promise<void> {
      try {
        const proofs = await deps.store.byTag(new Uint8Array(tag), MAX_ANCHOR_QUERY_RESULTS);
        reply(connection, { frame: "anchorList", reqId, proofs });
      } catch {
        replyError(connection, reqId, "storage-unavailable", STORE_RETRY_MS);
      }
    },

    /** Nothing is sent any more; what is unfinished stays in the store. */
    stop(): void {
      stopped = true;
    },

    pending: () => waiters.size,
    counters,
  };
}

export type Anchoring = ReturnType<typeof createAnchoring>;

function treeOf(leaves: readonly Uint8Array[]) {
  return merkleTree(leaves.map(anchorLeafHash), anchorPairHash);
}
