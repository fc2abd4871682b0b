import { SkrumbleError } from "../errors/index.ts";
import {
  change,
  defaultStoreName,
  done,
  eraseAll,
  guarded,
  type KeyState,
  lockId,
  openDatabase,
  otherTable,
  readState,
  recordTables,
  storeError,
  writeState,
} from "./database.ts";
import { oneTab } from "./oneTab.ts";
import { keyEnd, type RangeOptions, type Store, type StoreKeys, type StoreOp } from "./types.ts";
import { undisturbed } from "./undisturbed.ts";
import type { UnlockedKey } from "./unlockStore.ts";

export interface IndexedDbStoreOptions {
  /** One database per profile of the dApp. */
  name?: string;
  /** Takes the store from the tab that has it open; that tab's client then fails with ALREADY_OPEN. */
  takeOver?: boolean;
  /** Called when another tab has taken the store over. */
  onTakenOver?: () => void;
  /** From `unlockStore` or `lockStore`. Without it a locked store throws STORE_LOCKED. */
  key?: UnlockedKey | undefined;
}

/**
 * A store for browsers. The keys are non-extractable CryptoKeys kept in the same database: scripts can use them while
 * the page runs, nobody can copy them out through JavaScript. After `lockStore` the security code is needed as well.
 */
export function createIndexedDbStore(options: IndexedDbStoreOptions = {}): Store {
  const name = options.name ?? defaultStoreName;
  let database: IDBDatabase | undefined;
  let table: string = recordTables[0];
  let unlock: (() => void) | undefined;

  const records = (mode: IDBTransactionMode): IDBObjectStore => {
    if (!database) throw new SkrumbleError("ALREADY_OPEN", { details: "The store is closed or was taken over." });
    return database.transaction(table, mode, { durability: "strict" }).objectStore(table);
  };
  const close = async () => {
    database?.close();
    database = undefined;
    unlock?.();
    unlock = undefined;
  };

  return {
    async open() {
      if (database) throw new SkrumbleError("ALREADY_OPEN");
      return undisturbed(name, async () => {
        unlock = await oneTab(name, options.takeOver ?? false, () => {
          void close();
          options.onTakenOver?.();
        });
        try {
          database = await openDatabase(name);
          const state = (await readState(database)) ?? (await newState(database));
          const keys = keysOf(state, options.key);
          table = state.table;
          await forgetOther(database, state);
          return keys;
        } catch (error) {
          await close();
          throw storeError(error);
        }
      });
    },
    get: async (key) => guarded(() => done(records("readonly").get(key) as IDBRequest<Uint8Array | undefined>)),
    // One transaction: opening one costs more than a read.
    getMany: async (keys) =>
      guarded(async () => {
        if (keys.length === 0) return [];
        const all = records("readonly");
        return Promise.all(keys.map((key) => done(all.get(key) as IDBRequest<Uint8Array | undefined>)));
      }),
    range: async (range) => guarded(() => selectRange(records("readonly"), range)),
    write: async (ops) => guarded(() => writeAll(records("readwrite"), ops)),
    clear: async () =>
      guarded(async () => {
        const { transaction } = records("readonly");
        await eraseAll(transaction.db);
      }),
    close,
  };
}

/** @throws SkrumbleError STORE_CORRUPT where there are records already: their key is gone */
async function newState(database: IDBDatabase): Promise<KeyState> {
  const tables = database.transaction(recordTables, "readonly");
  const counts = await Promise.all(recordTables.map((table) => done(tables.objectStore(table).count())));
  if (counts.some((count) => count > 0)) throw new SkrumbleError("STORE_CORRUPT", { details: "The keys are missing." });
  const [encrypt, index] = await Promise.all([
    crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
    crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]),
  ]);
  const state: KeyState = { table: recordTables[0], index: [index], encrypt };
  await writeState(database, state);
  return state;
}

function keysOf(state: KeyState, key: UnlockedKey | undefined): StoreKeys {
  if (state.encrypt) return { encrypt: state.encrypt, index: state.index };
  // A key of an earlier lock does not fit.
  if (!key || key.lock !== lockId(state)) throw new SkrumbleError("STORE_LOCKED");
  return { encrypt: key.encrypt, index: [...state.index, key.index] };
}

/** What a setting of the lock left behind, whether it came to its end or not. */
async function forgetOther(database: IDBDatabase, state: KeyState): Promise<void> {
  const other = otherTable(state.table);
  await change(database, [other], (transaction) => void transaction.objectStore(other).clear());
}

async function selectRange(
  records: IDBObjectStore,
  range: RangeOptions,
): Promise<{ key: string; value: Uint8Array }[]> {
  const low = range.after ?? range.prefix;
  const high = range.before ?? `${range.prefix}${keyEnd}`;
  if (low >= high) return [];
  const query = IDBKeyRange.bound(low, high, range.after !== undefined, true);
  if (!range.reverse) {
    const count = range.limit;
    const [keys, values] = await Promise.all([
      done(records.getAllKeys(query, count)),
      done(records.getAll(query, count)),
    ]);
    return keys.map((key, i) => ({ key: String(key), value: values[i] as Uint8Array }));
  }
  return new Promise((resolve, reject) => {
    const hits: { key: string; value: Uint8Array }[] = [];
    const cursor = records.openCursor(query, "prev");
    cursor.onerror = () => reject(cursor.error);
    cursor.onsuccess = () => {
      const at = cursor.result;
      if (!at || hits.length === range.limit) return resolve(hits);
      hits.push({ key: String(at.key), value: at.value as Uint8Array });
      at.continue();
    };
  });
}

function writeAll(records: IDBObjectStore, ops: StoreOp[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const { transaction } = records;
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    for (const op of ops) {
      if ("put" in op) records.put(op.value, op.put);
      else if ("delete" in op) records.delete(op.delete);
      else records.delete(IDBKeyRange.bound(op.deletePrefix, `${op.deletePrefix}${keyEnd}`, false, true));
    }
  });
}
