import { alone } from "./alone.ts";
import { readState, writeState } from "./database.ts";
import { type StoreLockOptions, unlock } from "./unlockStore.ts";

/**
 * Takes the lock away again; the security code is asked for once more, so that nobody does it in passing. Records stay as
 * they are, their key lies in the browser from then on. No client may have the store open.
 *
 * @throws SkrumbleError LOCK_CODE_WRONG, LOCK_PAUSED, ALREADY_OPEN and those of `unlockStore`
 */
export function removeStoreLock(options: StoreLockOptions): Promise<void> {
  return alone(options.name, async (database) => {
    const key = await unlock(database, options);
    const state = await readState(database);
    if (!key || !state) return;
    await writeState(database, { table: state.table, index: [...state.index, key.index], encrypt: key.encrypt });
  });
}
