import { SkrumbleError } from "../errors/index.ts";
import { alone } from "./alone.ts";
import { change, done, type KeyState, otherTable, type RecordTable, readState, writeState } from "./database.ts";
import { hidePlace } from "./names.ts";
import { openRecord, sealRecord } from "./record.ts";
import { sealKey } from "./sealKey.ts";
import { type StoreLockOptions, type UnlockedKey, unlockedKey } from "./unlockStore.ts";

/** Written together, while the next ones are sealed. */
const pageSize = 256;

/**
 * Locks an IndexedDB store by the security code. No client may have it open. Every record is written anew under a fresh
 * key, because the old one lay in the browser's files for everybody who copies them. The new records count from one write
 * on: before it the store is as it was, after it everything is there and locked.
 *
 * @param options.onProgress share of the work that is done, 0 to 1
 * @throws SkrumbleError ALREADY_OPEN, STORE_LOCKED, CODE_EMPTY, CODE_TOO_LONG, ARGON2_FAILED, STORE_FAILED, STORE_CORRUPT
 */
export function lockStore(options: StoreLockOptions & { onProgress?: (done: number) => void }): Promise<UnlockedKey> {
  return alone(options.name, async (database) => {
    const state = await readState(database);
    if (!state) throw new SkrumbleError("STORE_FAILED", { details: "There is nothing to lock yet." });
    const { encrypt, table } = state;
    if (!encrypt) throw new SkrumbleError("STORE_LOCKED");
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const lock = await sealKey(raw, options.securityCode, options.argon2);
    const next: KeyState = { table: otherTable(table), index: state.index, lock };
    const key = await unlockedKey(next, raw);
    await rewrite(database, { from: table, to: next.table, old: encrypt, key }, options.onProgress);
    await writeState(database, next);
    await clear(database, table);
    return key;
  });
}

interface Rewriting {
  from: RecordTable;
  to: RecordTable;
  old: CryptoKey;
  key: UnlockedKey;
}

async function rewrite(
  database: IDBDatabase,
  { from, to, old, key }: Rewriting,
  onProgress: (done: number) => void = () => undefined,
): Promise<void> {
  await clear(database, to);
  const records = () => database.transaction(from, "readonly").objectStore(from);
  const total = await done(records().count());
  let last = "";
  for (let written = 0; ; ) {
    const range = IDBKeyRange.lowerBound(last, true);
    const page = records();
    const [places, values] = await Promise.all([
      done(page.getAllKeys(range, pageSize)),
      done(page.getAll(range, pageSize)) as Promise<Uint8Array[]>,
    ]);
    if (places.length === 0) return;
    const sealed = await Promise.all(
      places.map(async (place, i) => {
        const value = await openRecord(old, String(place), values[i] as Uint8Array);
        const hidden = await hidePlace(key.index, String(place));
        return { place: hidden, record: await sealRecord(key.encrypt, hidden, value) };
      }),
    );
    await change(database, [to], (transaction) => {
      const table = transaction.objectStore(to);
      for (const { place, record } of sealed) table.put(record, place);
    });
    written += places.length;
    last = String(places.at(-1));
    onProgress(written / total);
  }
}

function clear(database: IDBDatabase, table: RecordTable): Promise<void> {
  return change(database, [table], (transaction) => void transaction.objectStore(table).clear());
}
