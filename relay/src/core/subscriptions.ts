import { MAX_SUBSCRIPTIONS_PER_CONNECTION, MESSAGE, PROTOCOL_VERSION } from "@skrumble/sdk/protocol";
import { type Connection, reply, replyError, tagKey } from "./connection.ts";
import type { CorkedPeers } from "./corkedPeers.ts";
import { type AckCommand, type Clock, type MailboxStore, ROOM } from "./ports.ts";

/** A device that is connected counts as seen, whether or not there is anything to acknowledge. */
const PRESENT_MS = 12 * 60 * 60 * 1000;
const PRESENT_PER_TICK = 50;
const ROOM_BYTES = Buffer.alloc(ROOM);

/** One device reading one mailbox over one connection. */
export interface Subscription {
  readonly id: number;
  readonly connection: Connection;
  readonly tag: Uint8Array;
  readonly key: string;
  readonly reader: Uint8Array;
  /** Seq of the newest message sent. */
  cursor: number;
  /** live: gets what is committed. reading: catches up from the store. paused: its network is full. */
  mode: "reading" | "live" | "paused";
  pausedAt: number;
  /** Newest acknowledged seq that was handed to the store. */
  acked: number;
}

export interface SubscriptionLimits {
  /** Above this many unsent bytes a reader gets nothing more for now. */
  pauseBytes: number;
  /** A reader paused for so long without taking anything is disconnected. */
  slowReaderMs: number;
}

export interface SubscriptionDeps {
  clock: Clock;
  store: MailboxStore;
  limits: SubscriptionLimits;
  /** Queues an acknowledgement for the next commit. */
  acknowledge(ack: AckCommand): void;
  /** Disconnects with a typed error. */
  expel(connection: Connection, code: "slow-reader"): void;
}

