import type { CallId, PublicId } from "../types/primitives.ts";
import type { CallSignal } from "./signal.ts";
import type { CallClock } from "./types.ts";

/** Signals that overtook their invitation. Few calls, few signals, for a short time: a stranger's noise costs nothing. */
export interface EarlySignals {
  keep(contact: PublicId, signal: CallSignal): void;
  take(contact: PublicId, call: CallId): CallSignal[];
}

const MAX_CALLS = 4;
const MAX_SIGNALS = 24;
const KEPT_MS = 15_000;

export function createEarlySignals(clock: CallClock): EarlySignals {
  const kept = new Map<string, { since: number; signals: CallSignal[] }>();
  return {
    keep(contact, signal) {
      for (const [key, entry] of kept) if (clock.now() - entry.since > KEPT_MS) kept.delete(key);
      const key = `${contact} ${signal.call}`;
      const entry = kept.get(key) ?? { since: clock.now(), signals: [] };
      if (!kept.has(key) && kept.size >= MAX_CALLS) return;
      kept.set(key, entry);
      if (entry.signals.length < MAX_SIGNALS) entry.signals.push(signal);
    },
    take(contact, call) {
      const key = `${contact} ${call}`;
      const signals = kept.get(key)?.signals ?? [];
      kept.delete(key);
      return signals;
    },
  };
}
