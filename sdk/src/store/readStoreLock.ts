import type { Millis } from "../types/primitives.ts";
import { defaultStoreName, done, guarded, keysTable, openDatabase, parseTries, readState } from "./database.ts";
import { nextTry } from "./pause.ts";

export interface StoreLock {
  /** Whether a security code is needed to open the store. */
  locked: boolean;
  /** Wrong codes since the last right one. */
  failures: number;
  /** The next code is not looked at before. Unix milliseconds; in the past when there is nothing to wait for. */
  until: Millis;
}

/** How it stands with the lock of an IndexedDB store. Opens nothing. @throws SkrumbleError STORE_FAILED, STORE_CORRUPT */
export function readStoreLock(name = defaultStoreName, now = Date.now()): Promise<StoreLock> {
  return guarded(async () => {
    const database = await openDatabase(name);
    try {
      const state = await readState(database);
      const keys = database.transaction(keysTable, "readonly").objectStore(keysTable);
      const tries = parseTries(await done(keys.get("tries")));
      return { locked: state?.lock !== undefined, failures: tries.failures, until: nextTry(tries, now) };
    } finally {
      database.close();
    }
  });
}
