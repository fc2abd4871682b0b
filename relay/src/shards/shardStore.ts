import { mkdirSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type Leaf, rangeOf } from "@skrumble/sdk/shards";
import { keccak256 } from "viem";
import { isDamage } from "../storage/database.ts";
import { transact } from "../storage/transact.ts";
import { type ObjectKind, shardFile } from "./shardReader.ts";

/** A block up to which events were taken down. Time in Unix seconds. */
export interface BlockPlace {
  number: bigint;
  time: bigint;
  hash: Uint8Array;
}

/** What events of some blocks say. Slots have 32 bytes. */
export interface RegistryChanges {
  slots: readonly Uint8Array[];
  commitments: readonly Uint8Array[];
  /** Slots of commitments that were revealed, as far as the transactions show them. */
  spent: readonly Uint8Array[];
}

/** All that is given out of a block. */
export interface Cut {
  depth: number;
  hashes: readonly (Uint8Array | undefined)[];
  /** Of the storage. */
  root: Uint8Array;
  manifest: Uint8Array;
  /** Of a range, asked for only where its hash is new; undefined where nobody would take it. */
  shard(range: number): Uint8Array | undefined;
}

export interface ShardStoreOptions {
  /** Damage was met that opening the file does not show. */
  isDamaged?: boolean;
  /** Size that the file may grow to. Full, it takes nothing more (SQLITE_FULL). */
  maxBytes?: number;
}

interface PlaceRow {
  block: number;
  time: number;
  hash: Uint8Array;
  depth: number | null;
  root: Uint8Array | null;
}

const nothing = new Uint8Array(0);
/** How long a spent or expired commitment may still change: see IdentityNames.sol, COMMITMENT_LIFETIME. */
const commitmentSeconds = 86_400n;
const PAGE_BYTES = 4_096;
/** Of another form than this: thrown away, and read from the chain again. */
const VERSION = 3;
// What is gone has a table of its own, so that marking a shard does not write its bytes again.
const PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304;";
const SCHEMA = `
  CREATE TABLE leaf (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE dirty (slot BLOB PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE changed (key BLOB PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE commitment (key BLOB PRIMARY KEY, slot BLOB NOT NULL, madeAt INTEGER) WITHOUT ROWID;
  CREATE INDEX commitmentMadeAt ON commitment (madeAt) WHERE madeAt IS NOT NULL;
  CREATE TABLE range (number INTEGER PRIMARY KEY, hash BLOB NOT NULL);
  CREATE TABLE object (kind TEXT NOT NULL, hash BLOB NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, hash));
  CREATE TABLE gone (kind TEXT NOT NULL, hash BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, hash)) WITHOUT ROWID;
  CREATE INDEX goneAt ON gone (at);
  CREATE TABLE place (
    id INTEGER PRIMARY KEY CHECK (id = 0), block INTEGER, time INTEGER, hash BLOB, depth INTEGER, root BLOB
  );
  PRAGMA user_version = ${VERSION};
`;

/**
 * Leaves of the registry's trie, what may have changed, and the shards that were made of them. All of it can be read from the chain
 * again, so that a damaged file is thrown away.
 */
