import { asSkrumbleError, SkrumbleError } from "../errors/index.ts";
import {
  chooseRelays,
  fromHex,
  isPaddingClass,
  MAX_TTL_SECONDS,
  MIN_TTL_SECONDS,
  mailboxTag,
} from "../protocol/index.ts";
import type { PublicId } from "../types/primitives.ts";
import { anchorAtAny, queryAnchors } from "./anchorRequests.ts";
import { askingError } from "./askingError.ts";
import { backoffMs, pause } from "./backoff.ts";
import { depositAtAll, forwardAtAll } from "./deposit.ts";
import { LineError } from "./line.ts";
import { createAnonymousLines, type LineWatcher } from "./lines.ts";
import { createInbox, readMailbox } from "./mailbox.ts";
import { orderAt, orderLogAt } from "./orderRequests.ts";
import { dropStoredAt, readStoredAt } from "./readStored.ts";
import { createStatusBoard } from "./statusBoard.ts";
import { turnServers } from "./turnServers.ts";
import type { RelayClock, RelayInfo, RelayPool, RelayPoolLimits, RelayPoolOptions, Subscription } from "./types.ts";

export const RELAY_POOL_LIMITS: RelayPoolLimits = {
  connectTimeout: 8_000,
  requestTimeout: 10_000,
  depositTimeout: 15_000,
  anchorTimeout: 120_000,
  backoffMin: 500,
  backoffMax: 30_000,
  idleClose: 60_000,
  pingInterval: 25_000,
  directoryRefresh: 300_000,
  directoryPause: 30_000,
};

const ROLE_MAILBOX = 1;
const ROLE_ANCHOR = 2;
const ROLE_TURN = 4;

const systemClock: RelayClock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/**
 * Makes the pool. Nothing is connected until it is needed.
 * @example
 * const pool = createRelayPool({ directory: () => readRelays(chain) });
 * await pool.deposit(publicId, sealed, { ttlSeconds: 86_400 });
 */
