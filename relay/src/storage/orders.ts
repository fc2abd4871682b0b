import { type KeyObject, sign } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import {
  MAX_ORDER_BYTES,
  MAX_ORDER_ENTRIES,
  ORDER_CLOSED_SECONDS,
  ORDER_KEEP_SECONDS,
  type OrderEntry,
  orderEntryMessage,
  orderTag,
} from "@skrumble/sdk/protocol";
import type { NewOrder, OrderResult, StoredOrder } from "../core/ports.ts";
import { sha256 } from "./receipts.ts";
import { transact } from "./transact.ts";

export interface OrderStoreLimits {
  /** Bodies of all logs together. */
  bytes: number;
  /** Tags that have a log or are remembered for having had one, about 100 bytes each. */
  tags: number;
}

/** Where room is short, a log is only kept for so long after its newest entry: by then the vote has been heard. */
const PRESSED_MS = 60 * 60 * 1000;
const SWEEP_LOGS = 200;
const SWEEP_CLOSED = 2_000;

interface LogRow {
  id: number;
  entries: number;
  bytes: number;
  newestAt: number;
  closed: number;
}

/**
 * The logs of the order frames in SQLite. Synchronous: it runs in the storage worker. What was signed once is never
 * signed otherwise: entries stay as they are, and a tag whose log is gone takes no leaf any more.
 */
