import type { DatabaseSync } from "node:sqlite";
import { MAX_ANCHOR_QUERY_RESULTS } from "@skrumble/sdk/protocol";
import type { AnchoredLeaf, AnchorPlace, OpenBatch } from "../core/ports.ts";

/** Leaves of one tag that are kept; a tag is random, so more than a few are a mistake or a nuisance. */
const LEAVES_PER_TAG = 2 * MAX_ANCHOR_QUERY_RESULTS;

interface ProofRow {
  leaf: Uint8Array;
  proof: Uint8Array;
  root: Uint8Array;
  relayId: number;
  blockNumber: number;
  txHash: Uint8Array;
}

/** Anchor leaves in SQLite. Synchronous: it runs in the storage worker. */
export function createAnchors(db: DatabaseSync) {
  const withProof = `SELECT l.leaf, l.proof, b.root, b.relayId, b.blockNumber, b.txHash FROM anchorLeaf l JOIN anchorBatch b ON b.id = l.batch
    WHERE l.proof IS NOT NULL`;
  const sql = {
    add: db.prepare(
      `INSERT INTO anchorLeaf (tag, leaf, addedAt) SELECT ?1, ?2, ?3
       WHERE (SELECT count(*) FROM anchorLeaf WHERE tag = ?1) < ${LEAVES_PER_TAG} ON CONFLICT (leaf) DO NOTHING`,
    ),
    byLeaf: db.prepare(`${withProof} AND l.leaf = ?`),
    byTag: db.prepare(`${withProof} AND l.tag = ? ORDER BY b.blockNumber, l.id LIMIT ?`),
    openBatch: db.prepare("SELECT id, root FROM anchorBatch WHERE blockNumber IS NULL ORDER BY id LIMIT 1"),
    batchLeaves: db.prepare("SELECT leaf FROM anchorLeaf WHERE batch = ? ORDER BY id"),
    loose: db.prepare("SELECT leaf FROM anchorLeaf WHERE batch IS NULL ORDER BY id"),
    addBatch: db.prepare("INSERT INTO anchorBatch (root) VALUES (?) RETURNING id"),
    assign: db.prepare("UPDATE anchorLeaf SET batch = ? WHERE leaf = ?"),
    findBatch: db.prepare("SELECT id FROM anchorBatch WHERE root = ?"),
    close: db.prepare("UPDATE anchorBatch SET relayId = ?, blockNumber = ?, txHash = ? WHERE id = ?"),
    setProof: db.prepare("UPDATE anchorLeaf SET proof = ? WHERE batch = ? AND leaf = ?"),
  };

  function transact<T>(work: () => T): T {
    db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      db.exec("COMMIT");
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }

  return {
    addLeaves(leaves: readonly Uint8Array[], at: number): void {
      transact(() => {
        for (const leaf of leaves) sql.add.run(leaf.subarray(0, 32), leaf, at);
      });
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
      transact(() => {
        const { id } = sql.addBatch.get(batch.root) as { id: number };
        for (const leaf of batch.leaves) sql.assign.run(id, leaf);
      });
    },
    closeBatch({ root, leaves }: OpenBatch, place: AnchorPlace, proofs: Uint8Array[][]): void {
      transact(() => {
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
