import type { KeyObject } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import {
  MAX_READERS_PER_MAILBOX,
  MESSAGE,
  PROTOCOL_VERSION,
  READER_HOLD_SECONDS,
  READER_IDLE_SECONDS,
} from "@skrumble/sdk/protocol";
import type {
  AckCommand,
  CommitCommand,
  CommitResult,
  OpenReaderResult,
  PageResult,
  StoreRefusal,
} from "../core/ports.ts";
import { isFull } from "./database.ts";
import { createMailboxIndex, firstAbove, type Mailbox } from "./mailboxIndex.ts";
import { type ReceiptInput, receiptFrames, writeU64 } from "./receipts.ts";
import { createRemoval, type Removed, SWEEP_ROWS } from "./removal.ts";

export interface MailboxLimits {
  messages: number;
  bytes: number;
  /** Bytes and time for a mailbox no device of its owner has ever read: whoever fills such ones may be making them up. */
  unopenedBytes: number;
  unopenedTtlSeconds: number;
}

const PAGE_MESSAGES = 256;
const PAGE_BYTES = 512 * 1024;
/** A device seen within a day is not pushed out by a seventeenth one. */
const READER_EVICTION_MS = 24 * 60 * 60 * 1000;
/** What is freed at least when the disk is full and unopened mailboxes give way. */
const FREE_BYTES = 4 * 1024 * 1024;
/** Leaves room below 2^53 for 280 years of time-based seqs. */
const SEQS_PER_MS = 512;

