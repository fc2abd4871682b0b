import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Leaf } from "@skrumble/sdk/shards";
import { isDamage } from "../storage/database.ts";
import { transact } from "../storage/transact.ts";

/** A block up to which events were taken down. Time in Unix seconds. */
export interface BlockPlace {
  number: bigint;
  time: bigint;
}

export type ObjectKind = "shard" | "manifest";

/** How long a spent or expired commitment may still change: see IdentityNames.sol, COMMITMENT_LIFETIME. */
const commitmentSeconds = 86_400n;
const FILE = "shards.sqlite";
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS leaf (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS dirty (slot BLOB PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS changed (key BLOB PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS commitment (slot BLOB PRIMARY KEY, madeAt INTEGER) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS range (number INTEGER PRIMARY KEY, hash BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS object (
    kind TEXT NOT NULL, hash BLOB NOT NULL, body BLOB NOT NULL, goneAt INTEGER, PRIMARY KEY (kind, hash)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS objectGone ON object (goneAt) WHERE goneAt IS NOT NULL;
  CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY CHECK (id = 0), block INTEGER, time INTEGER, depth INTEGER);
`;

/**
 * Leaves of the registry's trie, what may have changed, and the shards that were made of them. All of it can be read from the chain
 * again, so that a damaged file is thrown away.
 */
export function createShardStore(folder: string) {
  mkdirSync(folder, { recursive: true });
  const db = openOrBegin(join(folder, FILE));
  const sql = {
    place: db.prepare("SELECT block, time, depth FROM place"),
    setPlace: db.prepare(
      `INSERT INTO place (id, block, time, depth) VALUES (0, ?, ?, NULL)
       ON CONFLICT (id) DO UPDATE SET block = excluded.block, time = excluded.time`,
    ),
    setDepth: db.prepare("UPDATE place SET depth = ?"),
    addDirty: db.prepare("INSERT INTO dirty (slot) VALUES (?) ON CONFLICT DO NOTHING"),
    dirty: db.prepare("SELECT slot FROM dirty LIMIT ?"),
    undirty: db.prepare("DELETE FROM dirty WHERE slot = ?"),
    addCommitment: db.prepare(
      "INSERT INTO commitment (slot) VALUES (?) ON CONFLICT (slot) DO UPDATE SET madeAt = NULL",
    ),
    dateCommitment: db.prepare("UPDATE commitment SET madeAt = ? WHERE slot = ?"),
    dropCommitment: db.prepare("DELETE FROM commitment WHERE slot = ?"),
    sweepCommitments: db.prepare("DELETE FROM commitment WHERE madeAt < ?"),
    dirtyCommitments: db.prepare(
      "INSERT INTO dirty (slot) SELECT slot FROM commitment WHERE true ON CONFLICT DO NOTHING",
    ),
    isCommitment: db.prepare("SELECT 1 FROM commitment WHERE slot = ?"),
    put: db.prepare(
      "INSERT INTO leaf (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    ),
    remove: db.prepare("DELETE FROM leaf WHERE key = ?"),
    addChanged: db.prepare("INSERT INTO changed (key) VALUES (?) ON CONFLICT DO NOTHING"),
    changed: db.prepare("SELECT key FROM changed"),
    leaves: db.prepare("SELECT key, value FROM leaf WHERE key >= ? AND key <= ? ORDER BY key"),
    count: db.prepare("SELECT count(*) AS count FROM leaf"),
    ranges: db.prepare("SELECT number, hash FROM range"),
    setRange: db.prepare("INSERT INTO range (number, hash) VALUES (?, ?)"),
    // Kept only if the block is published.
    putObject: db.prepare("INSERT INTO object (kind, hash, body, goneAt) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"),
    replaceAll: db.prepare("UPDATE object SET goneAt = ? WHERE goneAt IS NULL"),
    keep: db.prepare("UPDATE object SET goneAt = NULL WHERE kind = ? AND hash = ?"),
    sweepObjects: db.prepare("DELETE FROM object WHERE goneAt < ?"),
    object: db.prepare("SELECT body FROM object WHERE kind = ? AND hash = ?"),
  };

  return {
    place(): (BlockPlace & { depth: number | undefined }) | undefined {
      const row = sql.place.get() as { block: number; time: number; depth: number | null } | undefined;
      return row && { number: BigInt(row.block), time: BigInt(row.time), depth: row.depth ?? undefined };
    },

    /** Takes down what events up to a block say may have changed. */
    note(slots: readonly Uint8Array[], commitments: readonly Uint8Array[], spent: boolean, place: BlockPlace): void {
      const before = this.place()?.time ?? 0n;
      transact(db, () => {
        for (const slot of commitments) sql.addCommitment.run(slot);
        // Those that had run out before could not be spent any more.
        sql.sweepCommitments.run(before - commitmentSeconds);
        for (const slot of slots) sql.addDirty.run(slot);
        if (spent) sql.dirtyCommitments.run();
        sql.setPlace.run(place.number, place.time);
      });
    },

    dirty: (limit: number): Uint8Array[] => (sql.dirty.all(limit) as { slot: Uint8Array }[]).map(({ slot }) => slot),

    /** Words as the chain has them now. @param words of slots that were dirty; `value` without leading zeros, empty for 0 */
    write(words: readonly { slot: Uint8Array; key: Uint8Array; value: Uint8Array }[]): void {
      transact(db, () => {
        for (const { slot, key, value } of words) {
          if (value.length > 0) sql.put.run(key, value);
          else sql.remove.run(key);
          sql.addChanged.run(key);
          sql.undirty.run(slot);
          if (!sql.isCommitment.get(slot)) continue;
          if (value.length === 0) sql.dropCommitment.run(slot);
          else sql.dateCommitment.run(madeAt(value), slot);
        }
      });
    },

    count: (): number => (sql.count.get() as { count: number }).count,
    changed: (): Uint8Array[] => (sql.changed.all() as { key: Uint8Array }[]).map(({ key }) => key),
    leaves: (from: Uint8Array, to: Uint8Array): Leaf[] => sql.leaves.all(from, to) as unknown as Leaf[],
    ranges: (): Map<number, Uint8Array> =>
      new Map((sql.ranges.all() as { number: number; hash: Uint8Array }[]).map(({ number, hash }) => [number, hash])),

    /** Until the block it belongs to is published, it counts as gone. */
    prepare: (kind: ObjectKind, hash: Uint8Array, body: Uint8Array, block: bigint): void =>
      void sql.putObject.run(kind, hash, body, block),

    /** From now on these are given out; those before them until `forget`. */
    publish(
      depth: number,
      hashes: readonly (Uint8Array | undefined)[],
      root: Uint8Array,
      at: bigint,
      forget: bigint,
    ): void {
      transact(db, () => {
        sql.replaceAll.run(at);
        sql.keep.run("manifest", root);
        db.exec("DELETE FROM range; DELETE FROM changed");
        for (const [number, hash] of hashes.entries()) {
          if (!hash) continue;
          sql.setRange.run(number, hash);
          sql.keep.run("shard", hash);
        }
        sql.setDepth.run(depth);
        sql.sweepObjects.run(forget);
      });
    },

    get: (kind: ObjectKind, hash: Uint8Array): Uint8Array | undefined =>
      (sql.object.get(kind, hash) as { body: Uint8Array } | undefined)?.body,

    /** Begins anew: the chain is another, or what is kept is not what it has. */
    clear(): void {
      transact(db, () =>
        db.exec(
          "DELETE FROM leaf; DELETE FROM dirty; DELETE FROM changed; DELETE FROM commitment; DELETE FROM range; DELETE FROM object; DELETE FROM place",
        ),
      );
    },
    close: () => db.close(),
  };
}

export type ShardStore = ReturnType<typeof createShardStore>;

/** A commitment is a block's number and, above it, its time, 64 bits each. */
function madeAt(value: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(value).toString("hex")}`) >> 64n;
}

function openOrBegin(path: string): DatabaseSync {
  try {
    return open(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
    return open(path);
  }
}

function open(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${SCHEMA}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
