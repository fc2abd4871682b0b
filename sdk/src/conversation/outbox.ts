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

/** What has been encrypted and no relay has confirmed yet. Survives a restart. */
export interface Outbox {
  /** A record to write in the same batch as the state the payload was made from. */
  prepare(input: { to: PublicId; payload: Uint8Array; expiresAt: Millis; message?: OutboxItem["message"] }): {
    item: OutboxItem;
    op: VaultOp;
  };
  /** Begins to send; to be called after the record is written. */
  send(item: OutboxItem): void;
  /** Takes up what an earlier run left. */
  resume(): Promise<void>;
  /** Tries everything that waits at once: the network is back. */
  wake(): void;
  /** How many wait. */
  size(): number;
  close(): void;
}

const collection = "outbox";
const backoff = { min: 1000, max: 30_000 };

export interface OutboxOptions {
  vault: Vault;
  pool: RelayPool;
  now: () => number;
  onProgress: (message: NonNullable<OutboxItem["message"]>, progress: OutboxProgress) => void;
  onFailure: (error: unknown) => void;
}

interface Waiting {
  item: OutboxItem;
  tries: number;
  busy: boolean;
  timer?: ReturnType<typeof setTimeout>;
}

export function createOutbox({ vault, pool, now, onProgress, onFailure }: OutboxOptions): Outbox {
  const waiting = new Map<number, Waiting>();
  const closing = new AbortController();
  let next = 1;

  const finish = async (entry: Waiting) => {
    waiting.delete(entry.item.number);
    clearTimeout(entry.timer);
    await vault.write([{ collection, key: entry.item.number, delete: true }]);
  };

  const attempt = async (entry: Waiting): Promise<void> => {
    if (entry.busy || closing.signal.aborted) return;
    clearTimeout(entry.timer);
    entry.busy = true;
    const { item } = entry;
    const seconds = Math.min(Math.floor((item.expiresAt - now()) / 1000), 30 * 86_400);
    try {
      if (seconds < 1) {
        await finish(entry);
        if (item.message) onProgress(item.message, { failed: "MESSAGE_EXPIRED" });
        return;
      }
      const tell = (stored: number, of: number) => {
        if (item.message && !closing.signal.aborted) onProgress(item.message, { stored, of });
      };
      const options = { ttlSeconds: seconds, onReceipt: (_: unknown, stored: number, of: number) => tell(stored, of) };
      const { stored, of } = await pool.deposit(item.to, fromBase64Url(item.payload), {
        ...options,
        signal: closing.signal,
      });
      if (closing.signal.aborted) return;
      await finish(entry);
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

  const start = (item: OutboxItem) => {
    const entry: Waiting = { item, tries: 0, busy: false };
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
    send: start,
    async resume() {
      const rows = await vault.range<OutboxItem>(collection);
      next = Math.max(next, ...rows.map(({ value }) => value.number + 1));
      for (const { value } of rows) start(value);
    },
    wake() {
      for (const entry of waiting.values()) void attempt(entry);
    },
    size: () => waiting.size,
    close() {
      closing.abort();
      for (const entry of waiting.values()) clearTimeout(entry.timer);
    },
  };
}
