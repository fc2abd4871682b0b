import { Worker } from "node:worker_threads";
import type { AnchorStore, MailboxStore, OrderStore } from "../core/ports.ts";
import type { Answer, QuestionName, Questions, StorageState, WorkerSettings } from "./messages.ts";

/** The relay's durable state, in its own thread. */
export interface Storage extends MailboxStore, AnchorStore, OrderStore {
  /** Deletes what is out of date; true when there may be more. */
  sweep(now: number): Promise<boolean>;
  state(): StorageState;
  close(): Promise<void>;
}

/** The store could not be written or read; `full` when the disk or the configured size is exhausted. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly reason: "full" | "failed" | "stopped";
  constructor(reason: "full" | "failed" | "stopped") {
    super(`storage ${reason}`);
    this.reason = reason;
  }
}

type Waiting = (value: unknown, error: StorageError | undefined) => void;

/**
 * Starts the storage thread and waits until the database is open.
 * @param onState told whenever the store's health changes
 * @param onLost told when the thread ends unasked: nothing can be stored or read any more
 * @throws StorageError when the database cannot be opened at all
 */
export async function openStorage(
  settings: WorkerSettings,
  onState: (state: StorageState) => void,
  onLost: () => void,
): Promise<Storage> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: settings });
  const waiting = new Map<number, Waiting>();
  let state: StorageState = { writable: true };
  let lastId = 0;
  let stopped = false;
  let closing = false;
  let opened = false;

  worker.on("message", (answer: Answer) => {
    if ("state" in answer) {
      state = answer.state;
      onState(state);
      return;
    }
    const done = waiting.get(answer.id);
    waiting.delete(answer.id);
    done?.("value" in answer ? answer.value : undefined, answer.error ? new StorageError(answer.error) : undefined);
  });
  const stop = () => {
    if (!stopped && !closing && opened) queueMicrotask(onLost);
    stopped = true;
    if (state.writable && !closing) {
      state = { ...state, writable: false };
      onState(state);
    }
    for (const done of waiting.values()) done(undefined, new StorageError("stopped"));
    waiting.clear();
  };
  worker.on("error", stop);
  worker.on("exit", stop);

  function post<N extends QuestionName>(
    name: N,
    query: Questions[N][0],
    done: Waiting,
    transfer: ArrayBuffer[] = [],
  ): void {
    if (stopped) {
      done(undefined, new StorageError("stopped"));
      return;
    }
    const id = ++lastId;
    waiting.set(id, done);
    worker.postMessage({ id, name, query }, transfer);
  }
  function ask<N extends QuestionName>(name: N, query: Questions[N][0]): Promise<Questions[N][1]> {
    return new Promise((resolve, reject) => {
      post(name, query, (value, error) => (error ? reject(error) : resolve(value as Questions[N][1])));
    });
  }

  await ask("unfinished", undefined);
  opened = true;

  return {
    commit(command, done) {
      const { count } = command;
      const transfer = [command.records.buffer as ArrayBuffer];
      post(
        "commit",
        command,
        (value, error) => {
          if (!error) return done(value as Questions["commit"][1]);
          const refusals = new Array(count).fill("storage-unavailable");
          const empty = { records: new Uint8Array(0), storedAt: 0, seqs: new Float64Array(count) };
          done({ ...empty, receipts: { frames: new Uint8Array(0), ends: new Uint32Array(0) }, refusals });
        },
        transfer,
      );
    },
    openReader(query, done) {
      post("openReader", query, (value, error) =>
        done(error ? { head: 0, waiting: 0, refusal: "storage-unavailable" } : (value as Questions["openReader"][1])),
      );
    },
    page(query, done) {
      post("page", query, (value, error) =>
        done(
          error
            ? { frames: [], last: query.after, caughtUp: false, refusal: "storage-unavailable" }
            : (value as Questions["page"][1]),
        ),
      );
    },
    sweep: async (now) => (await ask("sweep", { now })).more,
    addLeaves: (leaves, now) => ask("addLeaves", { leaves, now }),
    anchoredLeaf: (leaf) => ask("anchoredLeaf", { leaf }),
    unfinished: () => ask("unfinished", undefined),
    openBatch: (batch) => ask("openBatch", batch),
    closeBatch: (batch, place, proofs) => ask("closeBatch", { batch, place, proofs }),
    byTag: (tag, limit) => ask("byTag", { tag, limit }),
    appendOrders: (orders, now) => ask("appendOrders", { orders, now }),
    orderLog: (tag) => ask("orderLog", { tag }),
    orderEntry: (tag, position) => ask("orderEntry", { tag, position }),
    state: () => state,
    async close() {
      if (stopped) return;
      closing = true;
      await ask("close", undefined);
      await worker.terminate();
    },
  };
}
