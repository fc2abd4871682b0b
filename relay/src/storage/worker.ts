import { parentPort, workerData } from "node:worker_threads";
import type { CommitCommand, CommitResult } from "../core/ports.ts";
import { signingKeyFromSeed } from "../ed25519.ts";
import { createAnchors } from "./anchors.ts";
import {
  isDamage,
  isFull,
  isTrouble,
  markClean,
  moveAside,
  type OpenedDatabase,
  openDatabase,
  removeOldDamaged,
} from "./database.ts";
import { createMailboxes } from "./mailboxes.ts";
import type { Answer, Question, Questions, StorageState, WorkerSettings } from "./messages.ts";
import { createOrders } from "./orders.ts";

/** The thread that owns the database. It commits whole batches, so the fsync of one carries many messages. */
const settings = workerData as WorkerSettings;
const port = parentPort as NonNullable<typeof parentPort>;
const signingKey = signingKeyFromSeed(settings.signingSeed);

const CLEAN_MS = 60 * 60 * 1000;
/** What the bodies of order logs may take of the database. */
const ORDER_SHARE = 1 / 8;
const ORDER_TAGS = 1_000_000;
let cleanedAt = 0;

let state: StorageState = { writable: true };
let store = open(settings.now);

function open(now: number) {
  const options = { folder: settings.folder, maxBytes: settings.maxBytes, now };
  const first = openDatabase(options);
  try {
    return build(first, now);
  } catch (error) {
    // Damage that only shows when everything is read.
    first.db.close();
    if (!isDamage(error)) throw error;
    const setAside = moveAside(settings.folder, now);
    return build({ ...openDatabase(options), setAside }, now);
  }
}

function build({ db, setAside }: OpenedDatabase, now: number) {
  if (setAside) tell({ ...state, setAside });
  const limits = {
    ...{ messages: settings.mailboxMessages, bytes: settings.mailboxBytes },
    ...{ unopenedBytes: settings.unopenedBytes, unopenedTtlSeconds: settings.unopenedTtlSeconds },
  };
  const orderLimits = { bytes: settings.maxBytes * ORDER_SHARE, tags: ORDER_TAGS };
  return {
    db,
    mailboxes: createMailboxes(db, limits, signingKey, now),
    anchors: createAnchors(db),
    orders: createOrders(db, orderLimits, signingKey),
  };
}

function tell(next: StorageState): void {
  state = next;
  port.postMessage({ id: 0, state } satisfies Answer);
}

/** A damaged database that cannot be replaced ends the thread, and that the process. */
function failed(error: unknown): void {
  const errorCode = (error as { errcode?: number }).errcode;
  if (isDamage(error)) {
    // Damage met while running: carry on with a new file rather than refuse every letter from here on.
    store.db.close();
    const setAside = replace();
    tell({ writable: true, setAside, ...(errorCode === undefined ? {} : { errorCode }) });
  } else if (state.writable && isTrouble(error))
    tell({ ...state, writable: false, ...(errorCode === undefined ? {} : { errorCode }) });
}

function replace(): string {
  try {
    // The present time, not that of the question or of the start: the new seqs begin with it.
    const now = Date.now();
    const setAside = moveAside(settings.folder, now);
    store = open(now);
    return setAside;
  } catch {
    return process.exit(1);
  }
}

function worked(): void {
  if (!state.writable) {
    const { errorCode: _over, ...rest } = state;
    tell({ ...rest, writable: true });
  }
}

function commit(command: CommitCommand): CommitResult {
  // Acknowledgements first: they may free the room the deposits need.
  if (command.acks.length > 0) {
    try {
      store.mailboxes.acknowledge(command.acks, command.now);
    } catch (error) {
      // A reader whose acknowledgement is lost only sees those messages again.
      failed(error);
    }
  }
  const { count, records, now: storedAt } = command;
  if (count > 0) {
    try {
      const result = store.mailboxes.deposit(command);
      worked();
      return { ...result, records, storedAt };
    } catch (error) {
      failed(error);
    }
  }
  return {
    records,
    storedAt,
    seqs: new Float64Array(count),
    receipts: { frames: new Uint8Array(0), ends: new Uint32Array(0) },
    refusals: new Array(count).fill("storage-unavailable"),
  };
}

const answers: { [N in keyof Questions]: (query: Questions[N][0]) => Questions[N][1] } = {
  commit,
  openReader({ tag, reader, after, now }) {
    try {
      return store.mailboxes.openReader(tag, reader, now, after);
    } catch (error) {
      failed(error);
      return { head: 0, waiting: 0, refusal: "storage-unavailable" };
    }
  },
  page({ tag, after, subscription, now }) {
    try {
      return store.mailboxes.page(tag, after, subscription, now);
    } catch (error) {
      failed(error);
      return { frames: [], last: after, caughtUp: false, refusal: "storage-unavailable" };
    }
  },
  sweep({ now }) {
    try {
      const moreMail = store.mailboxes.sweep(now);
      const moreAnchors = store.anchors.sweep(now);
      const moreOrders = store.orders.sweep(now);
      if (now - cleanedAt > CLEAN_MS) {
        cleanedAt = now;
        removeOldDamaged(settings.folder, now);
      }
      store.db.exec("PRAGMA incremental_vacuum(512)");
      return { more: moreMail || moreAnchors || moreOrders };
    } catch (error) {
      failed(error);
      return { more: false };
    }
  },
  addLeaves: ({ leaves, now }) => store.anchors.addLeaves(leaves, now),
  anchoredLeaf: ({ leaf }) => store.anchors.anchoredLeaf(leaf),
  unfinished: () => store.anchors.unfinished(),
  openBatch: (batch) => void store.anchors.openBatch(batch),
  closeBatch: ({ batch, place, proofs }) => void store.anchors.closeBatch(batch, place, proofs),
  byTag: ({ tag, limit }) => store.anchors.byTag(tag, limit),
  appendOrders({ orders, now }) {
    const results = store.orders.append(orders, now);
    // A leaf that was there already says nothing about the disk.
    if (results.some((result) => "own" in result && result.own.storedAt >= now)) worked();
    return results;
  },
  orderLog: ({ tag }) => store.orders.log(tag),
  orderEntry: ({ tag, position }) => store.orders.entry(tag, position),
  close() {
    store.db.close();
    markClean(settings.folder);
  },
};

function buffersOf({ records, receipts }: CommitResult): ArrayBuffer[] {
  return [records.buffer as ArrayBuffer, receipts.frames.buffer as ArrayBuffer];
}

port.on("message", (question: Question) => {
  try {
    const answer = answers[question.name] as (query: unknown) => unknown;
    const value = answer(question.query);
    // The batch goes back without a copy.
    const transfer = question.name === "commit" ? buffersOf(value as CommitResult) : [];
    port.postMessage({ id: question.id, value } satisfies Answer, transfer);
  } catch (error) {
    failed(error);
    port.postMessage({
      id: question.id,
      error: isFull(error) ? "full" : "failed",
    } satisfies Answer);
  }
  if (question.name === "close") port.close();
});
