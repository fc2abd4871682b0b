import { sha256 } from "@noble/hashes/sha2.js";
import {
  equalBytes,
  FEATURE_ORDER,
  type Frame,
  type FrameOf,
  MAX_ORDER_BYTES,
  type OrderEntry,
  orderTag,
  verifyOrderEntry,
} from "../protocol/index.ts";
import { askingError } from "./askingError.ts";
import { type BackoffDeps, backoffMs, pause } from "./backoff.ts";
import { type Line, type LineDeps, LineError } from "./line.ts";
import type { AnonymousLines } from "./lines.ts";
import type { Ordered, OrderedBody, RelayInfo } from "./types.ts";

export interface OrderDeps extends LineDeps, BackoffDeps {
  lines: AnonymousLines;
  latest(relay: RelayInfo): RelayInfo;
  closing: AbortSignal;
}

/** What may be otherwise a moment later; every other refusal would be the same again. */
const PASSING: readonly LineError["reason"][] = [
  "unreachable",
  "timeout",
  "closed",
  "rate-limited",
  "storage-unavailable",
  "shutting-down",
  "internal",
];

const isOrdered = (frame: Frame): frame is FrameOf<"ordered"> => frame.frame === "ordered";
const isOrderLog = (frame: Frame): frame is FrameOf<"orderLog"> => frame.frame === "orderLog";
const isOrderEntry = (frame: Frame): frame is FrameOf<"orderEntry"> => frame.frame === "orderEntry";

/** Appends at one relay and checks its word. Tries again while the relay is away or busy, up to `depositTimeout`. */
export function orderAt(
  relay: RelayInfo,
  leaf: Uint8Array,
  body: Uint8Array,
  deps: OrderDeps,
  signal?: AbortSignal,
): Promise<Ordered> {
  const bodyHash = sha256(body);
  return keepAsking(relay, deps, signal, async (line) => {
    const { first, own } = await line.request({ frame: "order", reqId: line.nextId(), leaf, body }, isOrdered);
    const isOwn = equalBytes(own.leaf, leaf) && equalBytes(own.bodyHash, bodyHash);
    // The first is the own one, or it is another leaf.
    const fits = equalBytes(first.leaf, leaf) ? own.position === 0 && sameEntry(first, own) : own.position > 0;
    const key = line.greeting.relayKey;
    if (
      !isOwn ||
      !fits ||
      !isEntryOf(orderTag(leaf), 0, first, key) ||
      !isEntryOf(orderTag(leaf), own.position, own, key)
    )
      throw new LineError("lied");
    return { first: ownEntry(first), own: ownEntry(own) };
  });
}

/** A whole log with its bodies, every entry checked, by position. */
export function orderLogAt(
  relay: RelayInfo,
  tag: Uint8Array,
  deps: OrderDeps,
  signal?: AbortSignal,
): Promise<OrderedBody[]> {
  return keepAsking(relay, deps, signal, async (line) => {
    const key = line.greeting.relayKey;
    const { entries } = await line.request({ frame: "orderQuery", reqId: line.nextId(), tag }, isOrderLog);
    if (!entries.every((entry, position) => isEntryOf(tag, position, entry, key))) throw new LineError("lied");
    const log: OrderedBody[] = [];
    let bytes = 0;
    for (const entry of entries) {
      const { position } = entry;
      const fetch = { frame: "orderFetch", reqId: line.nextId(), tag, position } as const;
      const fetched = await line.request(fetch, isOrderEntry);
      bytes += fetched.body.length;
      if (!sameEntry(fetched, entry) || !equalBytes(sha256(fetched.body), entry.bodyHash) || bytes > MAX_ORDER_BYTES)
        throw new LineError("lied");
      log.push({ ...ownEntry(entry), body: fetched.body.slice() });
    }
    return log;
  });
}

async function keepAsking<T>(
  relay: RelayInfo,
  deps: OrderDeps,
  signal: AbortSignal | undefined,
  ask: (line: Line) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const stopped = AbortSignal.any([late.signal, deps.closing, ...(signal ? [signal] : [])]);
  const timer = deps.clock.setTimeout(() => late.abort(), deps.limits.depositTimeout);
  const { promise: given, reject: giveUp } = Promise.withResolvers<never>();
  const failures: LineError["reason"][] = [];
  const stop = () => giveUp(askingError(failures, signal, deps.closing));
  stopped.addEventListener("abort", stop, { once: true });
  if (stopped.aborted) stop();
  try {
    return await Promise.race([given, attempts()]);
  } finally {
    deps.clock.clearTimeout(timer);
    stopped.removeEventListener("abort", stop);
    late.abort();
  }

  async function attempts(): Promise<T> {
    for (let round = 0; !stopped.aborted; round++) {
      try {
        const line = await deps.lines.to(deps.latest(relay));
        if (stopped.aborted) break;
        if ((line.greeting.features & FEATURE_ORDER) === 0) throw new LineError("unknown-type");
        return await ask(line);
      } catch (error) {
        const { reason, retryAfterMs } = error instanceof LineError ? error : new LineError("unreachable");
        failures.push(reason);
        if (reason === "lied") deps.onLie?.();
        if (!PASSING.includes(reason)) break;
        await pause(Math.max(retryAfterMs, backoffMs(round, deps)), deps.clock, stopped);
      }
    }
    throw askingError(failures, signal, deps.closing);
  }
}

function isEntryOf(tag: Uint8Array, position: number, entry: OrderEntry, key: Uint8Array): boolean {
  return entry.position === position && equalBytes(orderTag(entry.leaf), tag) && verifyOrderEntry(entry, key);
}

function sameEntry(a: OrderEntry, b: OrderEntry): boolean {
  return (
    a.position === b.position &&
    a.storedAt === b.storedAt &&
    equalBytes(a.leaf, b.leaf) &&
    equalBytes(a.bodyHash, b.bodyHash) &&
    equalBytes(a.signature, b.signature)
  );
}

/** A copy that does not hold the frame it came in. */
function ownEntry({ position, leaf, bodyHash, storedAt, signature }: OrderEntry): OrderEntry {
  return { position, leaf: leaf.slice(), bodyHash: bodyHash.slice(), storedAt, signature: signature.slice() };
}