/** Who reads which mailbox, and how what is stored gets there. */
export function createSubscriptions(deps: SubscriptionDeps) {
  const byTag = new Map<string, Subscription[]>();
  const paused = new Map<Subscription, number>();
  let live = 0;
  /** Who is still to be reported as present in this round. */
  let present: Iterator<Subscription[]> | undefined;
  let nextRoundAt = deps.clock.now() + PRESENT_MS;

  function remove(subscription: Subscription): void {
    const list = byTag.get(subscription.key);
    const at = list ? list.indexOf(subscription) : -1;
    if (!list || at < 0) return;
    live--;
    paused.delete(subscription);
    subscription.connection.subscriptions?.delete(subscription.id);
    if (list.length === 1) byTag.delete(subscription.key);
    else list.splice(at, 1);
  }

  function isGone(subscription: Subscription): boolean {
    return (
      subscription.connection.closed || subscription.connection.subscriptions?.get(subscription.id) !== subscription
    );
  }

  function pause(subscription: Subscription): void {
    subscription.mode = "paused";
    subscription.pausedAt = deps.clock.now();
    paused.set(subscription, subscription.connection.peer.buffered());
  }

  function read(subscription: Subscription): void {
    subscription.mode = "reading";
    const { tag, id, cursor } = subscription;
    deps.store.page({ tag, after: cursor, subscription: id, now: deps.clock.now() }, (page) => {
      if (isGone(subscription)) return;
      if (page.refusal) {
        // Tried again by the next tick.
        pause(subscription);
        return;
      }
      for (const frame of page.frames) subscription.connection.peer.send(frame);
      subscription.cursor = page.last;
      if (subscription.connection.peer.buffered() > deps.limits.pauseBytes) pause(subscription);
      else if (page.caughtUp) subscription.mode = "live";
      else read(subscription);
    });
  }

  /** A few mailboxes each time: a store is not to be asked about all of them at once. */
  function reportPresent(now: number): void {
    if (!present && now < nextRoundAt) return;
    present ??= byTag.values();
    for (let i = 0; i < PRESENT_PER_TICK; i++) {
      const next = present.next();
      if (next.done) {
        present = undefined;
        nextRoundAt = now + PRESENT_MS;
        return;
      }
      for (const { tag, reader } of next.value) deps.acknowledge({ tag, reader, upTo: 0 });
    }
  }

  return {
    open(connection: Connection, request: { reqId: number; tag: Uint8Array; reader: Uint8Array; after: bigint }) {
      const { reqId } = request;
      // Copies, not views: what is kept or sent to the store must not hold the network's read buffer.
      const tag = new Uint8Array(request.tag);
      const reader = new Uint8Array(request.reader);
      const key = tagKey(tag);
      connection.subscriptions ??= new Map();
      const isNew = !connection.subscriptions.has(reqId);
      if (!connection.owned?.has(key)) return replyError(connection, reqId, "not-owner");
      if (!isNew || connection.subscriptions.size >= MAX_SUBSCRIPTIONS_PER_CONNECTION) {
        return replyError(connection, reqId, "too-many-subscriptions");
      }
      const after = request.after > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(request.after);
      const subscription: Subscription = {
        ...{ id: reqId, connection, tag, key, reader },
        ...{ cursor: after, mode: "reading", pausedAt: 0, acked: 0 },
      };
      connection.subscriptions.set(reqId, subscription);
      const list = byTag.get(key) ?? [];
      // A device that comes back takes over from the line it lost.
      for (const other of [...list]) if (Buffer.compare(other.reader, reader) === 0) remove(other);
      byTag.set(key, [...(byTag.get(key) ?? []), subscription]);
      live++;
      deps.store.openReader({ tag, reader, after, now: deps.clock.now() }, ({ head, waiting, refusal }) => {
        if (isGone(subscription)) return;
        if (refusal) {
          remove(subscription);
          return replyError(connection, reqId, refusal, refusal === "storage-unavailable" ? 1000 : 0);
        }
        reply(connection, { frame: "subscribed", reqId, head: BigInt(head), waiting });
        read(subscription);
      });
    },

    acknowledge(connection: Connection, frame: { subscription: number; upTo: bigint }) {
      const subscription = connection.subscriptions?.get(frame.subscription);
      if (!subscription) return replyError(connection, frame.subscription, "not-owner");
      // Nobody can be done with what was not sent yet.
      const upTo = Math.min(subscription.cursor, Number(frame.upTo));
      if (upTo <= subscription.acked) return;
      subscription.acked = upTo;
      deps.acknowledge({ tag: subscription.tag, reader: subscription.reader, upTo });
    },

    has: (key: string) => byTag.has(key),

    /**
     * Hands a payload to whoever listens now. The buffer ends with the payload and has ROOM and a message header's length
     * before it, all of which belongs to this function: the last reader gets these very bytes, the others copies.
     * @param seq 0 for an ephemeral payload
     * @param corked peers whose frames go out together with others of the same commit
     * @returns how many got it
     */
    forward(
      key: string,
      buffer: Buffer,
      payloadAt: number,
      seq: number,
      storedAt: number,
      corked?: CorkedPeers,
    ): number {
      const list = byTag.get(key);
      if (!list) return 0;
      const headAt = payloadAt - MESSAGE.payload;
      let sent = 0;
      for (let i = 0; i < list.length; i++) {
        const subscription = list[i] as Subscription;
        if (seq !== 0 && (subscription.mode !== "live" || subscription.cursor >= seq)) continue;
        const { peer } = subscription.connection;
        corked?.add(peer);
        const buffered = peer.buffered();
        if (buffered > deps.limits.pauseBytes) {
          if (seq !== 0) pause(subscription);
          continue;
        }
        writeHead(buffer, headAt, subscription.id, seq, storedAt);
        if (seq !== 0) subscription.cursor = seq;
        // A copy also where the network is behind: bytes that wait there must not hold a whole batch in memory.
        if (i === list.length - 1 && buffered === 0) peer.sendInPlace(buffer, headAt);
        else peer.sendInPlace(Buffer.concat([ROOM_BYTES, buffer.subarray(headAt)]), ROOM);
        sent++;
      }
      return sent;
    },

    drop(connection: Connection): void {
      for (const subscription of [...(connection.subscriptions?.values() ?? [])]) remove(subscription);
    },

    /** Lets paused readers go on, and lets go of those that take nothing. */
    tick(): void {
      const now = deps.clock.now();
      reportPresent(now);
      for (const [subscription, before] of [...paused]) {
        const buffered = subscription.connection.peer.buffered();
        if (buffered <= deps.limits.pauseBytes / 2) {
          paused.delete(subscription);
          read(subscription);
        } else if (buffered < before) {
          paused.set(subscription, buffered);
          subscription.pausedAt = now;
        } else if (now - subscription.pausedAt > deps.limits.slowReaderMs)
          deps.expel(subscription.connection, "slow-reader");
      }
    },

    count: () => live,
    pausedCount: () => paused.size,
  };
}

export type Subscriptions = ReturnType<typeof createSubscriptions>;

function writeHead(buffer: Buffer, at: number, id: number, seq: number, storedAt: number): void {
  buffer[at] = PROTOCOL_VERSION;
  buffer[at + 1] = MESSAGE.type;
  buffer.writeUInt32BE(id, at + MESSAGE.subscription);
  buffer.writeUInt32BE(Math.floor(seq / 0x1_0000_0000), at + MESSAGE.seq);
  buffer.writeUInt32BE(seq % 0x1_0000_0000, at + MESSAGE.seq + 4);
  buffer.writeUInt32BE(Math.floor(storedAt / 0x1_0000_0000), at + MESSAGE.storedAt);
  buffer.writeUInt32BE(storedAt % 0x1_0000_0000, at + MESSAGE.storedAt + 4);
}
