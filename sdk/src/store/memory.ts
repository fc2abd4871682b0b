import { SkrumbleError } from "../errors/index.ts";
import { importStoreKeys } from "./keys.ts";
import type { RangeOptions, Store, StoreKeys, StoreOp } from "./types.ts";

/** Keeps everything in memory: tests and programs that want to leave no trace. Survives `close`, not the process. */
export function createMemoryStore(): Store {
  let records = new Map<string, Uint8Array>();
  let keys: StoreKeys | undefined;
  let isOpen = false;
  return {
    async open() {
      if (isOpen) throw new SkrumbleError("ALREADY_OPEN");
      isOpen = true;
      keys ??= await importStoreKeys(crypto.getRandomValues(new Uint8Array(32)));
      return keys;
    },
    async get(key) {
      return records.get(key);
    },
    async range(options) {
      return selectRange([...records.keys()], options).map((key) => ({ key, value: records.get(key) as Uint8Array }));
    },
    async write(ops: StoreOp[]) {
      for (const op of ops) {
        if ("put" in op) records.set(op.put, op.value.slice());
        else records.delete(op.delete);
      }
    },
    async clear() {
      records = new Map();
      keys = undefined;
    },
    async close() {
      isOpen = false;
    },
  };
}

function selectRange(keys: string[], { prefix, after, before, limit, reverse }: RangeOptions): string[] {
  const hits = keys
    .filter((key) => key.startsWith(prefix) && (!after || key > after) && (!before || key < before))
    .sort();
  if (reverse) hits.reverse();
  return limit === undefined ? hits : hits.slice(0, limit);
}
