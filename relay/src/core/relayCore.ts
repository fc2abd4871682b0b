import {
  DEPOSIT,
  decodeFrame,
  FEATURE_ANCHOR,
  FEATURE_ORDER,
  FEATURE_TURN,
  type Frame,
  ProtocolError,
} from "@skrumble/sdk/protocol";
import type { AddressLimits, Allowance } from "./addressLimits.ts";
import type { Anchoring } from "./anchoring.ts";
import { type Connection, reply, replyError } from "./connection.ts";
import { createDeposits } from "./deposits.ts";
import type { RelayLimits } from "./limits.ts";
import { createOrdering } from "./ordering.ts";
import { proveOwnership } from "./ownership.ts";
import type { Clock, Crypto, MailboxStore, OrderStore, Peer } from "./ports.ts";
import { createSubscriptions } from "./subscriptions.ts";
import { createTokenBucket, takeTokens } from "./tokenBucket.ts";
import { type TurnSettings, turnCredentials } from "./turnCredentials.ts";

export interface RelayCoreDeps {
  clock: Clock;
  crypto: Crypto;
  store: MailboxStore & OrderStore;
  /** Undefined for a relay without a chain. */
  anchoring: Anchoring | undefined;
  /** Number in the registry, 0 while it is not registered. */
  relayId(): number;
  /** Ed25519 public key that signs receipts. */
  relayKey: Uint8Array;
  turn: TurnSettings | undefined;
  limits: RelayLimits;
  addresses: AddressLimits;
  soon(run: () => void): void;
}

/** WebSocket close codes (RFC 6455, 7.4). */
const POLICY = 1008;
const RESTART = 1012;

