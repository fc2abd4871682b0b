import { SkrumbleError } from "../errors/index.ts";
import { importStoreKeys } from "./keys.ts";
import { createSortedMap, type SortedMap } from "./sortedMap.ts";
import type { RangeOptions, Store, StoreKeys } from "./types.ts";

/** Keeps everything in memory: tests and programs that want to leave no trace. Survives `close`, not the process. */
export function createMemoryStore(): Store {
  /** By collection, that is by what stands before the slash: a range looks at one of them only. */
  let collections = new Map<string, SortedMap>();
  let keys: StoreKeys | undefined;
  let isOpen = false;

  const collectionOf = (key: string): SortedMap => {
    const name = collectionName(key);
    const known = collections.get(name) ?? createSortedMap();
    collections.set(name, known);
    return known;
  };
  const rangeOf = (range: RangeOptions) => {
    if (range.prefix.includes("/")) return collectionOf(range.prefix).range(range);
    const { limit, ...all } = range;
    const found = [...collections.values()].flatMap((collection) => collection.range(all));
    found.sort((a, b) => (a.key < b.key === (range.reverse ?? false) ? 1 : -1));
    return found.slice(0, limit);
  };

  return {
    async open() {
      if (isOpen) throw new SkrumbleError("ALREADY_OPEN");
      isOpen = true;
      keys ??= await importStoreKeys(crypto.getRandomValues(new Uint8Array(32)));
      return keys;
    },
    async get(key) {
      return collectionOf(key).get(key);
    },
    async getMany(keys) {
      return keys.map((key) => collectionOf(key).get(key));
    },
    async range(range) {
      return rangeOf(range);
    },
    async write(ops) {
      for (const op of ops) {
        if ("put" in op) collectionOf(op.put).put(op.put, op.value.slice());
        else if ("delete" in op) collectionOf(op.delete).delete(op.delete);
        else for (const { key } of rangeOf({ prefix: op.deletePrefix })) collectionOf(key).delete(key);
      }
    },
    async clear() {
      collections = new Map();
      keys = undefined;
    },
    async close() {
      isOpen = false;
    },
  };
}

const collectionName = (key: string): string => {
  const slash = key.indexOf("/");
  return slash < 0 ? "" : key.slice(0, slash);
};
