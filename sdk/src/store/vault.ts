import { SkrumbleError } from "../errors/index.ts";
import { hideName } from "./names.ts";
import { openRecord, sealRecord } from "./record.ts";
import type { Store, StoreOp } from "./types.ts";

/** A name is hashed; a number keeps its order (and is visible on the disk as a number). */
export type RecordKey = string | number;

export interface VaultPut {
  collection: string;
  key: RecordKey;
  /** JSON value, or bytes. */
  value: unknown;
}
/** `drop` deletes a whole collection; what comes later in the same batch may fill it anew. */
export type VaultOp =
  | VaultPut
  | { collection: string; key: RecordKey; delete: true }
  | { collection: string; drop: true };

/** For what the person can do without, or what can be had anew: damaged records count as missing. */
export interface VaultReading {
  skipDamaged?: boolean;
}

export interface VaultRange extends VaultReading {
  after?: number;
  before?: number;
  limit?: number;
  reverse?: boolean;
}

/** Records encrypted at rest over any {@link Store}: AES-256-GCM values bound to their place, HMACed names. */
export interface Vault {
  get<T>(collection: string, key: RecordKey): Promise<T | undefined>;
  /** Many at once, in the order asked for. */
  getMany<T>(
    places: readonly { collection: string; key: RecordKey }[],
    reading?: VaultReading,
  ): Promise<(T | undefined)[]>;
  /** All records of a collection; in numeric order when its keys are numbers. */
  range<T>(collection: string, options?: VaultRange): Promise<{ number: number | undefined; value: T }[]>;
  write(ops: VaultOp[]): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

const jsonTag = 0;
const bytesTag = 1;

export async function openVault(store: Store): Promise<Vault> {
  let keys = await store.open();
  const names = new Map<string, string>();

  const hash = async (text: string): Promise<string> => {
    const known = names.get(text);
    if (known) return known;
    const name = await hideName(keys.index, text);
    if (names.size > 4096) names.clear();
    names.set(text, name);
    return name;
  };
  const place = async (collection: string, key: RecordKey): Promise<string> => {
    const prefix = await hash(`c:${collection}`);
    return `${prefix}/${typeof key === "number" ? `n${numberKey(key)}` : await hash(`k:${collection}:${key}`)}`;
  };
  const seal = (at: string, value: unknown) => sealRecord(keys.encrypt, at, toBytes(value));
  const open = async (at: string, record: Uint8Array) => fromBytes(await openRecord(keys.encrypt, at, record));
  /** Undefined for a damaged one that may be skipped. */
  const tryOpen = async (at: string, record: Uint8Array, { skipDamaged = false }: VaultReading) => {
    try {
      return { value: await open(at, record) };
    } catch (error) {
      if (skipDamaged && error instanceof SkrumbleError && error.code === "STORE_CORRUPT") return undefined;
      throw error;
    }
  };

  const readRange = async <T>(
    prefix: string,
    options: VaultRange,
  ): Promise<{ number: number | undefined; value: T }[]> => {
    const rows = await store.range({
      prefix,
      ...(options.after === undefined ? {} : { after: `${prefix}n${numberKey(options.after)}` }),
      ...(options.before === undefined ? {} : { before: `${prefix}n${numberKey(options.before)}` }),
      ...(options.limit === undefined ? {} : { limit: options.limit }),
      ...(options.reverse ? { reverse: true } : {}),
    });
    const numbers = rows.map(({ key }) => numberIn(key.slice(prefix.length)));
    const opened = await Promise.all(rows.map((row) => tryOpen(row.key, row.value, options)));
    const found = opened.flatMap((one, i) => (one ? [{ number: numbers[i], value: one.value as T }] : []));
    const last = numbers.at(-1);
    if (found.length === rows.length || rows.length !== options.limit || last === undefined) return found;
    // Others take the place of damaged ones: a page that is not full would look like the last.
    const rest = options.reverse ? { before: last } : { after: last };
    return [...found, ...(await readRange<T>(prefix, { ...options, ...rest, limit: options.limit - found.length }))];
  };

  return {
    async get<T>(collection: string, key: RecordKey) {
      const at = await place(collection, key);
      const record = await store.get(at);
      return record ? ((await open(at, record)) as T) : undefined;
    },
    async getMany<T>(places: readonly { collection: string; key: RecordKey }[], reading: VaultReading = {}) {
      const keys = await Promise.all(places.map(({ collection, key }) => place(collection, key)));
      const records = await store.getMany(keys);
      return Promise.all(
        records.map(async (record, i) => {
          const opened = record && (await tryOpen(keys[i] as string, record, reading));
          return opened?.value as T | undefined;
        }),
      );
    },
    async range<T>(collection: string, options: VaultRange = {}) {
      return readRange<T>(`${await hash(`c:${collection}`)}/`, options);
    },
    async write(ops) {
      // Encryption comes first: an IndexedDB transaction ends by itself when nothing is asked of it.
      const sealed = await Promise.all(
        ops.map(async (op): Promise<StoreOp> => {
          if ("drop" in op) return { deletePrefix: `${await hash(`c:${op.collection}`)}/` };
          const at = await place(op.collection, op.key);
          return "delete" in op ? { delete: at } : { put: at, value: await seal(at, op.value) };
        }),
      );
      await store.write(sealed);
    },
    async clear() {
      await store.clear();
      await store.close();
      names.clear();
      keys = await store.open();
    },
    close: () => store.close(),
  };
}

/** 14 hex digits: covers every safe integer and sorts like the number. */
const numberKey = (n: number): string => n.toString(16).padStart(14, "0");
const numberIn = (name: string): number | undefined =>
  name.startsWith("n") ? Number.parseInt(name.slice(1), 16) : undefined;

function toBytes(value: unknown): Uint8Array<ArrayBuffer> {
  const body = value instanceof Uint8Array ? value : new TextEncoder().encode(JSON.stringify(value));
  const out = new Uint8Array(body.length + 1);
  out[0] = value instanceof Uint8Array ? bytesTag : jsonTag;
  out.set(body, 1);
  return out;
}

function fromBytes(bytes: Uint8Array): unknown {
  const body = bytes.slice(1);
  return bytes[0] === bytesTag ? body : JSON.parse(new TextDecoder().decode(body));
}
