import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Settings of the mailbox database. */
export interface DatabaseOptions {
  /** Folder; the database is `relay.db` in it. */
  folder: string;
  /** Largest size of the database, in bytes. */
  maxBytes: number;
  /** Unix milliseconds; names what is set aside. */
  now: number;
}

export interface OpenedDatabase {
  db: DatabaseSync;
  /** File name of a damaged database that was moved out of the way, if there was one. */
  setAside: string | undefined;
}

const FILE = "relay.db";
const CLEAN = ".clean";
// Seven 1 KB messages fit a page of this size without loss; in one of 4096 three do, and a quarter stays empty.
const PAGE_BYTES = 8192;
const KEEP_DAMAGED = 3;
const KEEP_DAMAGED_MS = 30 * 24 * 60 * 60 * 1000;
const SCHEMA_VERSION = 2;

// `message.id` is the seq of the protocol: one rising number for the whole relay, so inserts only ever append.
const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mailbox (id INTEGER PRIMARY KEY, tag BLOB NOT NULL UNIQUE, opened INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS message (
  id INTEGER PRIMARY KEY, mailbox INTEGER NOT NULL, storedAt INTEGER NOT NULL, expiresAt INTEGER NOT NULL, payload BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS messageByExpiry ON message (expiresAt);
CREATE TABLE IF NOT EXISTS reader (
  mailbox INTEGER NOT NULL, reader BLOB NOT NULL, acked INTEGER NOT NULL, seenAt INTEGER NOT NULL, PRIMARY KEY (mailbox, reader)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS readerBySeenAt ON reader (seenAt);
CREATE TABLE IF NOT EXISTS anchorBatch (
  id INTEGER PRIMARY KEY, root BLOB NOT NULL UNIQUE, relayId INTEGER, blockNumber INTEGER, txHash BLOB
);
CREATE TABLE IF NOT EXISTS anchorLeaf (
  id INTEGER PRIMARY KEY, tag BLOB NOT NULL, leaf BLOB NOT NULL UNIQUE, addedAt INTEGER NOT NULL, batch INTEGER, proof BLOB
);
CREATE INDEX IF NOT EXISTS anchorLeafByTag ON anchorLeaf (tag);
CREATE INDEX IF NOT EXISTS anchorLeafOpen ON anchorLeaf (batch) WHERE proof IS NULL;
CREATE INDEX IF NOT EXISTS anchorLeafByBatch ON anchorLeaf (batch);
CREATE INDEX IF NOT EXISTS anchorLeafByAge ON anchorLeaf (addedAt);
CREATE TABLE IF NOT EXISTS orderLog (
  id INTEGER PRIMARY KEY, tag BLOB NOT NULL UNIQUE, entries INTEGER NOT NULL, bytes INTEGER NOT NULL, newestAt INTEGER NOT NULL,
  closed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS orderLogByAge ON orderLog (closed, newestAt);
CREATE TABLE IF NOT EXISTS orderEntry (
  id INTEGER PRIMARY KEY, leaf BLOB NOT NULL, bodyHash BLOB NOT NULL, storedAt INTEGER NOT NULL, signature BLOB NOT NULL, body BLOB NOT NULL
);
`;
// A mailbox of version 1 was opened if it still has a reader.
const FROM_VERSION_1 = `
ALTER TABLE mailbox ADD COLUMN opened INTEGER NOT NULL DEFAULT 0;
UPDATE mailbox SET opened = 1 WHERE id IN (SELECT mailbox FROM reader);
`;

/**
 * Opens the database, durable at every commit (WAL, synchronous FULL). A damaged one is set aside under a name with the
 * date and a new one begun: a relay without its old mail is of more use than none, and senders deposit at three.
 */
export function openDatabase(options: DatabaseOptions): OpenedDatabase {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const path = join(options.folder, FILE);
  try {
    return { db: open(path, options), setAside: undefined };
  } catch (error) {
    if (!isDamage(error) || !existsSync(path)) throw error;
  }
  const setAside = moveAside(options.folder, options.now);
  return { db: open(path, options), setAside };
}

/** True for what SQLite reports when the file itself is wrong, not the moment. */
export function isDamage(error: unknown): boolean {
  const code = (error as { errcode?: number } | undefined)?.errcode;
  // SQLITE_CORRUPT 11, SQLITE_NOTADB 26; extended codes carry these in their low byte.
  return code !== undefined && ((code & 0xff) === 11 || (code & 0xff) === 26);
}

/** True when the disk, or the size the operator allows, is exhausted (SQLITE_FULL). */
export function isFull(error: unknown): boolean {
  return (error as { errcode?: number } | undefined)?.errcode === 13;
}

/** True for what is the matter with the disk or the file, and so concerns whoever comes next too. */
export function isTrouble(error: unknown): boolean {
  const code = (error as { errcode?: number } | undefined)?.errcode;
  // SQLITE_READONLY 8, IOERR 10, CORRUPT 11, FULL 13, CANTOPEN 14, NOTADB 26.
  return code !== undefined && [8, 10, 11, 13, 14, 26].includes(code & 0xff);
}

class Damaged extends Error {
  readonly errcode = 11;
}

function open(path: string, options: DatabaseOptions): DatabaseSync {
  const cut = isCutShort(path);
  const clean = wasClosedCleanly(path);
  const db = new DatabaseSync(path);
  try {
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;`);
    if (cut && !isWhole(db)) throw new Damaged("the database is shorter than it says");
    const version = (db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
    if (version > SCHEMA_VERSION) throw new Error("The database was written by a newer relay.");
    db.exec(`
      PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;
      PRAGMA secure_delete = FAST;
      PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 67108864;
      PRAGMA max_page_count = ${Math.max(64, Math.floor(options.maxBytes / PAGE_BYTES))};
    `);
    if (!clean && !isWhole(db)) throw new Damaged("the database fails its integrity check");
    db.exec(`BEGIN; ${version === 1 ? FROM_VERSION_1 : ""} ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Notes, next to a database that was closed, what the file looked like: if it looks the same at the next start, the slow
 * check of every page is not needed.
 */
export function markClean(folder: string): void {
  const path = join(folder, FILE);
  if (existsSync(`${path}-wal`)) return;
  writeFileSync(path + CLEAN, looks(path), { mode: 0o600 });
}

/** The note is good for one start only. */
function wasClosedCleanly(path: string): boolean {
  if (!existsSync(path + CLEAN)) return false;
  const note = readFileSync(path + CLEAN, "utf8");
  rmSync(path + CLEAN);
  return existsSync(path) && !existsSync(`${path}-wal`) && note === looks(path);
}

function looks(path: string): string {
  const { size, mtimeNs } = statSync(path, { bigint: true });
  return `${size} ${mtimeNs}`;
}

/** A file that is no whole number of pages was cut; SQLite itself would round down and carry on. */
function isCutShort(path: string): boolean {
  return existsSync(path) && statSync(path).size % PAGE_BYTES !== 0;
}

function isWhole(db: DatabaseSync): boolean {
  const rows = db.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
  return rows.length === 1 && rows[0]?.quick_check === "ok";
}

/** Moves a damaged database and its log out of the way and keeps the last few for whoever wants to look. */
export function moveAside(folder: string, now: number): string {
  const name = `${FILE}.damaged-${new Date(now).toISOString().replaceAll(":", "")}`;
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(join(folder, FILE + suffix))) renameSync(join(folder, FILE + suffix), join(folder, name + suffix));
  }
  const damaged = damagedFiles(folder);
  const dates = [...new Set(damaged.map((file) => file.replace(/-(?:wal|shm)$/, "")))];
  for (const old of dates.slice(0, Math.max(0, dates.length - KEEP_DAMAGED))) {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(folder, old + suffix), { force: true });
  }
  return name;
}

/** Deletes what was set aside more than 30 days ago: it holds other people's mail. */
export function removeOldDamaged(folder: string, now: number): void {
  const oldest = `${FILE}.damaged-${new Date(now - KEEP_DAMAGED_MS).toISOString().replaceAll(":", "")}`;
  for (const file of damagedFiles(folder)) if (file < oldest) rmSync(join(folder, file), { force: true });
}

function damagedFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${FILE}.damaged-`))
    .sort();
}
