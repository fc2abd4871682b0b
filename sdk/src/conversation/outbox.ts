import { fromBase64Url, toBase64Url } from "../crypto/bytes.ts";
import { codeOf, type ErrorCode } from "../errors/index.ts";
import type { RelayPool } from "../relay/types.ts";
import type { Vault, VaultOp } from "../store/index.ts";
import type { ConversationId, MessageId, Millis, PublicId } from "../types/primitives.ts";

export interface OutboxItem {
  number: number;
  to: PublicId;
  /** The sealed payload, base64url. Sent again byte for byte, so that duplicates are recognised everywhere. */
  payload: string;
  expiresAt: Millis;
  /** The text it carries, if any. */
  message?: { conversationId: ConversationId; id: MessageId };
}

export type OutboxProgress = { stored: number; of: number } | { failed: ErrorCode };

/** What has been encrypted and not every relay of the mailbox has confirmed yet. Survives a restart. */
export interface Outbox {
  /** A record to write in the same batch as the state the payload was made from. */
  prepare(input: { to: PublicId; payload: Uint8Array; expiresAt: Millis; message?: OutboxItem["message"] }): {
    item: OutboxItem;
    op: VaultOp;
  };
  /** Begins to send; to be called after the record is written. `onStored`: when a first relay has stored it, in this run. */
  send(item: OutboxItem, onStored?: () => void): void;
  /** Takes up what an earlier run left. */
  resume(): Promise<void>;
  /** Tries everything that waits at once: the network is back. */
  wake(): void;
  /** How many wait, for one person or for all. */
  size(to?: PublicId): number;
  close(): Promise<void>;
}

const collection = "outbox";
/** Under the number of an item: ids of the relays that have it. */
const marks = "outbox stored";
/** The other relays mostly answer within this time, and then nothing has to be noted. */
const markAfter = 1000;
const backoff = { min: 1000, max: 30_000 };
/** Relays are asked when a direct line has not answered by then: it may be a dead one. */
const directPatience = 300;

export interface OutboxOptions {
  vault: Vault;
  pool: RelayPool;
  now: () => number;
  /** A quicker way than relays: whether all devices of a person have it. Never rejects. */
  direct?: (to: PublicId, payload: Uint8Array) => Promise<boolean>;
  onProgress: (message: NonNullable<OutboxItem["message"]>, progress: OutboxProgress) => void;
  onFailure: (error: unknown) => void;
}

interface Waiting {
  item: OutboxItem;
  tries: number;
  busy: boolean;
  timer?: ReturnType<typeof setTimeout>;
  /** Relays that have it, and when that is noted. */
  has: Set<number>;
  onStored?: (() => void) | undefined;
  marking?: ReturnType<typeof setTimeout> | undefined;
}

export function createOutbox({ vault, pool, now, direct, onProgress, onFailure }: OutboxOptions): Outbox {
  const waiting = new Map<number, Waiting>();
  const closing = new AbortController();
  let next = 1;

  const finish = async (entry: Waiting) => {
    const { number } = entry.item;
    if (!waiting.delete(number)) return;
    clearTimeout(entry.timer);
    clearTimeout(entry.marking);
    await vault.write([collection, marks].map((from) => ({ collection: from, key: number, delete: true as const })));
  };

  /** After a crash before this the payload is deposited twice, which does no harm. */
  const mark = async (entry: Waiting) => {
    clearTimeout(entry.marking);
    entry.marking = undefined;
    if (!waiting.has(entry.item.number)) return;
    await vault.write([{ collection: marks, key: entry.item.number, value: [...entry.has] }]);
  };

  const isThere = async (to: PublicId, payload: Uint8Array): Promise<boolean> => {
    if (!direct) return false;
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), directPatience);
    return Promise.race([direct(to, payload), late]).finally(() => clearTimeout(timer));
  };

  const attempt = async (entry: Waiting): Promise<void> => {
    const { item } = entry;
    const seconds = Math.min(Math.floor((item.expiresAt - now()) / 1000), 30 * 86_400);
    if ((entry.busy && seconds >= 1) || closing.signal.aborted) return;
    clearTimeout(entry.timer);
    entry.busy = true;
    try {
      if (seconds < 1) {
        await finish(entry);
        if (item.message && entry.has.size === 0) onProgress(item.message, { failed: "MESSAGE_EXPIRED" });
        return;
      }
      const payload = fromBase64Url(item.payload);
      if (entry.tries === 0 && (await isThere(item.to, payload))) return await finish(entry);
      if (closing.signal.aborted) return;
      const tell = (stored: number, of: number) => {
        if (closing.signal.aborted) return;
        if (item.message) onProgress(item.message, { stored, of });
        if (stored >= of) finish(entry).catch(onFailure);
      };
      const { stored, of } = await pool.deposit(item.to, payload, {
        ttlSeconds: seconds,
        storedAt: [...entry.has],
        signal: closing.signal,
        onReceipt({ relayId }, count, all) {
          if (entry.has.size === 0) entry.onStored?.();
          entry.has.add(relayId);
          entry.marking ??= setTimeout(() => void mark(entry).catch(onFailure), markAfter);
          tell(count, all);
        },
      });
      // It stays busy: the pool goes on with the relays that are left.
      tell(stored, of);
    } catch (error) {
      entry.busy = false;
      if (closing.signal.aborted) return;
      if (codeOf(error) === "UNEXPECTED") onFailure(error);
      entry.tries++;
      const delay = Math.min(backoff.min * 2 ** Math.min(entry.tries - 1, 6), backoff.max);
      entry.timer = setTimeout(() => void attempt(entry), delay);
    }
  };

  const start = (item: OutboxItem, has: number[] = [], onStored?: () => void) => {
    const entry: Waiting = { item, tries: 0, busy: false, has: new Set(has), onStored };
    waiting.set(item.number, entry);
    void attempt(entry);
  };

  return {
    prepare({ to, payload, expiresAt, message }) {
      const item: OutboxItem = {
        number: next++,
        to,
        payload: toBase64Url(payload),
        expiresAt,
        ...(message ? { message } : {}),
      };
      return { item, op: { collection, key: item.number, value: item } };
    },
    send: (item, onStored) => start(item, [], onStored),
    async resume() {
      const rows = await vault.range<OutboxItem>(collection);
      next = Math.max(next, ...rows.map(({ value }) => value.number + 1));
      const marked = new Map((await vault.range<number[]>(marks)).map(({ number, value }) => [number, value]));
      for (const { value } of rows) start(value, marked.get(value.number));
    },
    wake() {
      for (const entry of waiting.values()) void attempt(entry);
    },
    size: (to) => (to === undefined ? waiting.size : [...waiting.values()].filter(({ item }) => item.to === to).length),
    async close() {
      closing.abort();
      for (const entry of waiting.values()) clearTimeout(entry.timer);
      const unmarked = [...waiting.values()].filter(({ marking }) => marking !== undefined);
      await Promise.all(unmarked.map(mark));
    },
  };
}