export function createOrders(db: DatabaseSync, limits: OrderStoreLimits, signingKey: KeyObject) {
  const columns = "id, leaf, bodyHash, storedAt, signature";
  const sql = {
    log: db.prepare("SELECT id, entries, bytes, newestAt, closed FROM orderLog WHERE tag = ?"),
    addLog: db.prepare(
      "INSERT INTO orderLog (tag, entries, bytes, newestAt) VALUES (?, 0, 0, 0) RETURNING id, entries, bytes, newestAt, closed",
    ),
    grow: db.prepare("UPDATE orderLog SET entries = entries + 1, bytes = bytes + ?, newestAt = ? WHERE id = ?"),
    add: db.prepare(`INSERT INTO orderEntry (${columns}, body) VALUES (?, ?, ?, ?, ?, ?)`),
    all: db.prepare(`SELECT ${columns} FROM orderEntry WHERE id BETWEEN ? AND ? ORDER BY id`),
    one: db.prepare(`SELECT ${columns}, body FROM orderEntry WHERE id = ?`),
    old: db.prepare(
      `SELECT id, bytes FROM orderLog WHERE closed = 0 AND newestAt <= ? ORDER BY newestAt LIMIT ${SWEEP_LOGS}`,
    ),
    empty: db.prepare("DELETE FROM orderEntry WHERE id BETWEEN ? AND ?"),
    close: db.prepare("UPDATE orderLog SET closed = 1, bytes = 0 WHERE id = ?"),
    forget: db.prepare(
      `DELETE FROM orderLog WHERE id IN (SELECT id FROM orderLog WHERE closed = 1 AND newestAt <= ? ORDER BY newestAt LIMIT ?)`,
    ),
    totals: db.prepare("SELECT count(*) AS tags, coalesce(sum(bytes), 0) AS bytes FROM orderLog"),
  };
  let totals = sql.totals.get() as { tags: number; bytes: number };

  /** Runs `work` on the totals and keeps them only when it is committed. */
  function change<T>(work: (next: typeof totals) => T): T {
    const next = { ...totals };
    const result = transact(db, () => work(next));
    totals = next;
    return result;
  }

  /** Closes logs without an entry after `before`, oldest first, until so many bytes are in use; returns how many. */
  function closeOld(before: number, next: typeof totals, enough = -1): number {
    const rows = sql.old.all(before) as { id: number; bytes: number }[];
    let closed = 0;
    for (const { id, bytes } of rows) {
      if (next.bytes <= enough) break;
      sql.empty.run(firstId(id), firstId(id + 1) - 1);
      sql.close.run(id);
      next.bytes -= bytes;
      closed++;
    }
    return closed;
  }

  function forget(before: number, most: number, next: typeof totals): number {
    const forgotten = Number(sql.forget.run(before, most).changes);
    next.tags -= forgotten;
    return forgotten;
  }

  function openLog(tag: Uint8Array, next: typeof totals): LogRow | undefined {
    const known = sql.log.get(tag) as LogRow | undefined;
    if (known) return known;
    // The longest closed gives way to a new one.
    if (next.tags >= limits.tags && forget(Number.MAX_SAFE_INTEGER, 1, next) === 0) return undefined;
    next.tags++;
    return sql.addLog.get(tag) as unknown as LogRow;
  }

  function append({ leaf, body }: NewOrder, at: number, next: typeof totals): OrderResult {
    const bodyHash = new Uint8Array(sha256(body));
    const known = sql.log.get(orderTag(leaf)) as LogRow | undefined;
    if (known?.closed) return { refusal: "order-full" };
    const entries = known ? entriesOf(known.id) : [];
    const before = entries.find((entry) => Buffer.compare(entry.leaf, leaf) === 0);
    if (before) {
      if (Buffer.compare(before.bodyHash, bodyHash) !== 0) return { refusal: "order-conflict" };
      return { first: entries[0] as OrderEntry, own: before };
    }
    if (entries.length >= MAX_ORDER_ENTRIES || (known?.bytes ?? 0) + body.length > MAX_ORDER_BYTES) {
      return { refusal: "order-full" };
    }
    if (next.bytes + body.length > limits.bytes) closeOld(at - PRESSED_MS, next, limits.bytes - body.length);
    if (next.bytes + body.length > limits.bytes) return { refusal: "storage-unavailable" };
    const log = openLog(orderTag(leaf), next);
    if (!log) return { refusal: "storage-unavailable" };
    // A clock that was set back must not make a log look as if it had been written backwards.
    const entry = { position: log.entries, leaf, bodyHash, storedAt: Math.max(at, log.newestAt) };
    const own = { ...entry, signature: new Uint8Array(sign(null, orderEntryMessage(entry), signingKey)) };
    sql.add.run(firstId(log.id) + own.position, leaf, bodyHash, own.storedAt, own.signature, body);
    sql.grow.run(body.length, own.storedAt, log.id);
    next.bytes += body.length;
    return { first: entries[0] ?? own, own };
  }

  function entriesOf(log: number): OrderEntry[] {
    return (sql.all.all(firstId(log), firstId(log + 1) - 1) as unknown as EntryRow[]).map(fromRow);
  }

  return {
    /** Appends in this order, in one transaction; a leaf that cannot be taken is refused alone. */
    append: (orders: readonly NewOrder[], at: number): OrderResult[] =>
      change((next) => orders.map((order) => append(order, at, next))),

    /** By position; empty for a tag without a log. */
    log(tag: Uint8Array): OrderEntry[] {
      const log = sql.log.get(tag) as LogRow | undefined;
      return log ? entriesOf(log.id) : [];
    },

    entry(tag: Uint8Array, position: number): StoredOrder | undefined {
      const log = sql.log.get(tag) as LogRow | undefined;
      if (!log || position >= MAX_ORDER_ENTRIES) return undefined;
      const row = sql.one.get(firstId(log.id) + position) as (EntryRow & { body: Uint8Array }) | undefined;
      return row && { ...fromRow(row), body: row.body };
    },

    /** Deletes what is out of date, some at a time. Returns true when there may be more. */
    sweep(at: number): boolean {
      return change((next) => {
        const closed = closeOld(at - ORDER_KEEP_SECONDS * 1000, next);
        const forgotten = forget(at - ORDER_CLOSED_SECONDS * 1000, SWEEP_CLOSED, next);
        return closed === SWEEP_LOGS || forgotten === SWEEP_CLOSED;
      });
    },
  };
}

export type Orders = ReturnType<typeof createOrders>;

interface EntryRow {
  id: number;
  leaf: Uint8Array;
  bodyHash: Uint8Array;
  storedAt: number;
  signature: Uint8Array;
}

/** The entries of a log lie next to each other. */
const firstId = (log: number): number => log * MAX_ORDER_ENTRIES;

function fromRow({ id, leaf, bodyHash, storedAt, signature }: EntryRow): OrderEntry {
  return { position: id % MAX_ORDER_ENTRIES, leaf, bodyHash, storedAt, signature };
}
