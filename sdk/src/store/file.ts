import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SkrumbleError } from "../errors/index.ts";
import { importStoreKeys } from "./keys.ts";
import { keyEnd, type RangeOptions, type Store, type StoreOp } from "./types.ts";

export interface FileStoreOptions {
  /** Folder; made if missing, readable by its owner only. */
  path: string;
  /** 32 bytes from a key safe of your own. Without it the key lies beside the data in a file of mode 0600. */
  key?: Uint8Array;
}

/** A store for Node on its built-in SQLite. One process at a time. */
export function createFileStore(options: FileStoreOptions): Store {
  const file = join(options.path, "store.db");
  const keyFile = join(options.path, "store.key");
  let database: DatabaseSync | undefined;

  const db = (): DatabaseSync => {
    if (!database) throw new SkrumbleError("STORE_FAILED", { details: "The store is closed." });
    return database;
  };
  const guarded = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (error) {
      throw storeError(error);
    }
  };

  return {
    open: async () => {
      if (database) throw new SkrumbleError("ALREADY_OPEN");
      return importStoreKeys(
        await guarded(() => {
          mkdirSync(options.path, { recursive: true, mode: 0o700 });
          database = openDatabase(file);
          return readKey(options.key, keyFile);
        }),
      );
    },
    get: (key) => guarded(() => select(db(), [key])[0]),
    getMany: (keys) => guarded(() => select(db(), keys)),
    range: (range) => guarded(() => selectRange(db(), range)),
    write: (ops) => guarded(() => writeAll(db(), ops)),
    clear: () =>
      guarded(() => {
        db().exec("DELETE FROM record");
        db().exec("VACUUM");
        rmSync(keyFile, { force: true });
      }),
    async close() {
      database?.close();
      database = undefined;
    },
  };
}

function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    // EXCLUSIVE keeps a second process out: two owners of one ratchet would reuse its keys.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    database.exec("CREATE TABLE IF NOT EXISTS record (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID");
    database.exec("BEGIN IMMEDIATE; COMMIT");
    chmodSync(file, 0o600);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function readKey(given: Uint8Array | undefined, keyFile: string): Uint8Array<ArrayBuffer> {
  if (given) return new Uint8Array(given);
  if (!existsSync(keyFile)) writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
  const key = new Uint8Array(readFileSync(keyFile));
  if (key.length !== 32) throw new SkrumbleError("STORE_CORRUPT", { details: "The key file has the wrong length." });
  return key;
}

function select(database: DatabaseSync, keys: readonly string[]): (Uint8Array | undefined)[] {
  const statement = database.prepare("SELECT value FROM record WHERE key = ?");
  return keys.map((key) => statement.get(key)?.value as Uint8Array | undefined);
}

function selectRange(database: DatabaseSync, range: RangeOptions): { key: string; value: Uint8Array }[] {
  const low = range.after && range.after > range.prefix ? range.after : range.prefix;
  const high = range.before ?? `${range.prefix}${keyEnd}`;
  const rows = database
    .prepare(
      `SELECT key, value FROM record WHERE key ${range.after ? ">" : ">="} ? AND key < ? AND substr(key, 1, ?) = ?
       ORDER BY key ${range.reverse ? "DESC" : "ASC"} LIMIT ?`,
    )
    .all(low, high, range.prefix.length, range.prefix, range.limit ?? -1);
  return rows.map((row) => ({ key: row.key as string, value: row.value as Uint8Array }));
}

function writeAll(database: DatabaseSync, ops: StoreOp[]): void {
  const put = database.prepare("INSERT OR REPLACE INTO record (key, value) VALUES (?, ?)");
  const remove = database.prepare("DELETE FROM record WHERE key = ?");
  const removeAll = database.prepare("DELETE FROM record WHERE key >= ? AND key < ?");
  database.exec("BEGIN IMMEDIATE");
  try {
    for (const op of ops) {
      if ("put" in op) put.run(op.put, op.value);
      else if ("delete" in op) remove.run(op.delete);
      else removeAll.run(op.deletePrefix, `${op.deletePrefix}${keyEnd}`);
    }
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

function storeError(error: unknown): SkrumbleError {
  if (error instanceof SkrumbleError) return error;
  const text = error instanceof Error ? error.message : "";
  if (/locked|busy/i.test(text)) return new SkrumbleError("ALREADY_OPEN", { cause: error });
  if (/malformed|not a database|corrupt/i.test(text)) return new SkrumbleError("STORE_CORRUPT", { cause: error });
  return new SkrumbleError("STORE_FAILED", { cause: error });
}
