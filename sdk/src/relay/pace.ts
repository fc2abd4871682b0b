import type { RelayClock } from "./types.ts";

/**
 * What every relay lets one connection send (docs/protocol.md), less some room for what is no deposit. Above its rate a relay
 * refuses, and soon hangs up: everything under way would have to be sent again.
 */
const perSecond = 90;
const burst = 300;
/** A long deposit counts as several. */
const bytesEach = 10_240;

/** Lets deposits for one relay go, first come, first served, as fast as it takes them. */
export function createPace(clock: RelayClock) {
  const queue = new Set<{ cost: number; go(): void }>();
  let tokens = burst;
  let at = clock.now();
  let timer: unknown;

  function serve(): void {
    clock.clearTimeout(timer);
    const now = clock.now();
    tokens = Math.min(burst, tokens + (Math.max(0, now - at) * perSecond) / 1000);
    at = now;
    for (const next of queue) {
      if (tokens < next.cost) {
        timer = clock.setTimeout(serve, Math.ceil(((next.cost - tokens) * 1000) / perSecond));
        return;
      }
      queue.delete(next);
      tokens -= next.cost;
      next.go();
    }
  }

  /** Resolves when so many bytes may go out, or the work is cancelled. */
  return function turn(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const cancel = () => {
        queue.delete(entry);
        resolve();
      };
      const entry = {
        cost: Math.min(burst, Math.max(1, bytes / bytesEach)),
        go() {
          signal.removeEventListener("abort", cancel);
          resolve();
        },
      };
      signal.addEventListener("abort", cancel, { once: true });
      queue.add(entry);
      serve();
    });
  };
}
