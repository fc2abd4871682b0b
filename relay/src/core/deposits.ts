import { DEPOSIT, DEPOSIT_EPHEMERAL, isPaddingClass, MAX_TTL_SECONDS, MIN_TTL_SECONDS } from "@skrumble/sdk/protocol";
import { type Connection, replyError, tagKey } from "./connection.ts";
import { createCorkedPeers } from "./corkedPeers.ts";
import { type AckCommand, type Clock, type CommitResult, type MailboxStore, ROOM } from "./ports.ts";
import type { Subscriptions } from "./subscriptions.ts";

export interface DepositLimits {
  /** Bytes that may wait for the disk before deposits are turned away. */
  queueBytes: number;
  /** Deposits in one commit, bounded by the depth of a receipt's proof. */
  commitMessages: number;
  /** A depositor that leaves so many bytes of receipts unread is disconnected. */
  unreadReceiptBytes: number;
}

export interface DepositCounters {
  forwarded: number;
  stored: number;
  refused: number;
  commits: number;
}

export interface DepositDeps {
  clock: Clock;
  store: MailboxStore;
  limits: DepositLimits;
  /** Runs something once the present burst of input has been read. */
  soon(run: () => void): void;
  subscriptions(): Subscriptions;
  expel(connection: Connection, code: "slow-reader"): void;
}

// A record is u32 length, then the deposit from its reqId on. In front of its payload there is room for a
// message header and the transport's: 45 bytes, and 22 + ROOM are needed (a deposit frame itself has 43).
const RECORD_HEAD = 4;
const RECORD_TAG = RECORD_HEAD + DEPOSIT.tag - DEPOSIT.reqId;
const RECORD_PAYLOAD = RECORD_HEAD + DEPOSIT.payload - DEPOSIT.reqId;
const FIRST_BUFFER = 64 * 1024;

interface Batch {
  records: Buffer;
  used: number;
  depositors: Connection[];
  acks: AckCommand[];
}

const emptyBatch = (): Batch => ({ records: Buffer.alloc(0), used: 0, depositors: [], acks: [] });

/**
 * Takes deposits. Ephemeral ones are forwarded at once. The others gather while the disk writes the batch before them,
 * so a commit carries as many as arrived in the meantime; each is forwarded and receipted once it is durable.
 */
export function createDeposits(deps: DepositDeps) {
  const counters: DepositCounters = { forwarded: 0, stored: 0, refused: 0, commits: 0 };
  let batch = emptyBatch();
  let writing = false;
  let scheduled = false;
  let idle: (() => void)[] = [];

  function room(needed: number): void {
    if (batch.used + needed <= batch.records.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(FIRST_BUFFER, batch.used + needed, batch.records.length * 2));
    batch.records.copy(grown, 0, 0, batch.used);
    batch.records = grown;
  }

  function schedule(): void {
    if (writing || scheduled) return;
    scheduled = true;
    deps.soon(() => {
      scheduled = false;
      flush();
    });
  }

  function flush(): void {
    if (writing) return;
    if (batch.depositors.length === 0 && batch.acks.length === 0) {
      const waiting = idle;
      idle = [];
      for (const done of waiting) done();
      return;
    }
    const sent = batch;
    batch = emptyBatch();
    writing = true;
    counters.commits++;
    const records = sent.records.subarray(0, sent.used);
    deps.store.commit({ records, count: sent.depositors.length, acks: sent.acks, now: deps.clock.now() }, (result) => {
      writing = false;
      // The next batch goes to the disk before this one is told about, so the disk never waits.
      flush();
      announce(sent.depositors, result);
    });
  }

  function announce(depositors: readonly Connection[], result: CommitResult): void {
    const records = Buffer.from(result.records.buffer, result.records.byteOffset, result.records.byteLength);
    const subscriptions = deps.subscriptions();
    const corked = createCorkedPeers();
    const { frames } = result.receipts;
    const receipts = Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength);
    let at = 0;
    let receipt = 0;
    let receiptAt = 0;
    for (let i = 0; i < depositors.length; i++) {
      const connection = depositors[i] as Connection;
      const refusal = result.refusals[i];
      if (records.length === 0) {
        // The store is gone and took the batch with it.
        counters.refused++;
        replyError(connection, 0, "storage-unavailable", 1000);
        continue;
      }
      const end = at + RECORD_HEAD + records.readUInt32BE(at);
      const start = at;
      at = end;
      if (refusal) {
        counters.refused++;
        const wait = refusal === "mailbox-full" ? 60_000 : 1000;
        replyError(connection, records.readUInt32BE(start + RECORD_HEAD), refusal, wait);
        continue;
      }
      counters.stored++;
      const receiptEnd = result.receipts.ends[receipt++] as number;
      const receiptStart = receiptAt + ROOM;
      receiptAt = receiptEnd;
      if (!connection.closed) {
        corked.add(connection.peer);
        const buffered = connection.peer.buffered();
        if (buffered > deps.limits.unreadReceiptBytes) deps.expel(connection, "slow-reader");
        else if (buffered === 0) connection.peer.sendInPlace(receipts.subarray(0, receiptEnd), receiptStart);
        // Behind a slow network a copy waits, not the whole commit's memory.
        else connection.peer.send(Buffer.from(receipts.subarray(receiptStart, receiptEnd)));
      }
      const key = tagKey(records, start + RECORD_TAG);
      if (subscriptions.has(key)) {
        const record = records.subarray(start, end);
        counters.forwarded += subscriptions.forward(
          key,
          record,
          RECORD_PAYLOAD,
          result.seqs[i] as number,
          result.storedAt,
          corked,
        );
      }
    }
    corked.release();
  }

  return {
    /** `frame` is a whole deposit frame and belongs to this function from now on. */
    take(connection: Connection, frame: Buffer) {
      if (frame.length < DEPOSIT.payload) return replyError(connection, 0, "malformed");
      const reqId = frame.readUInt32BE(DEPOSIT.reqId);
      if (!isPaddingClass(frame.length - DEPOSIT.payload)) return replyError(connection, reqId, "bad-payload-size");
      if (((frame[DEPOSIT.flags] as number) & DEPOSIT_EPHEMERAL) !== 0) {
        // Whether somebody listens is not told: it would show who is online to whoever asks.
        const key = tagKey(frame, DEPOSIT.tag);
        counters.forwarded += deps.subscriptions().forward(key, frame, DEPOSIT.payload, 0, deps.clock.now());
        return;
      }
      const ttl = frame.readUInt32BE(DEPOSIT.ttl);
      if (ttl < MIN_TTL_SECONDS || ttl > MAX_TTL_SECONDS) return replyError(connection, reqId, "bad-ttl");
      const length = frame.length - DEPOSIT.reqId;
      if (batch.used + length > deps.limits.queueBytes || batch.depositors.length >= deps.limits.commitMessages) {
        counters.refused++;
        return replyError(connection, reqId, "rate-limited", 250);
      }
      room(RECORD_HEAD + length);
      batch.records.writeUInt32BE(length, batch.used);
      frame.copy(batch.records, batch.used + RECORD_HEAD, DEPOSIT.reqId);
      batch.used += RECORD_HEAD + length;
      batch.depositors.push(connection);
      schedule();
    },

    acknowledge(ack: AckCommand): void {
      batch.acks.push(ack);
      schedule();
    },

    /** Resolves when everything taken so far is on disk and told about. */
    settled(): Promise<void> {
      return new Promise((resolve) => {
        idle.push(resolve);
        schedule();
      });
    },

    counters,
  };
}

export type Deposits = ReturnType<typeof createDeposits>;
