import type { RelayClock, RelayPoolLimits } from "./types.ts";

export interface BackoffDeps {
  clock: RelayClock;
  random: (length: number) => Uint8Array;
  limits: RelayPoolLimits;
}

/** Full jitter: between half and all of min x 2^attempt, so that clients do not come back in step after an outage. */
export function backoffMs(attempt: number, { random, limits }: BackoffDeps): number {
  const ceiling = Math.min(limits.backoffMax, limits.backoffMin * 2 ** Math.min(attempt, 20));
  const share = (random(1)[0] as number) / 255;
  return Math.round(ceiling * (0.5 + 0.5 * share));
}

/** Resolves after `ms`, or at once when the signal aborts. */
export function pause(ms: number, clock: RelayClock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const wake = () => {
      clock.clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = clock.setTimeout(wake, ms);
    signal.addEventListener("abort", wake, { once: true });
  });
}
