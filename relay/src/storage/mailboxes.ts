import type { KeyObject } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { FRAMES, MAX_READERS_PER_MAILBOX, MESSAGE, READER_IDLE_SECONDS } from "@skrumble/sdk/protocol";
import type {
  AckCommand,
  CommitCommand,
  CommitResult,
  OpenReaderResult,
  PageResult,
  StoreRefusal,
} from "../core/ports.ts";
import { isFull } from "./database.ts";
import { type ReceiptInput, receiptFrames, writeU64 } from "./receipts.ts";

export interface MailboxLimits {
  messages: number;
  bytes: number;
}

const PAGE_MESSAGES = 256;
const PAGE_BYTES = 512 * 1024;
const CACHED_MAILBOXES = 50_000;
/** A device seen within a day is not pushed out by a seventeenth one. */
const READER_EVICTION_MS = 24 * 60 * 60 * 1000;
const SWEEP_ROWS = 2_000;
/** Leaves room below 2^53 for 280 years of time-based seqs. */
const SEQS_PER_MS = 512;

interface Mailbox {
  id: number;
  count: number;
  bytes: number;
}

/** Mailboxes in SQLite. Synchronous: it runs in the storage worker. Every method may throw what SQLite throws. */
export function createMailboxes(db: DatabaseSync, limits: MailboxLimits, signingKey: KeyObject, now: number) {
  const sql = {
    begin: db.prepare("BEGIN IMMEDIATE"),
    commit: db.prepare("COMMIT"),
    rollback: db.prepare("ROLLBACK"),
    findMailbox: db.prepare("SELECT id FROM mailbox WHERE tag = ?"),
    addMailbox: db.prepare("INSERT INTO mailbox (tag) VALUES (?) RETURNING id"),
    size: db.prepare(
      "SELECT count(*) AS count, coalesce(sum(length(payload)), 0) AS bytes FROM message WHERE mailbox = ?",
    ),
    insert: db.prepare("INSERT INTO message (id, mailbox, storedAt, expiresAt, payload) VALUES (?, ?, ?, ?, ?)"),
    head: db.prepare("SELECT max(id) AS head FROM message WHERE mailbox = ?"),
    page: db.prepare(
      `SELECT id, storedAt, payload FROM message WHERE mailbox = ? AND id > ? AND expiresAt > ? ORDER BY id LIMIT ${PAGE_MESSAGES}`,
    ),
    readers: db.prepare("SELECT reader, seenAt FROM reader WHERE mailbox = ? ORDER BY seenAt"),
    addReader: db.prepare("INSERT INTO reader (mailbox, reader, acked, seenAt) VALUES (?, ?, 0, ?)"),
    seeReader: db.prepare("UPDATE reader SET seenAt = ? WHERE mailbox = ? AND reader = ?"),
    dropReader: db.prepare("DELETE FROM reader WHERE mailbox = ? AND reader = ?"),
    ack: db.prepare("UPDATE reader SET acked = max(acked, ?), seenAt = ? WHERE mailbox = ? AND reader = ?"),
    acked: db.prepare("SELECT min(acked) AS acked FROM reader WHERE mailbox = ?"),
    removeAcked: db.prepare("DELETE FROM message WHERE mailbox = ? AND id <= ? RETURNING length(payload) AS bytes"),
    removeExpired: db.prepare(
      `DELETE FROM message WHERE id IN (SELECT id FROM message WHERE expiresAt <= ? ORDER BY expiresAt LIMIT ${SWEEP_ROWS}) RETURNING mailbox`,
    ),
    forgetReaders: db.prepare("DELETE FROM reader WHERE seenAt <= ?"),
    // Mailboxes nobody reads and nothing lies in leave no trace.
    forgetMailboxes: db.prepare(
      `DELETE FROM mailbox WHERE id IN (SELECT b.id FROM mailbox b WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.mailbox = b.id)
       AND NOT EXISTS (SELECT 1 FROM reader r WHERE r.mailbox = b.id) LIMIT ${SWEEP_ROWS})`,
    ),
    getSeq: db.prepare("SELECT value FROM meta WHERE key = 'seq'"),
    setSeq: db.prepare(
      "INSERT INTO meta (key, value) VALUES ('seq', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    ),
  };

  const cache = new Map<string, Mailbox>();
  // Time-based: a relay that lost its database goes on above every seq it ever gave out, so no reader's cursor hides mail.
  let seq = Math.max(now * SEQS_PER_MS, (sql.getSeq.get() as { value: number } | undefined)?.value ?? 0);

  function mailboxOf(tag: Uint8Array, create: boolean): Mailbox | undefined {
    const key = Buffer.from(tag.buffer, tag.byteOffset, tag.byteLength).toString("latin1");
    const known = cache.get(key);
    if (known) return known;
    let row = sql.findMailbox.get(tag) as { id: number } | undefined;
    if (!row && !create) return undefined;
    const size = row ? (sql.size.get(row.id) as { count: number; bytes: number }) : { count: 0, bytes: 0 };
    row ??= sql.addMailbox.get(tag) as { id: number };
    const mailbox = { id: row.id, count: size.count, bytes: size.bytes };
    if (cache.size >= CACHED_MAILBOXES) cache.delete(cache.keys().next().value as string);
    cache.set(key, mailbox);
    return mailbox;
  }

  /** Runs `work` in one transaction. After a failure nothing of it remains, neither on disk nor in the cache. */
  function transact<T>(work: () => T): T {
    sql.begin.run();
    try {
      const result = work();
      sql.commit.run();
      return result;
    } catch (error) {
      cache.clear();
      // SQLite has rolled back by itself after some failures, and then says that there is no transaction.
      if (db.isTransaction) sql.rollback.run();
      throw error;
    }
  }

  function applyAck(ack: AckCommand, at: number): void {
    const mailbox = mailboxOf(ack.tag, false);
    if (!mailbox) return;
    sql.ack.run(ack.upTo, at, mailbox.id, ack.reader);
    const { acked } = sql.acked.get(mailbox.id) as { acked: number | null };
    if (!acked) return;
    for (const row of sql.removeAcked.iterate(mailbox.id, acked)) {
      mailbox.count--;
      mailbox.bytes -= row.bytes as number;
    }
  }

  return {
    /** Writes deposits in one transaction. A full mailbox refuses its own deposits only. */
    deposit(command: CommitCommand): Pick<CommitResult, "seqs" | "receipts" | "refusals"> {
      const { count, now: storedAt } = command;
      const records = Buffer.from(command.records.buffer, command.records.byteOffset, command.records.byteLength);
      const seqs = new Float64Array(count);
      const refusals = new Array<StoreRefusal | undefined>(count).fill(undefined);
      const stored: ReceiptInput[] = [];
      const before = seq;
      try {
        transact(() => {
          let at = 0;
          for (let i = 0; i < count; i++) {
            const end = at + 4 + records.readUInt32BE(at);
            const reqId = records.readUInt32BE(at + 4);
            const tag = records.subarray(at + 8, at + 40);
            const expiresAt = storedAt + 1000 * records.readUInt32BE(at + 40);
            const payload = records.subarray(at + 45, end);
            at = end;
            const mailbox = mailboxOf(tag, true) as Mailbox;
            if (mailbox.count >= limits.messages || mailbox.bytes + payload.length > limits.bytes) {
              refusals[i] = "mailbox-full";
              continue;
            }
            seq++;
            sql.insert.run(seq, mailbox.id, storedAt, expiresAt, payload);
            mailbox.count++;
            mailbox.bytes += payload.length;
            seqs[i] = seq;
            stored.push({ reqId, tag, payload, seq, storedAt, expiresAt });
          }
          sql.setSeq.run(seq);
        });
      } catch (error) {
        seq = before;
        throw error;
      }
      return { seqs, receipts: receiptFrames(stored, signingKey), refusals };
    },

    /** A message goes when every known reader is done with it. */
    acknowledge(acks: readonly AckCommand[], at: number): void {
      transact(() => {
        for (const ack of acks) applyAck(ack, at);
      });
    },

    /** A device that is known may read on also while the disk is full: reading is what makes room. */
    openReader(tag: Uint8Array, reader: Uint8Array, at: number): OpenReaderResult {
      try {
        return this.addReader(tag, reader, at);
      } catch (error) {
        const row = isFull(error) ? (sql.findMailbox.get(tag) as { id: number } | undefined) : undefined;
        const readers = row ? (sql.readers.all(row.id) as { reader: Uint8Array }[]) : [];
        if (!row || !readers.some((known) => Buffer.from(known.reader).equals(reader))) throw error;
        return { head: (sql.head.get(row.id) as { head: number | null }).head ?? 0 };
      }
    },

    addReader(tag: Uint8Array, reader: Uint8Array, at: number): OpenReaderResult {
      return transact(() => {
        const mailbox = mailboxOf(tag, true) as Mailbox;
        const readers = sql.readers.all(mailbox.id) as { reader: Uint8Array; seenAt: number }[];
        const known = readers.some((row) => Buffer.from(row.reader).equals(reader));
        if (known) sql.seeReader.run(at, mailbox.id, reader);
        else {
          if (readers.length >= MAX_READERS_PER_MAILBOX) {
            const idlest = readers[0] as { reader: Uint8Array; seenAt: number };
            if (idlest.seenAt > at - READER_EVICTION_MS) return { head: 0, refusal: "too-many-readers" as const };
            sql.dropReader.run(mailbox.id, idlest.reader);
          }
          sql.addReader.run(mailbox.id, reader, at);
        }
        return { head: (sql.head.get(mailbox.id) as { head: number | null }).head ?? 0 };
      });
    },

    page(tag: Uint8Array, after: number, subscription: number, at: number): PageResult {
      const mailbox = mailboxOf(tag, false);
      if (!mailbox) return { frames: [], last: after, caughtUp: true };
      const frames: Uint8Array[] = [];
      let last = after;
      let bytes = 0;
      let rows = 0;
      for (const row of sql.page.iterate(mailbox.id, after, at)) {
        const payload = row.payload as Uint8Array;
        if (bytes > 0 && bytes + payload.length > PAGE_BYTES) return { frames, last, caughtUp: false };
        frames.push(messageFrame(subscription, row.id as number, row.storedAt as number, payload));
        last = row.id as number;
        bytes += payload.length;
        rows++;
      }
      return { frames, last, caughtUp: rows < PAGE_MESSAGES };
    },

    /** Deletes what is out of date, some at a time. Returns true when there may be more. */
    sweep(at: number): boolean {
      const expired = transact(() => sql.removeExpired.all(at).length);
      if (expired > 0) cache.clear();
      if (expired === SWEEP_ROWS) return true;
      const forgotten = transact(() => {
        sql.forgetReaders.run(at - READER_IDLE_SECONDS * 1000);
        return sql.forgetMailboxes.run().changes;
      });
      if (forgotten > 0) cache.clear();
      return Number(forgotten) === SWEEP_ROWS;
    },
  };
}

export type Mailboxes = ReturnType<typeof createMailboxes>;

function messageFrame(subscription: number, seq: number, storedAt: number, payload: Uint8Array): Uint8Array {
  const frame = Buffer.allocUnsafe(MESSAGE.payload + payload.length);
  frame[0] = 1;
  frame[1] = FRAMES.message[0];
  frame.writeUInt32BE(subscription, MESSAGE.subscription);
  writeU64(frame, MESSAGE.seq, seq);
  writeU64(frame, MESSAGE.storedAt, storedAt);
  frame.set(payload, MESSAGE.payload);
  return frame;
}
