import type { Argon2id } from "../crypto/argon2id.ts";
import type { Bytes } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { Millis } from "../types/primitives.ts";
import {
  change,
  defaultStoreName,
  guarded,
  type KeyState,
  keysTable,
  lockId,
  openDatabase,
  parseTries,
  readState,
  type Tries,
} from "./database.ts";
import { importStoreKeys } from "./keys.ts";
import { afterFailure, anotherTry, nextTry } from "./pause.ts";
import { openKey } from "./sealKey.ts";

/** Opens one store as long as its lock is the same. Lives in memory only: to forget it is to lock. */
export interface UnlockedKey {
  /** Which lock it belongs to. */
  readonly lock: string;
  readonly encrypt: CryptoKey;
  readonly index: CryptoKey;
}

export interface StoreLockOptions {
  /** Default: "skrumble". */
  name?: string;
  securityCode: string;
  /** Runs Argon2id elsewhere: in a browser by `argon2idInWorker`. */
  argon2?: Argon2id;
  /** Unix milliseconds. Default: `Date.now`. */
  now?: () => Millis;
}

/**
 * Opens the lock of an IndexedDB store, also while another tab uses it. Wrong codes are counted in the store, and from the
 * third on a pause follows that grows up to 15 minutes.
 *
 * @example
 * const key = await unlockStore({ securityCode });
 * const client = await createClient({ relays, store: createIndexedDbStore({ key }) });
 *
 * @returns nothing where there is no lock
 * @throws SkrumbleError LOCK_CODE_WRONG, LOCK_PAUSED (see `readStoreLock`), CODE_EMPTY, CODE_TOO_LONG, ARGON2_FAILED,
 * STORE_FAILED, STORE_CORRUPT
 */
export function unlockStore(options: StoreLockOptions): Promise<UnlockedKey | undefined> {
  return guarded(async () => {
    const database = await openDatabase(options.name ?? defaultStoreName);
    try {
      return await unlock(database, options);
    } finally {
      database.close();
    }
  });
}

/** For whoever has the database open already. */
export async function unlock(database: IDBDatabase, options: StoreLockOptions): Promise<UnlockedKey | undefined> {
  const state = await readState(database);
  if (!state?.lock) return undefined;
  const now = options.now ?? Date.now;
  await changeTries(database, (tries) => {
    if (nextTry(tries, now()) > now()) throw new SkrumbleError("LOCK_PAUSED");
    return anotherTry(tries, now());
  });
  const raw = await openKey(state.lock, options.securityCode, options.argon2);
  if (!raw) {
    await changeTries(database, (tries) => afterFailure(tries, now()));
    throw new SkrumbleError("LOCK_CODE_WRONG");
  }
  await change(database, [keysTable], (transaction) => void transaction.objectStore(keysTable).delete("tries"));
  return unlockedKey(state, raw);
}

/** Imports the key and wipes its bytes. */
export async function unlockedKey(state: KeyState, raw: Bytes): Promise<UnlockedKey> {
  const { encrypt, index } = await importStoreKeys(raw);
  raw.fill(0);
  return { lock: lockId(state), encrypt, index: index[0] as CryptoKey };
}

/** Reads and writes in one transaction: two tabs have no more tries than one. */
async function changeTries(database: IDBDatabase, next: (tries: Tries) => Tries): Promise<void> {
  let refused: unknown;
  await change(database, [keysTable], (transaction) => {
    const keys = transaction.objectStore(keysTable);
    const reading = keys.get("tries");
    reading.onsuccess = () => {
      try {
        keys.put(next(parseTries(reading.result)), "tries");
      } catch (error) {
        refused = error;
      }
    };
  });
  if (refused) throw refused;
}
