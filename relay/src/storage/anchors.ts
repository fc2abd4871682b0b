import type { DatabaseSync } from "node:sqlite";
import { MAX_ANCHOR_QUERY_RESULTS } from "@skrumble/sdk/protocol";
import type { AnchoredLeaf, AnchorPlace, OpenBatch } from "../core/ports.ts";
import { transact } from "./transact.ts";

/** Leaves kept in all, about 500 bytes each. */
const MAX_LEAVES = 1_000_000;
/** Leaves of one tag that are kept; a tag is random, so more than a few are a mistake or a nuisance. */
const LEAVES_PER_TAG = 2 * MAX_ANCHOR_QUERY_RESULTS;

/** A certificate is checked by clients soon after and kept by them; what is older serves nobody. */
const KEEP_MS = 30 * 24 * 60 * 60 * 1000;
const SWEEP_ROWS = 2_000;

interface ProofRow {
  leaf: Uint8Array;
  proof: Uint8Array;
  root: Uint8Array;
  relayId: number;
  blockNumber: number;
  txHash: Uint8Array;
}

/** Anchor leaves in SQLite. Synchronous: it runs in the storage worker. */
export function createAnchors(db: DatabaseSync, maxLeaves = MAX_LEAVES) {
  const withProof = `SELECT l.leaf, l.proof, b.root, b.relayId, b.blockNumber, b.txHash FROM anchorLeaf l JOIN anchorBatch b ON b.id = l.batch
    WHERE l.proof IS NOT NULL AND b.blockNumber IS NOT NULL`;
  const sql = {
    add: db.prepare(
      `INSERT INTO anchorLeaf (tag, leaf, addedAt) SELECT ?1, ?2, ?3
       WHERE (SELECT count(*) FROM anchorLeaf WHERE tag = ?1) < ${LEAVES_PER_TAG} ON CONFLICT (leaf) DO NOTHING`,
    ),
    has: db.prepare("SELECT 1 FROM anchorLeaf WHERE leaf = ?"),
    count: db.prepare("SELECT count(*) AS count FROM anchorLeaf"),
    removeClosed: db.prepare(
      `DELETE FROM anchorLeaf WHERE id IN (SELECT id FROM anchorLeaf WHERE addedAt <= ? AND proof IS NOT NULL
       ORDER BY addedAt LIMIT ${SWEEP_ROWS}) RETURNING batch`,
    ),
    removeBatch: db.prepare(
      `DELETE FROM anchorBatch WHERE id = ?1 AND blockNumber IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM anchorLeaf WHERE batch = ?1)`,
    ),
    byLeaf: db.prepare(`${withProof} AND l.leaf = ?`),
    byTag: db.prepare(`${withProof} AND l.tag = ? ORDER BY b.blockNumber, l.id LIMIT ?`),
    openBatch: db.prepare("SELECT id, root FROM anchorBatch WHERE blockNumber IS NULL ORDER BY id LIMIT 1"),
    batchLeaves: db.prepare("SELECT leaf FROM anchorLeaf WHERE batch = ? ORDER BY id"),
    loose: db.prepare("SELECT leaf FROM anchorLeaf WHERE batch IS NULL ORDER BY id"),
    addBatch: db.prepare(
      // The same leaves may be formed again after a failure whose work was done all the same: it is then that batch.
      `INSERT INTO anchorBatch (root) VALUES (?) ON CONFLICT (root) DO UPDATE SET blockNumber = NULL RETURNING id`,
    ),
    assign: db.prepare("UPDATE anchorLeaf SET batch = ? WHERE leaf = ?"),
    findBatch: db.prepare("SELECT id FROM anchorBatch WHERE root = ?"),
    close: db.prepare("UPDATE anchorBatch SET relayId = ?, blockNumber = ?, txHash = ? WHERE id = ?"),
    setProof: db.prepare("UPDATE anchorLeaf SET proof = ? WHERE batch = ? AND leaf = ?"),
  };

  let count = (sql.count.get() as { count: number }).count;

  /** Deletes some anchored leaves added up to `at`; returns how many. Inside a transaction. */
  function remove(at: number): number {
    const rows = sql.removeClosed.all(at) as { batch: number }[];
    for (const batch of new Set(rows.map((row) => row.batch))) sql.removeBatch.run(batch);
    return rows.length;
  }

  return {
    /** Keeps new leaves. Per leaf: whether it is kept, or was before; not when its tag, or the store, has too many. */
    addLeaves(leaves: readonly Uint8Array[], at: number): boolean[] {
      let added = 0;
      let removed = 0;
      const kept = transact(db, () => {
        if (count + leaves.length > maxLeaves) removed = remove(at);
        return leaves.map((leaf) => {
          if (sql.has.get(leaf)) return true;
          if (count - removed + added >= maxLeaves) return false;
          const { changes } = sql.add.run(leaf.subarray(0, 32), leaf, at);
          added += Number(changes);
          return Number(changes) > 0;
        });
      });
      count += added - removed;
      return kept;
    },
    /** Deletes what was anchored long ago, some at a time. Returns true when there may be more. */
    sweep(at: number): boolean {
      const removed = transact(db, () => remove(at - KEEP_MS));
      count -= removed;
      return removed === SWEEP_ROWS;
    },
    anchoredLeaf(leaf: Uint8Array): AnchoredLeaf | undefined {
      const row = sql.byLeaf.get(leaf) as ProofRow | undefined;
      return row && fromRow(row);
    },
    unfinished(): { batch: OpenBatch | undefined; leaves: Uint8Array[] } {
      const open = sql.openBatch.get() as { id: number; root: Uint8Array } | undefined;
      const leavesOf = (rows: unknown[]) => (rows as { leaf: Uint8Array }[]).map((row) => row.leaf);
      return {
        batch: open && { root: open.root, leaves: leavesOf(sql.batchLeaves.all(open.id)) },
        leaves: leavesOf(sql.loose.all()),
      };
    },
    /** The order of `leaves` is kept by their ids, so the same tree can be built again after a crash. */
    openBatch(batch: OpenBatch): void {
      transact(db, () => {
        const { id } = sql.addBatch.get(batch.root) as { id: number };
        for (const leaf of batch.leaves) sql.assign.run(id, leaf);
      });
    },
    closeBatch({ root, leaves }: OpenBatch, place: AnchorPlace, proofs: Uint8Array[][]): void {
      transact(db, () => {
        const row = sql.findBatch.get(root) as { id: number } | undefined;
        if (!row) return;
        sql.close.run(place.relayId, place.blockNumber, place.txHash, row.id);
        leaves.forEach((leaf, index) => {
          sql.setProof.run(Buffer.concat(proofs[index] ?? []), row.id, leaf);
        });
      });
    },
    byTag(tag: Uint8Array, limit: number): AnchoredLeaf[] {
      return (sql.byTag.all(tag, limit) as unknown as ProofRow[]).map(fromRow);
    },
  };
}

export type Anchors = ReturnType<typeof createAnchors>;

function fromRow(row: ProofRow): AnchoredLeaf {
  const proof: Uint8Array[] = [];
  for (let at = 0; at < row.proof.length; at += 32) proof.push(row.proof.subarray(at, at + 32));
  const { leaf, root, relayId, txHash } = row;
  return { leaf, proof, root, relayId, txHash, blockNumber: BigInt(row.blockNumber) };
}
