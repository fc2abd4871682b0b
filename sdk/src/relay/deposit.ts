import { sha256 } from "@noble/hashes/sha2.js";
import { DEPOSIT_EPHEMERAL, type Frame, type FrameOf } from "../protocol/index.ts";
import { askingError } from "./askingError.ts";
import { type BackoffDeps, backoffMs, pause } from "./backoff.ts";
import { type LineDeps, LineError } from "./line.ts";
import type { AnonymousLines } from "./lines.ts";
import type { DepositOptions, RelayInfo, StorageReceipt } from "./types.ts";
import { verifyReceipt } from "./verifyReceipt.ts";

export interface DepositDeps extends LineDeps, BackoffDeps {
  lines: AnonymousLines;
  /** The newest that is known of a relay, which may move while a deposit waits for it. */
  latest(relay: RelayInfo): RelayInfo;
  /** Aborts when the pool closes. */
  closing: AbortSignal;
}

/** Refusals that the same deposit would meet again at the same relay. */
const FINAL = new Set<LineError["reason"]>(["bad-payload-size", "bad-ttl", "malformed", "unsupported-version", "lied"]);

const isReceipt = (frame: Frame): frame is FrameOf<"receipt"> => frame.frame === "receipt";

/**
 * Deposits at every relay of a mailbox at once. Resolves at the first verified receipt, or at once when one relay has it already, and goes on with the others in the
 * background until each has stored it or its time is over.
 */
export function depositAtAll(
  relays: readonly RelayInfo[],
  tag: Uint8Array,
  payload: Uint8Array,
  options: DepositOptions,
  deps: DepositDeps,
): Promise<{ stored: number; of: number }> {
  const of = relays.length;
  const started = deps.clock.now();
  const expiry = started + options.ttlSeconds * 1000;
  const payloadHash = sha256(payload);
  const stop = new AbortController();
  const stopped = AbortSignal.any([stop.signal, deps.closing, ...(options.signal ? [options.signal] : [])]);
  const failures: LineError["reason"][] = [];
  const missing = relays.filter(({ id }) => !options.storedAt?.includes(id));
  let stored = of - missing.length;

  async function attempt(chosen: RelayInfo, ttl: number): Promise<StorageReceipt> {
    const relay = deps.latest(chosen);
    // Who is away uses up nobody's turn.
    await deps.lines.to(relay);
    await deps.lines.turn(relay, payload.length, stopped);
    // Turns can take longer than a line holds: whoever had to begin again on a broken one would lose the turn, too.
    const line = await deps.lines.to(relay);
    if (stopped.aborted) throw new LineError("closed");
    const reqId = line.nextId();
    const receipt = await line.request({ frame: "deposit", reqId, tag, ttl, flags: 0, payload }, isReceipt);
    const { seq, storedAt, expiresAt, proof, signature } = receipt;
    const result = { relayId: relay.id, tag, payloadHash, seq, storedAt, expiresAt, proof, signature };
    if (!(await verifyReceipt(result, relay.signingKey, ttl))) {
      deps.onLie?.();
      throw new LineError("lied");
    }
    return result;
  }

  async function keepTrying(relay: RelayInfo, onStored: (receipt: StorageReceipt) => void): Promise<void> {
    for (let round = 0; !stopped.aborted; round++) {
      const ttl = Math.ceil((expiry - deps.clock.now()) / 1000);
      if (ttl < 1) return;
      try {
        onStored(await attempt(relay, ttl));
        return;
      } catch (error) {
        const { reason, retryAfterMs } = error instanceof LineError ? error : new LineError("unreachable");
        failures.push(reason);
        if (FINAL.has(reason)) return;
        await pause(Math.max(retryAfterMs, backoffMs(round, deps)), deps.clock, stopped);
      }
    }
  }

  return new Promise((resolve, reject) => {
    const giveUp = () => {
      stop.abort();
      reject(askingError(failures, options.signal, deps.closing));
    };
    const timer = deps.clock.setTimeout(() => stored === 0 && giveUp(), deps.limits.depositTimeout);
    stopped.addEventListener(
      "abort",
      () => stored === 0 && reject(askingError(failures, options.signal, deps.closing)),
      {
        once: true,
      },
    );
    const onStored = (receipt: StorageReceipt) => {
      stored++;
      deps.clock.clearTimeout(timer);
      options.onReceipt?.(receipt, stored, of);
      resolve({ stored, of });
    };
    if (stored > 0) {
      deps.clock.clearTimeout(timer);
      resolve({ stored, of });
    }
    const all = missing.map((relay) => keepTrying(relay, onStored));
    void Promise.all(all).then(() => {
      deps.clock.clearTimeout(timer);
      if (stored === 0) giveUp();
    });
    if (stopped.aborted) giveUp();
  });
}

/** Sends a payload to whoever listens at the mailbox now. Resolves when it went out to at least one relay. */
export async function forwardAtAll(
  relays: readonly RelayInfo[],
  tag: Uint8Array,
  payload: Uint8Array,
  options: DepositOptions,
  deps: DepositDeps,
): Promise<{ stored: number; of: number }> {
  const sent = relays.map(async (relay) => {
    const line = await deps.lines.to(relay);
    if (options.signal?.aborted) throw new LineError("closed");
    line.send({ frame: "deposit", reqId: line.nextId(), tag, ttl: 0, flags: DEPOSIT_EPHEMERAL, payload });
  });
  try {
    await Promise.any(sent);
  } catch {
    throw askingError(["unreachable"], options.signal, deps.closing);
  }
  return { stored: 0, of: relays.length };
}