export function createShardStore(folder: string, { isDamaged = false, maxBytes = 1 << 30 }: ShardStoreOptions = {}) {
  mkdirSync(folder, { recursive: true });
  const db = openOrBegin(shardFile(folder), isDamaged);
  db.exec(`PRAGMA max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)}`);
  const sql = {
    place: db.prepare("SELECT block, time, hash, depth, root FROM place"),
    setPlace: db.prepare(
      `INSERT INTO place (id, block, time, hash) VALUES (0, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET block = excluded.block, time = excluded.time, hash = excluded.hash`,
    ),
    setCut: db.prepare("UPDATE place SET depth = ?, root = ?"),
    addDirty: db.prepare("INSERT INTO dirty (slot) VALUES (?) ON CONFLICT DO NOTHING"),
    dirty: db.prepare("SELECT slot FROM dirty LIMIT ?"),
    undirty: db.prepare("DELETE FROM dirty WHERE slot = ?"),
    addCommitment: db.prepare(
      "INSERT INTO commitment (key, slot) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET madeAt = NULL",
    ),
    dateCommitment: db.prepare("UPDATE commitment SET madeAt = ? WHERE key = ?"),
    dropCommitment: db.prepare("DELETE FROM commitment WHERE key = ?"),
    sweepCommitments: db.prepare("DELETE FROM commitment WHERE madeAt < ?"),
    dirtyCommitments: db.prepare(
      "INSERT INTO dirty (slot) SELECT slot FROM commitment WHERE key >= ? AND key <= ? ON CONFLICT DO NOTHING",
    ),
    someCommitment: db.prepare("SELECT slot FROM commitment WHERE key >= ? AND key <= ? LIMIT 1"),
    isCommitment: db.prepare("SELECT 1 FROM commitment WHERE key = ?"),
    value: db.prepare("SELECT value FROM leaf WHERE key = ?"),
    put: db.prepare(
      "INSERT INTO leaf (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    ),
    remove: db.prepare("DELETE FROM leaf WHERE key = ?"),
    addChanged: db.prepare("INSERT INTO changed (key) VALUES (?) ON CONFLICT DO NOTHING"),
    leaves: db.prepare("SELECT key, value FROM leaf WHERE key >= ? AND key <= ? ORDER BY key LIMIT ?"),
    last: db.prepare("SELECT key FROM leaf WHERE key >= ? AND key <= ? ORDER BY key DESC LIMIT 1"),
    count: db.prepare("SELECT count(*) AS count FROM leaf"),
    ranges: db.prepare("SELECT number, hash FROM range"),
    setRange: db.prepare(
      "INSERT INTO range (number, hash) VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET hash = excluded.hash",
    ),
    dropRange: db.prepare("DELETE FROM range WHERE number = ?"),
    putObject: db.prepare("INSERT INTO object (kind, hash, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
    leave: db.prepare("INSERT INTO gone (kind, hash, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
    come: db.prepare("DELETE FROM gone WHERE kind = ? AND hash = ?"),
    sweepObjects: db.prepare("DELETE FROM object WHERE (kind, hash) IN (SELECT kind, hash FROM gone WHERE at <= ?)"),
    sweepGone: db.prepare("DELETE FROM gone WHERE at <= ?"),
    prefixes: db.prepare("SELECT DISTINCT substr(key, 1, 2) AS prefix FROM leaf"),
    changedPrefixes: db.prepare("SELECT DISTINCT substr(key, 1, 2) AS prefix FROM changed"),
  };

  /** Which ranges of a depth have some of the keys. */
  function rangesOf(rows: unknown, depth: number): boolean[] {
    const found = new Array<boolean>(16 ** depth).fill(false);
    for (const { prefix } of rows as { prefix: Uint8Array }[]) found[rangeOf(prefix, depth)] = true;
    return found;
  }

  return {
    place(): (BlockPlace & { depth: number | undefined }) | undefined {
      const row = sql.place.get() as PlaceRow | undefined;
      return (
        row && { number: BigInt(row.block), time: BigInt(row.time), hash: row.hash, depth: row.depth ?? undefined }
      );
    },

    /** Takes down what events up to a block say may have changed. */
    note({ slots, commitments, spent }: RegistryChanges, place: BlockPlace): void {
      transact(db, () => {
        for (const slot of commitments) sql.addCommitment.run(keccak256(slot, "bytes"), slot);
        for (const slot of [...slots, ...spent]) sql.addDirty.run(slot);
        sql.setPlace.run(place.number, place.time, place.hash);
      });
    },

    /** Has those commitments read again whose keys are in a range. @returns how many */
    recheck: (from: Uint8Array, to: Uint8Array): number => Number(sql.dirtyCommitments.run(from, to).changes),

    /** Slot of one of the commitments whose keys are in a range. */
    commitmentIn: (from: Uint8Array, to: Uint8Array): Uint8Array | undefined =>
      (sql.someCommitment.get(from, to) as { slot: Uint8Array } | undefined)?.slot,

    dirty: (limit: number): Uint8Array[] => (sql.dirty.all(limit) as { slot: Uint8Array }[]).map(({ slot }) => slot),

    /** Words as the chain has them now. @param words of slots that were dirty; `value` without leading zeros, empty for 0 */
    write(words: readonly { slot: Uint8Array; key: Uint8Array; value: Uint8Array }[]): void {
      transact(db, () => {
        for (const { slot, key, value } of words) {
          const before = (sql.value.get(key) as { value: Uint8Array } | undefined)?.value;
          if (Buffer.compare(before ?? nothing, value) !== 0) {
            if (value.length > 0) sql.put.run(key, value);
            else sql.remove.run(key);
            sql.addChanged.run(key);
          }
          sql.undirty.run(slot);
          if (!sql.isCommitment.get(key)) continue;
          if (value.length === 0) sql.dropCommitment.run(key);
          else sql.dateCommitment.run(madeAt(value), key);
        }
      });
    },

    count: (): number => (sql.count.get() as { count: number }).count,
    /** Those with keys from one to another, ascending. */
    leaves: (from: Uint8Array, to: Uint8Array, limit: number): Leaf[] =>
      sql.leaves.all(from, to, limit) as unknown as Leaf[],
    /** The highest key from one to another. */
    last: (from: Uint8Array, to: Uint8Array): Uint8Array | undefined =>
      (sql.last.get(from, to) as { key: Uint8Array } | undefined)?.key,
    ranges: (): Map<number, Uint8Array> =>
      new Map((sql.ranges.all() as { number: number; hash: Uint8Array }[]).map(({ number, hash }) => [number, hash])),

    /** Which ranges of a depth have leaves. */
    filled: (depth: number): boolean[] => rangesOf(sql.prefixes.all(), depth),
    /** Which ranges of a depth have changed since the last were published. */
    changed: (depth: number): boolean[] => rangesOf(sql.changedPrefixes.all(), depth),

    /** From now on these are given out; what is not among them any more until it is `forget` or earlier that it left. */
    publish({ depth, hashes, root, manifest, shard }: Cut, at: bigint, forget: bigint): void {
      const ranges = this.ranges();
      const [before, now] = [hexes(ranges.values()), hexes(hashes)];
      const give = (kind: ObjectKind, hash: Uint8Array, body: Uint8Array) => {
        sql.putObject.run(kind, hash, body);
        sql.come.run(kind, hash);
      };
      // Before anything is written, and whatever becomes of that: in a file that is full there has to be room again.
      transact(db, () => {
        sql.sweepObjects.run(forget);
        sql.sweepGone.run(forget);
      });
      transact(db, () => {
        const last = (sql.place.get() as PlaceRow | undefined)?.root;
        if (last && Buffer.compare(last, root) !== 0) sql.leave.run("manifest", last, at);
        give("manifest", root, manifest);
        for (const [range, hash] of ranges) {
          if (!now.has(hex(hash))) sql.leave.run("shard", hash, at);
          if (!hashes[range]) sql.dropRange.run(range);
        }
        for (const [range, hash] of hashes.entries()) {
          if (!hash || hex(hash) === hex(ranges.get(range) ?? nothing)) continue;
          sql.setRange.run(range, hash);
          const body = before.has(hex(hash)) ? undefined : shard(range);
          if (body) give("shard", hash, body);
        }
        db.exec("DELETE FROM changed");
        // What had run out by a block whose root is right is never spent after it.
        sql.sweepCommitments.run((this.place()?.time ?? 0n) - commitmentSeconds);
        sql.setCut.run(depth, root);
      });
    },

    /** Begins anew: the chain is another, or what is kept is not what it has. */
    clear(): void {
      transact(db, () =>
        db.exec(
          "DELETE FROM leaf; DELETE FROM dirty; DELETE FROM changed; DELETE FROM commitment; DELETE FROM range; DELETE FROM object; DELETE FROM gone; DELETE FROM place",
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

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const hexes = (all: Iterable<Uint8Array | undefined>): Set<string> =>
  new Set([...all].map((hash) => (hash ? hex(hash) : "")));

function openOrBegin(path: string, isDamaged: boolean): DatabaseSync {
  const there = isDamaged ? undefined : open(path);
  if (there) return there;
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  const begun = new DatabaseSync(path);
  begun.exec(`PRAGMA page_size = ${PAGE_BYTES}; ${PRAGMAS} BEGIN; ${SCHEMA} COMMIT;`);
  return begun;
}

/** What is there, if it is of this form and can be read. */
function open(path: string): DatabaseSync | undefined {
  const db = new DatabaseSync(path);
  try {
    db.exec(PRAGMAS);
    if ((db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version === VERSION) return db;
    db.close();
    return undefined;
  } catch (error) {
    db.close();
    if (isDamage(error)) return undefined;
    throw error;
  }
}
