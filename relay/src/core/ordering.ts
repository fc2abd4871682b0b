import { type Connection, reply, replyError } from "./connection.ts";
import type { Clock, NewOrder, OrderStore } from "./ports.ts";

const RETRY_MS = 1_000;

export interface OrderingLimits {
  /** Bytes of bodies that may wait for the disk before leaves are turned away. */
  queueBytes: number;
  /** Whoever leaves so many bytes of answers unread is disconnected. */
  unreadBytes: number;
}

export interface OrderingDeps {
  clock: Clock;
  store: OrderStore;
  limits: OrderingLimits;
  expel(connection: Connection, code: "slow-reader"): void;
}

interface Waiting extends NewOrder {
  connection: Connection;
  reqId: number;
}

/**
 * Keeps the order in which leaves of one tag arrived. What arrives while the disk writes goes into the next transaction, and
 * nobody is told of a place before it is durable.
 */
export function createOrdering(deps: OrderingDeps) {
  const { limits, store } = deps;
  const counters = { ordered: 0 };
  let waiting: Waiting[] = [];
  let bytes = 0;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const orders = batch.map(({ leaf, body }) => ({ leaf, body }));
      const results = await store.appendOrders(orders, deps.clock.now()).catch(() => undefined);
      for (const [index, { connection, reqId, body }] of batch.entries()) {
        bytes -= body.length;
        const result = results?.[index] ?? { refusal: "storage-unavailable" as const };
        if ("refusal" in result) {
          replyError(connection, reqId, result.refusal, result.refusal === "storage-unavailable" ? RETRY_MS : 0);
          continue;
        }
        counters.ordered++;
        reply(connection, { frame: "ordered", reqId, ...result });
      }
    }
    writing = undefined;
  }

  /** Answers with what the store says, or that it says nothing. */
  async function answer(connection: Connection, reqId: number, work: () => Promise<void>): Promise<void> {
    if (connection.peer.buffered() > limits.unreadBytes) return deps.expel(connection, "slow-reader");
    try {
      await work();
    } catch {
      replyError(connection, reqId, "storage-unavailable", RETRY_MS);
    }
  }

  return {
    append(connection: Connection, reqId: number, order: NewOrder) {
      if (bytes + order.body.length > limits.queueBytes) return replyError(connection, reqId, "rate-limited", 250);
      // Copies: what was received are views of a whole frame, and the store is another thread.
      waiting.push({ connection, reqId, leaf: new Uint8Array(order.leaf), body: new Uint8Array(order.body) });
      bytes += order.body.length;
      writing ??= Promise.resolve().then(write);
    },

    log: (connection: Connection, reqId: number, tag: Uint8Array): Promise<void> =>
      answer(connection, reqId, async () => {
        const entries = await store.orderLog(new Uint8Array(tag));
        reply(connection, { frame: "orderLog", reqId, entries });
      }),

    entry: (connection: Connection, reqId: number, tag: Uint8Array, position: number): Promise<void> =>
      answer(connection, reqId, async () => {
        const entry = await store.orderEntry(new Uint8Array(tag), position);
        if (entry) reply(connection, { frame: "orderEntry", reqId, ...entry });
        else replyError(connection, reqId, "order-unknown");
      }),

    /** Resolves when everything taken so far is on disk and told about. */
    settled: async (): Promise<void> => writing,

    counters,
  };
}

export type Ordering = ReturnType<typeof createOrdering>;