/** Mailboxes in SQLite. Synchronous: it runs in the storage worker. Every method may throw what SQLite throws. */
export function createMailboxes(db: DatabaseSync, limits: MailboxLimits, signingKey: KeyObject, now: number) {
  const sql = {
    begin: db.prepare("BEGIN IMMEDIATE"),
    commit: db.prepare("COMMIT"),
    rollback: db.prepare("ROLLBACK"),
    insert: db.prepare("INSERT INTO message (id, mailbox, storedAt, expiresAt, payload) VALUES (?, ?, ?, ?, ?)"),
    message: db.prepare("SELECT storedAt, expiresAt, payload FROM message WHERE id = ?"),
    remove: db.prepare("DELETE FROM message WHERE id = ? RETURNING length(payload) AS bytes"),
    readers: db.prepare("SELECT reader, seenAt FROM reader WHERE mailbox = ? ORDER BY seenAt"),
    addReader: db.prepare("INSERT INTO reader (mailbox, reader, acked, seenAt) VALUES (?, ?, 0, ?)"),
    seeReader: db.prepare("UPDATE reader SET seenAt = ? WHERE mailbox = ? AND reader = ?"),
    dropReader: db.prepare("DELETE FROM reader WHERE mailbox = ? AND reader = ?"),
    ack: db.prepare("UPDATE reader SET acked = max(acked, ?), seenAt = ? WHERE mailbox = ? AND reader = ?"),
    acked: db.prepare("SELECT min(acked) AS acked FROM reader WHERE mailbox = ? AND seenAt > ?"),
    forgetReaders: db.prepare("DELETE FROM reader WHERE seenAt <= ? RETURNING mailbox"),
    open: db.prepare("UPDATE mailbox SET opened = 1 WHERE id = ?"),
    unread: db.prepare(
      `SELECT id FROM mailbox WHERE id > ? AND NOT EXISTS (SELECT 1 FROM reader WHERE mailbox = mailbox.id)
       ORDER BY id LIMIT ${SWEEP_ROWS}`,
    ),
    dropMailbox: db.prepare(
      "DELETE FROM mailbox WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM reader WHERE mailbox = ?1)",
    ),
    getSeq: db.prepare("SELECT value FROM meta WHERE key = 'seq'"),
    setSeq: db.prepare(
      "INSERT INTO meta (key, value) VALUES ('seq', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    ),
  };
  const index = createMailboxIndex(db);
  const removal = createRemoval(db, index);
  const unopenedBytes = Math.min(limits.bytes, limits.unopenedBytes);
  // Time-based: a relay that lost its database goes on above every seq it ever gave out, so no reader's cursor hides mail.
  let seq = Math.max(now * SEQS_PER_MS, (sql.getSeq.get() as { value: number } | undefined)?.value ?? 0);
  /** Mailboxes that may be empty and without readers; what an earlier process left is looked for once. */
  const emptied = new Set<number>();
  let walked = 0;

  /** Runs `work` in one transaction. After a failure nothing of it remains; what it changed in memory `undo` takes back. */
  function transact<T>(work: () => T, undo?: () => void): T {
    try {
      sql.begin.run();
      const result = work();
      sql.commit.run();
      index.settle(true);
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some failures, and then says that there is no transaction.
      if (db.isTransaction) sql.rollback.run();
      undo?.();
      index.settle(false);
      throw error;
    }
  }

  /** Deletes what every known reader is done with. Returns how to take that out of the index once it is committed. */
  function applyAck(ack: AckCommand, at: number): (() => void) | undefined {
    const mailbox = index.get(ack.tag);
    if (!mailbox) return undefined;
    sql.ack.run(Math.min(ack.upTo, seq), at, mailbox.id, ack.reader);
    // A device not seen for days keeps its place but holds nothing back any more.
    const { acked } = sql.acked.get(mailbox.id, at - READER_HOLD_SECONDS * 1000) as { acked: number | null };
    const count = acked ? firstAbove(mailbox.seqs, acked) : 0;
    let bytes = 0;
    // A device that acknowledges twice in one commit finds its messages gone: get() is undefined then.
    for (let i = 0; i < count; i++)
      bytes += (sql.remove.get(mailbox.seqs[i] as number)?.bytes as number | undefined) ?? 0;
    return () => {
      mailbox.seqs.splice(0, acked ? firstAbove(mailbox.seqs, acked) : 0);
      mailbox.bytes -= bytes;
    };
  }

  /** Keeps in mind which mailboxes `removed` may have emptied. */
  function note(removed: readonly Removed[]): void {
    for (const { mailbox } of removed) if (mailbox.seqs.length === 0) emptied.add(mailbox.id);
  }

  const opening = ({ seqs }: Mailbox, after: number): OpenReaderResult => ({
    head: seqs.at(-1) ?? 0,
    waiting: seqs.length - firstAbove(seqs, after),
  });

  return {
    /**
     * Writes deposits in one transaction. A full mailbox refuses its own deposits only; when the disk is full, mailboxes
     * that nobody ever opened give way first.
     */
    deposit(command: CommitCommand): Pick<CommitResult, "seqs" | "receipts" | "refusals"> {
      try {
        return this.write(command);
      } catch (error) {
        if (!isFull(error)) throw error;
        const removed: Removed[] = [];
        const bytes = Math.max(FREE_BYTES, 2 * command.records.length);
        transact(
          () => removal.unopened(bytes, removed),
          () => removal.putBack(removed),
        );
        note(removed);
        if (removed.length === 0) throw error;
        return this.write(command);
      }
    },

    write(command: CommitCommand): Pick<CommitResult, "seqs" | "receipts" | "refusals"> {
      const { count, now: storedAt } = command;
      const records = Buffer.from(command.records.buffer, command.records.byteOffset, command.records.byteLength);
      const seqs = new Float64Array(count);
      const refusals = new Array<StoreRefusal | undefined>(count).fill(undefined);
      const stored: ReceiptInput[] = [];
      const grown: Mailbox[] = [];
      const removed: Removed[] = [];
      const before = seq;
      let lookedForExpired = false;

      function makeRoom(mailbox: Mailbox, most: number): boolean {
        const fits = () => mailbox.seqs.length < limits.messages && mailbox.bytes <= most;
        if (!lookedForExpired) removal.expired(storedAt, removed);
        lookedForExpired = true;
        if (!fits()) removal.acknowledged(mailbox, fits, removed);
        return fits();
      }

      function write(): void {
        let at = 0;
        for (let i = 0; i < count; i++) {
          const end = at + 4 + records.readUInt32BE(at);
          const reqId = records.readUInt32BE(at + 4);
          const tag = records.subarray(at + 8, at + 40);
          const ttl = records.readUInt32BE(at + 40);
          const payload = records.subarray(at + 45, end);
          at = end;
          const mailbox = index.getOrAdd(tag);
          const { opened } = mailbox;
          const expiresAt = storedAt + 1000 * (opened ? ttl : Math.min(ttl, limits.unopenedTtlSeconds));
          const most = (opened ? limits.bytes : unopenedBytes) - payload.length;
          if ((mailbox.seqs.length >= limits.messages || mailbox.bytes > most) && !makeRoom(mailbox, most)) {
            refusals[i] = "mailbox-full";
            if (mailbox.seqs.length === 0) emptied.add(mailbox.id);
            continue;
          }
          sql.insert.run(++seq, mailbox.id, storedAt, expiresAt, payload);
          mailbox.seqs.push(seq);
          mailbox.bytes += payload.length;
          grown.push(mailbox);
          seqs[i] = seq;
          stored.push({ reqId, tag, payload, seq, storedAt, expiresAt });
        }
        sql.setSeq.run(seq);
      }

      transact(write, () => {
        seq = before;
        grown.forEach((mailbox, at) => {
          mailbox.seqs.pop();
          mailbox.bytes -= (stored[at] as ReceiptInput).payload.length;
        });
        removal.putBack(removed);
      });
      if (removed.length > 0) note(removed);
      return { seqs, receipts: receiptFrames(stored, signingKey), refusals };
    },

    /** A message goes when every known reader is done with it. */
    acknowledge(acks: readonly AckCommand[], at: number): void {
      for (const apply of transact(() => acks.map((ack) => applyAck(ack, at)))) apply?.();
    },

    /** A device that is known may read on also while the disk is full: reading is what makes room. */
    openReader(tag: Uint8Array, reader: Uint8Array, at: number, after = 0): OpenReaderResult {
      try {
        return this.addReader(tag, reader, at, after);
      } catch (error) {
        const mailbox = isFull(error) ? index.get(tag) : undefined;
        const readers = mailbox ? (sql.readers.all(mailbox.id) as { reader: Uint8Array }[]) : [];
        if (!mailbox || !readers.some((known) => Buffer.from(known.reader).equals(reader))) throw error;
        return opening(mailbox, after);
      }
    },

    addReader(tag: Uint8Array, reader: Uint8Array, at: number, after: number): OpenReaderResult {
      let opened: Mailbox | undefined;
      const result = transact((): OpenReaderResult => {
        const mailbox = index.getOrAdd(tag);
        const readers = sql.readers.all(mailbox.id) as { reader: Uint8Array; seenAt: number }[];
        if (readers.some((row) => Buffer.from(row.reader).equals(reader))) sql.seeReader.run(at, mailbox.id, reader);
        else {
          if (readers.length >= MAX_READERS_PER_MAILBOX) {
            const idlest = readers[0] as { reader: Uint8Array; seenAt: number };
            if (idlest.seenAt > at - READER_EVICTION_MS) {
              return { head: 0, waiting: 0, refusal: "too-many-readers" as const };
            }
            sql.dropReader.run(mailbox.id, idlest.reader);
          }
          sql.addReader.run(mailbox.id, reader, at);
        }
        if (!mailbox.opened) sql.open.run(mailbox.id);
        opened = mailbox;
        return opening(mailbox, after);
      });
      if (opened) opened.opened = true;
      return result;
    },

    page(tag: Uint8Array, after: number, subscription: number, at: number): PageResult {
      const { seqs = [] } = index.get(tag) ?? {};
      const frames: Uint8Array[] = [];
      let last = after;
      let bytes = 0;
      for (let i = firstAbove(seqs, after); i < seqs.length; i++) {
        if (frames.length === PAGE_MESSAGES || bytes >= PAGE_BYTES) return { frames, last, caughtUp: false };
        last = seqs[i] as number;
        const row = sql.message.get(last) as { storedAt: number; expiresAt: number; payload: Uint8Array } | undefined;
        if (!row || row.expiresAt <= at) continue;
        frames.push(messageFrame(subscription, last, row.storedAt, row.payload));
        bytes += row.payload.length;
      }
      return { frames, last, caughtUp: true };
    },

    /** Deletes what is out of date, some at a time. Returns true when there may be more. */
    sweep(at: number): boolean {
      const removed: Removed[] = [];
      const count = transact(
        () => removal.expired(at, removed),
        () => removal.putBack(removed),
      );
      note(removed);
      if (count === SWEEP_ROWS) return true;
      const looked: number[] = [];
      transact(() => {
        const forgotten = sql.forgetReaders.all(at - READER_IDLE_SECONDS * 1000) as { mailbox: number }[];
        for (const { mailbox } of forgotten) emptied.add(mailbox);
        if (walked >= 0) {
          const unread = sql.unread.all(walked) as { id: number }[];
          for (const { id } of unread) emptied.add(id);
          walked = unread.length === SWEEP_ROWS ? (unread.at(-1)?.id ?? -1) : -1;
        }
        // Mailboxes nobody reads and nothing lies in leave no trace.
        for (const id of emptied) {
          if (looked.length >= SWEEP_ROWS) break;
          looked.push(id);
          // One the index does not know is empty: it forgets no other.
          const mailbox = index.byId(id);
          if (mailbox && mailbox.seqs.length > 0) continue;
          if (Number(sql.dropMailbox.run(id).changes) > 0 && mailbox) index.forget(mailbox);
        }
      });
      for (const id of looked) emptied.delete(id);
      return emptied.size > 0 || walked >= 0;
    },
  };
}

export type Mailboxes = ReturnType<typeof createMailboxes>;

function messageFrame(subscription: number, seq: number, storedAt: number, payload: Uint8Array): Uint8Array {
  const frame = Buffer.allocUnsafe(MESSAGE.payload + payload.length);
  frame[0] = PROTOCOL_VERSION;
  frame[1] = MESSAGE.type;
  frame.writeUInt32BE(subscription, MESSAGE.subscription);
  writeU64(frame, MESSAGE.seq, seq);
  writeU64(frame, MESSAGE.storedAt, storedAt);
  frame.set(payload, MESSAGE.payload);
  return frame;
}
