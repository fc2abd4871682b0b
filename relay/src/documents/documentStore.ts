import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isDamage, isFull, isTrouble } from "../storage/database.ts";

/** An identity's number in the registry. */
export type Author = bigint;

export interface DocumentStoreOptions {
  folder: string;
  /** Size the database may grow to. */
  maxBytes: number;
  perAuthor: number;
  keepMs: number;
}

const FILE = "documents.sqlite";
const PAGE_BYTES = 4096;
/** So many small ones make room for the largest. */
const mostGiven = 512;

/**
 * Public documents by their hash. Few and small, so that one thread does; everything in it is public and can be put anew by
 * whoever has it, so that a damaged file is set aside and a new one begun.
 */
export function createDocumentStore({ folder, maxBytes, perAuthor, keepMs }: DocumentStoreOptions) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, FILE);
  const db = openOrBegin(path, maxBytes);
  const sql = {
    get: db.prepare("SELECT body FROM document WHERE hash = ? AND expiresAt > ? LIMIT 1"),
    put: db.prepare(
      `INSERT INTO document (hash, author, body, expiresAt) VALUES (?, ?, ?, ?)
       ON CONFLICT (hash, author) DO UPDATE SET expiresAt = max(expiresAt, excluded.expiresAt)`,
    ),
    // The longest not renewed gives way.
    trim: db.prepare(
      `DELETE FROM document WHERE rowid IN
         (SELECT rowid FROM document WHERE author = ? ORDER BY expiresAt DESC, rowid DESC LIMIT -1 OFFSET ?)`,
    ),
    // Of whoever holds the most.
    yield: db.prepare(
      `DELETE FROM document WHERE rowid =
         (SELECT rowid FROM document WHERE author =
           (SELECT author FROM document GROUP BY author ORDER BY sum(length(body)) DESC LIMIT 1)
          ORDER BY expiresAt, rowid LIMIT 1)`,
    ),
    has: db.prepare("SELECT 1 FROM document WHERE hash = ? AND author = ?"),
    sweep: db.prepare("DELETE FROM document WHERE expiresAt <= ?"),
    count: db.prepare("SELECT count(*) AS count FROM document"),
  };

  return {
    get(hash: Uint8Array, now: number): Uint8Array | undefined {
      return (sql.get.get(hash, now) as { body: Uint8Array } | undefined)?.body;
    },

    /** Keeps it, or renews its time; where all is full, the oldest of whoever holds the most gives way. False where the disk is in trouble. */
    put(hash: Uint8Array, author: Author, body: Uint8Array, now: number): boolean {
      try {
        sql.sweep.run(now);
        if (!sql.has.get(hash, author)) sql.trim.run(author, perAuthor - 1);
        for (let given = 0; ; given++) {
          try {
            sql.put.run(hash, author, body, now + keepMs);
            return true;
          } catch (error) {
            if (!isFull(error) || given === mostGiven || sql.yield.run().changes === 0) throw error;
          }
        }
      } catch (error) {
        if (!isTrouble(error)) throw error;
        return false;
      }
    },

    count: (): number => (sql.count.get() as { count: number }).count,
    close: () => db.close(),
  };
}

export type DocumentStore = ReturnType<typeof createDocumentStore>;

function openOrBegin(path: string, maxBytes: number): DatabaseSync {
  try {
    return open(path, maxBytes);
  } catch (error) {
    // A full disk or a locked file is no damage, and passes.
    if (!isDamage(error) || !existsSync(path)) throw error;
    renameSync(path, `${path}.damaged`);
    for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true });
    return open(path, maxBytes);
  }
}

class Damaged extends Error {
  /** SQLITE_CORRUPT, as SQLite itself would say. */
  readonly errcode = 11;
}

function open(path: string, maxBytes: number): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    db.exec(`
      PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      PRAGMA max_page_count = ${Math.max(64, Math.floor(maxBytes / PAGE_BYTES))};
    `);
    const [check] = db.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
    if (check?.quick_check !== "ok") throw new Damaged("the database fails its integrity check");
    db.exec(`
      CREATE TABLE IF NOT EXISTS document (
        hash BLOB NOT NULL, author INTEGER NOT NULL, body BLOB NOT NULL, expiresAt INTEGER NOT NULL, UNIQUE (hash, author)
      );
      CREATE INDEX IF NOT EXISTS documentByAuthor ON document (author, expiresAt);
      CREATE INDEX IF NOT EXISTS documentByExpiry ON document (expiresAt);
    `);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