/** The relay without its sockets, disk and chain: frames in, frames out. */
export function createRelayCore(deps: RelayCoreDeps) {
  const { clock, limits } = deps;
  const { rates } = deps.addresses;
  const connections = new Set<Connection>();
  const counters = { frames: 0, bytes: 0, rejected: 0, rateLimited: 0, expelled: 0 };

  function expel(connection: Connection, code: "slow-reader" | "rate-limited" | "malformed"): void {
    if (connection.closed) return;
    counters.expelled++;
    replyError(connection, 0, code);
    close(connection);
    connection.peer.close(POLICY, code);
  }

  function close(connection: Connection): void {
    if (connection.closed) return;
    connection.closed = true;
    connections.delete(connection);
    subscriptions.drop(connection);
  }

  const deposits = createDeposits({ ...deps, limits: limits.deposits, expel, subscriptions: () => subscriptions });
  const ordering = createOrdering({ ...deps, limits: limits.ordering, expel });
  const subscriptions = createSubscriptions({
    ...deps,
    limits: limits.subscriptions,
    expel,
    acknowledge: deposits.acknowledge,
  });

  /** Returns false when the frame was one too many. */
  function admit(connection: Connection, length: number, cost: number, reqId: number): boolean {
    const now = clock.now();
    const wait =
      takeTokens(connection.frames, limits.frames, cost, now) ||
      takeTokens(connection.bytes, limits.bytes, length, now) ||
      takeTokens(connection.shared.frames, rates.frames, cost, now) ||
      takeTokens(connection.shared.bytes, rates.bytes, length, now);
    if (wait === 0) return true;
    counters.rateLimited++;
    strike(connection, reqId, "rate-limited", wait);
    return false;
  }

  function strike(connection: Connection, reqId: number, code: ProtocolError["code"], wait = 0): void {
    // Whoever goes on regardless is not a client that needs to be told.
    if (++connection.strikes > limits.strikes)
      expel(connection, code === "rate-limited" ? "rate-limited" : "malformed");
    else replyError(connection, reqId, code, wait);
  }

  function takesRole(connection: Connection, reqId: number, role: "owner" | "anonymous"): boolean {
    if (connection.role === "unused") connection.role = role;
    if (connection.role === role) return true;
    strike(connection, reqId, "mixed-connection");
    return false;
  }

  function receive(connection: Connection, frame: Buffer): void {
    if (connection.closed) return;
    counters.frames++;
    counters.bytes += frame.length;
    if (frame.length >= DEPOSIT.payload && frame[0] === 1 && frame[1] === DEPOSIT.type) {
      const reqId = frame.readUInt32BE(DEPOSIT.reqId);
      if (admit(connection, frame.length, 1, reqId) && takesRole(connection, reqId, "anonymous")) {
        deposits.take(connection, frame);
      }
      return;
    }
    let decoded: Frame;
    try {
      decoded = decodeFrame(frame);
    } catch (error) {
      counters.rejected++;
      strike(connection, 0, error instanceof ProtocolError ? error.code : "malformed");
      return;
    }
    if (admit(connection, frame.length, limits.cost[decoded.frame] ?? 1, "reqId" in decoded ? decoded.reqId : 0)) {
      handle(connection, decoded);
    }
  }

  function handle(connection: Connection, frame: Frame) {
    switch (frame.frame) {
      case "own":
        if (takesRole(connection, frame.reqId, "owner")) proveOwnership(connection, frame, deps.relayKey, deps.crypto);
        return;
      case "subscribe":
        if (takesRole(connection, frame.reqId, "owner")) subscriptions.open(connection, frame);
        return;
      case "ack":
        return subscriptions.acknowledge(connection, frame);
      case "anchor":
      case "anchorQuery":
        if (!takesRole(connection, frame.reqId, "anonymous")) return;
        if (!deps.anchoring) return replyError(connection, frame.reqId, "anchor-unavailable");
        if (frame.frame === "anchor") void deps.anchoring.anchor(connection, frame.reqId, frame.leaf);
        else void deps.anchoring.query(connection, frame.reqId, frame.tag);
        return;
      case "order":
        if (takesRole(connection, frame.reqId, "anonymous")) ordering.append(connection, frame.reqId, frame);
        return;
      case "orderQuery":
        if (takesRole(connection, frame.reqId, "anonymous")) void ordering.log(connection, frame.reqId, frame.tag);
        return;
      case "orderFetch":
        if (takesRole(connection, frame.reqId, "anonymous"))
          void ordering.entry(connection, frame.reqId, frame.tag, frame.position);
        return;
      case "turn":
        if (!deps.turn) return replyError(connection, frame.reqId, "turn-unavailable");
        reply(connection, {
          frame: "turnCredentials",
          reqId: frame.reqId,
          ...turnCredentials(deps.turn, clock.now(), deps.crypto),
        });
        return;
      case "ping":
        return reply(connection, { frame: "pong", reqId: frame.reqId });
      default:
        // A frame only relays send.
        counters.rejected++;
        strike(connection, 0, "unknown-type");
    }
  }

  return {
    /** A new connection; the greeting is sent at once. `shared` is what its address may use. */
    connect(peer: Peer, shared: Allowance) {
      const now = clock.now();
      const connection: Connection = {
        ...{ peer, challenge: deps.crypto.random(32), role: "unused", owned: undefined, subscriptions: undefined },
        ...{ frames: createTokenBucket(limits.frames, now), bytes: createTokenBucket(limits.bytes, now) },
        ...{ shared, strikes: 0, closed: false },
      };
      connections.add(connection);
      const features = FEATURE_ORDER | (deps.anchoring ? FEATURE_ANCHOR : 0) | (deps.turn ? FEATURE_TURN : 0);
      const { challenge } = connection;
      reply(connection, {
        frame: "greeting",
        relayKey: deps.relayKey,
        challenge,
        now,
        relayId: deps.relayId(),
        features,
      });
      return {
        /** One WebSocket message. The bytes belong to the core from here on. */
        receive: (frame: Buffer) => receive(connection, frame),
        closed: () => close(connection),
      };
    },

    /** To be called a few times a second. */
    tick: () => subscriptions.tick(),

    /** Finishes what was taken, then says goodbye to everybody. */
    async stop(): Promise<void> {
      deps.anchoring?.stop();
      await Promise.all([deposits.settled(), ordering.settled()]);
      for (const connection of [...connections]) {
        replyError(connection, 0, "shutting-down", 1000);
        close(connection);
        connection.peer.close(RESTART, "shutting-down");
      }
    },

    stats: () => ({
      ...counters,
      ...deposits.counters,
      ...ordering.counters,
      connections: connections.size,
      subscriptions: subscriptions.count(),
      paused: subscriptions.pausedCount(),
      anchorsPending: deps.anchoring?.pending() ?? 0,
      anchored: deps.anchoring?.counters.anchored ?? 0,
      anchorBatches: deps.anchoring?.counters.batches ?? 0,
    }),
  };
}

export type RelayCore = ReturnType<typeof createRelayCore>;
