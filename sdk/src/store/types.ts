/** One change of a batch. `deletePrefix` deletes every key that starts with it, however many there are. */
export type StoreOp = { put: string; value: Uint8Array } | { delete: string } | { deletePrefix: string };

export interface RangeOptions {
  /** Keys starting with this. */
  prefix: string;
  /** Exclusive bounds inside the prefix, as whole keys. */
  after?: string;
  before?: string;
  /** At most so many; no limit without. */
  limit?: number;
  /** Highest key first. */
  reverse?: boolean;
}

/** Keys of the encryption at rest. Browsers keep them non-extractable. */
export interface StoreKeys {
  /** AES-256-GCM, for values. */
  encrypt: CryptoKey;
  /** HMAC-SHA-256, for names of records: one after the other. A lock that was set adds one. */
  index: readonly CryptoKey[];
}

/**
 * An ordered key/value store: all the SDK asks of a device. Drivers know nothing of what they hold: values arrive
 * encrypted, names hashed. Keys are ASCII, compared by code unit.
 * Drivers throw ALREADY_OPEN, STORE_FAILED, STORE_CORRUPT, STORE_LOCKED.
 */
export interface Store {
  /** Opens and locks the store for this process or tab. Called once, before anything else. */
  open(): Promise<StoreKeys>;
  get(key: string): Promise<Uint8Array | undefined>;
  /** Many at once, in the order asked for. */
  getMany(keys: readonly string[]): Promise<(Uint8Array | undefined)[]>;
  range(options: RangeOptions): Promise<{ key: string; value: Uint8Array }[]>;
  /** All or nothing, and durable when resolved. */
  write(ops: StoreOp[]): Promise<void>;
  /** Deletes every record. The keys are made anew at the next `open`. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Sorts behind every character used in keys: `prefix + keyEnd` is the end of all keys with a prefix. */
export const keyEnd = "\u007f";