export function createRelayPool(options: RelayPoolOptions): RelayPool {
  const limits = { ...RELAY_POOL_LIMITS, ...options.limits };
  const clock = options.clock ?? systemClock;
  const random = options.random ?? ((length) => crypto.getRandomValues(new Uint8Array(length)));
  const onLie = () => readSoon();
  const base = { webSocket: options.webSocket ?? globalThis.WebSocket, clock, random, limits, onLie };
  const closer = new AbortController();
  const board = createStatusBoard();
  const lines = createAnonymousLines(base, board.watcher);
  const latest = (relay: RelayInfo) => directory?.find(({ id }) => id === relay.id) ?? relay;
  const lost = new Set<number>();
  const watcher: LineWatcher = {
    ...board.watcher,
    state(relay, key, state) {
      board.watcher.state(relay, key, state);
      if (state === "offline") lost.add(relay.id);
      // Who was away may have missed that relays came, went or moved.
      else if (state === "online" && lost.delete(relay.id)) readSoon();
    },
  };
  const deps = { ...base, lines, closing: closer.signal, watcher, latest };
  const owners = new Set<() => void>();
  let directory: RelayInfo[] | undefined;
  let reading: Promise<void> | undefined;
  let readAt = 0;
  let timer: unknown;

  async function readDirectory(): Promise<void> {
    try {
      directory = await options.directory();
    } catch (error) {
      if (!directory) throw asSkrumbleError(error, "NETWORK_UNREACHABLE");
    }
    readAt = clock.now();
    // With jitter, so that clients that started together do not ask together.
    readAgainIn(limits.directoryRefresh * (0.5 + (random(1)[0] as number) / 510));
    for (const update of owners) update();
  }

  function refresh(): Promise<void> {
    reading ??= readDirectory().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  function readAgainIn(ms: number): void {
    clock.clearTimeout(timer);
    if (closer.signal.aborted) return;
    timer = clock.setTimeout(() => void refresh().catch(() => undefined), ms);
    // A program must not stay alive for this alone.
    if (timer instanceof Object && "unref" in timer && typeof timer.unref === "function") timer.unref();
  }

  function readSoon(): void {
    if (directory && !reading) readAgainIn(Math.max(0, readAt + limits.directoryPause - clock.now()));
  }

  async function known(): Promise<RelayInfo[]> {
    if (closer.signal.aborted) throw new SkrumbleError("CLIENT_CLOSED");
    if (!directory) await refresh();
    return directory ?? [];
  }

  function mailboxRelays(publicId: PublicId): RelayInfo[] {
    const able = (directory ?? []).filter((relay) => (relay.roles & ROLE_MAILBOX) !== 0);
    return chooseRelays(able, publicKeyOf(publicId));
  }

  const stoppedBy = (signal: AbortSignal | undefined) =>
    signal ? AbortSignal.any([closer.signal, signal]) : closer.signal;

  /** Relays with a role, in random order, so that no relay gets everything. Those that are online come first. */
  async function withRole(role: number): Promise<RelayInfo[]> {
    const online = new Set(board.status().flatMap(({ id, state }) => (state === "online" ? [id] : [])));
    const able = (await known()).filter((relay) => (relay.roles & role) !== 0);
    const keyed = able.map((relay) => ({ relay, key: (online.has(relay.id) ? 0 : 256) + (random(1)[0] as number) }));
    return keyed.sort((a, b) => a.key - b.key).map(({ relay }) => relay);
  }

  async function relayOf(relayId: number): Promise<RelayInfo> {
    const relay = (await known()).find(({ id }) => id === relayId);
    if (!relay) throw new SkrumbleError("RELAY_NONE");
    return relay;
  }

  return {
    refresh,
    relaysFor: mailboxRelays,
    relay: (relayId) => directory?.find(({ id }) => id === relayId),

    async deposit(to, payload, depositOptions) {
      const { ttlSeconds, ephemeral } = depositOptions;
      if (!isPaddingClass(payload.length)) throw new SkrumbleError("INPUT_INVALID", { details: "payload size" });
      if (!Number.isInteger(ttlSeconds) || ttlSeconds < MIN_TTL_SECONDS || ttlSeconds > MAX_TTL_SECONDS) {
        throw new SkrumbleError("INPUT_INVALID", { details: "ttlSeconds" });
      }
      const tag = mailboxTag(publicKeyOf(to));
      await known();
      if (depositOptions.signal?.aborted) throw new SkrumbleError("ABORTED", { cause: depositOptions.signal.reason });
      const relays = mailboxRelays(to);
      if (relays.length === 0) throw new SkrumbleError("RELAY_NONE");
      // The caller may go on using its buffer while retries are under way.
      const deposit = ephemeral ? forwardAtAll : depositAtAll;
      return deposit(relays, tag, payload.slice(), depositOptions, deps);
    },

    own(owner, onPayload): Subscription {
      publicKeyOf(owner.publicId);
      const stop = new AbortController();
      const stopped = AbortSignal.any([stop.signal, closer.signal]);
      const take = createInbox(onPayload);
      const readers = new Map<number, Promise<void>>();
      const { promise: ready, resolve: onReady } = Promise.withResolvers<void>();

      // A relay that leaves the best three is read on: others may still deposit there after an older directory.
      function update(): void {
        if (stopped.aborted) return;
        for (const relay of mailboxRelays(owner.publicId)) {
          if (readers.has(relay.id)) continue;
          board.carriesMine(relay);
          readers.set(
            relay.id,
            readMailbox(() => latest(relay), owner, take, deps, stopped, onReady),
          );
        }
      }

      async function begin(): Promise<void> {
        for (let round = 0; !stopped.aborted && !directory; round++) {
          await refresh().catch(() => undefined);
          if (!directory) await pause(backoffMs(round, base), clock, stopped);
        }
        update();
      }

      owners.add(update);
      const begun = begin();
      return {
        ready,
        async close() {
          owners.delete(update);
          stop.abort();
          await begun;
          await Promise.all(readers.values());
        },
      };
    },

    async readStored(owner, onPayload, { signal } = {}) {
      await known();
      const relays = mailboxRelays(owner.publicId);
      if (relays.length === 0) throw new SkrumbleError("RELAY_NONE");
      const stopped = stoppedBy(signal);
      const failures: LineError["reason"][] = [];
      const read = async (relay: RelayInfo) => {
        try {
          await readStoredAt(latest(relay), owner, onPayload, base, stopped);
          return [relay.id];
        } catch (error) {
          failures.push(error instanceof LineError ? error.reason : "unreachable");
          return [];
        }
      };
      const ids = (await Promise.all(relays.map(read))).flat();
      if (stopped.aborted || ids.length === 0) throw askingError(failures, signal, closer.signal);
      return ids;
    },

    async dropStored(owner, upTo, { signal } = {}) {
      await known();
      const stopped = stoppedBy(signal);
      const drop = async (relay: RelayInfo) => {
        const seq = upTo.get(relay.id);
        if (seq) await dropStoredAt(latest(relay), owner, seq, base, stopped).catch(() => undefined);
      };
      await Promise.all(mailboxRelays(owner.publicId).map(drop));
      if (stopped.aborted) throw askingError([], signal, closer.signal);
    },

    async anchor(leaf, anchorOptions) {
      if (leaf.length !== 96) throw new SkrumbleError("INPUT_INVALID", { details: "leaf size" });
      const relays = await withRole(ROLE_ANCHOR);
      if (relays.length === 0) throw new SkrumbleError("RELAY_NONE");
      return anchorAtAny(relays, leaf.slice(), deps, anchorOptions?.signal);
    },

    async queryAnchor(tag) {
      if (tag.length !== 32) throw new SkrumbleError("INPUT_INVALID", { details: "tag size" });
      const relays = await withRole(ROLE_ANCHOR);
      if (relays.length === 0) throw new SkrumbleError("RELAY_NONE");
      return queryAnchors(relays, tag.slice(), deps);
    },

    async order(relayId, leaf, body, orderOptions) {
      if (leaf.length !== 96) throw new SkrumbleError("INPUT_INVALID", { details: "leaf size" });
      if (!isPaddingClass(body.length)) throw new SkrumbleError("INPUT_INVALID", { details: "body size" });
      return orderAt(await relayOf(relayId), leaf.slice(), body.slice(), deps, orderOptions?.signal);
    },

    async orderLog(relayId, tag, orderOptions) {
      if (tag.length !== 32) throw new SkrumbleError("INPUT_INVALID", { details: "tag size" });
      return orderLogAt(await relayOf(relayId), tag.slice(), deps, orderOptions?.signal);
    },

    turn: async () => turnServers(await withRole(ROLE_TURN), lines),
    status: board.status,
    on: (_event, listener) => board.on(listener),

    async close() {
      closer.abort();
      clock.clearTimeout(timer);
      lines.close();
      board.clear();
    },
  };
}

function publicKeyOf(publicId: PublicId): Uint8Array {
  try {
    return fromHex(publicId, 32);
  } catch {
    throw new SkrumbleError("INPUT_INVALID", { details: "publicId" });
  }
}
