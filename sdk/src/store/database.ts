import { z } from "zod";
import { toHexString } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";

/** Two tables take turns: setting a lock writes everything anew into the one that is not in use. */
export const recordTables = ["records", "records2"] as const;
export type RecordTable = (typeof recordTables)[number];
export const keysTable = "keys";
export const defaultStoreName = "skrumble";

const key = z.custom<CryptoKey>((value) => value instanceof CryptoKey);
const bytes = (length: number) =>
  z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array && value.length === length);

/** The store's key, sealed by the stretched security code. */
const sealedKeySchema = z.object({ version: z.literal(1), salt: bytes(32), iv: bytes(12), sealed: bytes(48) });
export type SealedKey = z.infer<typeof sealedKeySchema>;

const stateSchema = z.object({
  table: z.enum(recordTables),
  /** Keys of names that lie open. Where there is a lock, the last and secret one is not among them. */
  index: z.array(key),
  /** One of the two. */
  encrypt: key.optional(),
  lock: sealedKeySchema.optional(),
});
/** Where the records are and how they open; one entry, so that it changes at one blow. */
export type KeyState = z.infer<typeof stateSchema>;

const triesSchema = z.object({ failures: z.int().min(0), until: z.number().min(0) });
export type Tries = z.infer<typeof triesSchema>;

export function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 2);
  request.onupgradeneeded = () => {
    const made = request.result.objectStoreNames;
    for (const table of [...recordTables, keysTable]) {
      if (!made.contains(table)) request.result.createObjectStore(table);
    }
  };
  return done(request).then((database) => {
    // Otherwise a later version of the program would wait for this tab for ever.
    database.onversionchange = () => database.close();
    return database;
  });
}

/** @returns nothing where nothing was kept yet */
export async function readState(database: IDBDatabase): Promise<KeyState | undefined> {
  const keys = database.transaction(keysTable, "readonly").objectStore(keysTable);
  const [state, first] = await Promise.all([done(keys.get("state")), done(keys.get("v1"))]);
  if (state !== undefined) return parse(stateSchema, state);
  // Written before there were locks.
  if (first !== undefined) return parse(stateSchema, { ...first, index: [first.index], table: "records" });
  return undefined;
}

export async function writeState(database: IDBDatabase, state: KeyState): Promise<void> {
  await change(database, [keysTable], (transaction) => {
    const keys = transaction.objectStore(keysTable);
    keys.put(state, "state");
    keys.delete("v1");
    keys.delete("tries");
  });
}

/** Tells one lock from another; empty where there is none. */
export const lockId = ({ lock }: KeyState): string => (lock ? toHexString(lock.salt) : "");

/** Deletes every record, every key and the lock. */
export function eraseAll(database: IDBDatabase): Promise<void> {
  const tables = [...recordTables, keysTable];
  return change(database, tables, (transaction) => {
    for (const table of tables) transaction.objectStore(table).clear();
  });
}

export function parseTries(value: unknown): Tries {
  return value === undefined ? { failures: 0, until: 0 } : parse(triesSchema, value);
}

/** All or nothing, and durable when resolved. */
export function change(
  database: IDBDatabase,
  tables: readonly string[],
  work: (transaction: IDBTransaction) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction([...tables], "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    work(transaction);
  });
}

export const otherTable = (table: RecordTable): RecordTable => (table === "records" ? "records2" : "records");

export function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(error);
  }
}

export const storeError = (error: unknown): SkrumbleError =>
  error instanceof SkrumbleError ? error : new SkrumbleError("STORE_FAILED", { cause: error });

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new SkrumbleError("STORE_CORRUPT", { cause: parsed.error });
  return parsed.data;
}
