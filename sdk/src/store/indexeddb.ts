import { SkrumbleError } from "../errors/index.ts";
import { keyEnd, type RangeOptions, type Store, type StoreKeys, type StoreOp } from "./types.ts";

export interface IndexedDbStoreOptions {
  /** One database per profile of the dApp. */
  name?: string;
  /** Takes the store from the tab that has it open; that tab's client then fails with ALREADY_OPEN. */
  takeOver?: boolean;
  /** Called when another tab has taken the store over. */
  onTakenOver?: () => void;
}

const recordsTable = "records";
const keysTable = "keys";

/**
 * A store for browsers. The keys are non-extractable CryptoKeys kept in the same database: scripts can use them while
 * the page runs, nobody can copy them out through JavaScript.
 */
export function createIndexedDbStore(options: IndexedDbStoreOptions = {}): Store {
  const name = options.name ?? "skrumble";
  let database: IDBDatabase | undefined;
  let unlock: (() => void) | undefined;

  const table = (mode: IDBTransactionMode, which = recordsTable): IDBObjectStore => {
    if (!database) throw new SkrumbleError("ALREADY_OPEN", { details: "The store is closed or was taken over." });
    return database.transaction(which, mode, { durability: "strict" }).objectStore(which);
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
      unlock = await lock(`skrumble store ${name}`, options.takeOver ?? false, () => {
        void close();
        options.onTakenOver?.();
      });
      try {
        database = await openDatabase(name);
        return await loadKeys(table);
      } catch (error) {
        await close();
        throw storeError(error);
      }
    },
    get: async (key) => guarded(() => done(table("readonly").get(key) as IDBRequest<Uint8Array | undefined>)),
    // One transaction: opening one costs more than a read.
    getMany: async (keys) =>
      guarded(async () => {
        if (keys.length === 0) return [];
        const records = table("readonly");
        return Promise.all(keys.map((key) => done(records.get(key) as IDBRequest<Uint8Array | undefined>)));
      }),
    range: async (range) => guarded(() => selectRange(table("readonly"), range)),
    write: async (ops) => guarded(() => writeAll(table("readwrite"), ops)),
    clear: async () =>
      guarded(async () => {
        await done(table("readwrite").clear());
        await done(table("readwrite", keysTable).clear());
      }),
    close,
  };
}

/** A page that is just being left or reloaded lets go within this time. */
const lockPatience = 3000;

/** One tab leads: two tabs on one ratchet would reuse its keys. */
async function lock(name: string, steal: boolean, onLost: () => void): Promise<(() => void) | undefined> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return undefined;
  const options: LockOptions = steal ? { steal: true } : { signal: AbortSignal.timeout(lockPatience) };
  return new Promise((resolve, reject) => {
    let held = false;
    const done = locks.request(name, options, () => {
      held = true;
      return new Promise<void>((release) => resolve(release));
    });
    // Rejects when the patience is over, and later when another tab steals the lock.
    done.catch((error) => (held ? onLost() : reject(new SkrumbleError("ALREADY_OPEN", { cause: error }))));
  });
}

function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(recordsTable);
    request.result.createObjectStore(keysTable);
  };
  return done(request);
}

async function loadKeys(table: (mode: IDBTransactionMode, which: string) => IDBObjectStore): Promise<StoreKeys> {
  const found = (await done(table("readonly", keysTable).get("v1"))) as StoreKeys | undefined;
  if (found) return found;
  const [encrypt, index] = await Promise.all([
    crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
    crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]),
  ]);
  const keys: StoreKeys = { encrypt, index };
  await done(table("readwrite", keysTable).put(keys, "v1"));
  return keys;
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

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(error);
  }
}

const storeError = (error: unknown): SkrumbleError =>
  error instanceof SkrumbleError ? error : new SkrumbleError("STORE_FAILED", { cause: error });
