import { keyEnd, type RangeOptions } from "./types.ts";

/** A map whose keys can be walked in order. Putting keys in rising order and reading pages are cheap at any size. */
export interface SortedMap {
  get(key: string): Uint8Array | undefined;
  put(key: string, value: Uint8Array): void;
  delete(key: string): void;
  range(options: RangeOptions): { key: string; value: Uint8Array }[];
}

export function createSortedMap(): SortedMap {
  const values = new Map<string, Uint8Array>();
  /** All keys in order, or undefined when they have to be sorted again before the next walk. */
  let order: string[] | undefined = [];

  return {
    get: (key) => values.get(key),
    put(key, value) {
      if (order && !values.has(key)) {
        const last = order.at(-1);
        if (last === undefined || key > last) order.push(key);
        else order = undefined;
      }
      values.set(key, value);
    },
    delete(key) {
      if (values.delete(key) && order) order.splice(firstFrom(order, key), 1);
    },
    range({ prefix, after, before, limit, reverse }) {
      order ??= [...values.keys()].sort();
      // The key that follows another one directly: keys hold no character below a space.
      const low = after !== undefined && after >= prefix ? `${after}\0` : prefix;
      const end = `${prefix}${keyEnd}`;
      const from = firstFrom(order, low);
      const to = Math.max(from, firstFrom(order, before !== undefined && before < end ? before : end));
      const count = Math.min(limit ?? Number.POSITIVE_INFINITY, to - from);
      const keys = reverse ? order.slice(to - count, to).reverse() : order.slice(from, from + count);
      return keys.map((key) => ({ key, value: values.get(key) as Uint8Array }));
    },
  };
}

/** Index of the first key that is not below `key`. */
function firstFrom(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
