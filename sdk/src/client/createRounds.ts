import type { Core } from "./core.ts";
import { pauseFor } from "./pauseFor.ts";

/** Work of a client that goes on by itself for as long as there is something to do. */
export interface Rounds {
  /** There is something to do, or may be: a round begins now, or after the one that is under way. */
  wake(core: Core): void;
  /** Resolves when nothing is under way any more. */
  idle(core: Core): Promise<void>;
}

interface Running {
  done: Promise<void> | undefined;
  again: boolean;
  wake: (() => void) | undefined;
}

/**
 * One round follows the other, never two at once, until a round has nothing left or the client closes.
 * @param round resolves with the milliseconds until the next one, unless somebody wakes it; undefined when nothing is left. Must not reject
 */
export function createRounds(round: (core: Core) => Promise<number | undefined>): Rounds {
  const all = new WeakMap<Core, Running>();

  function wake(core: Core): void {
    const running = all.get(core) ?? { done: undefined, again: false, wake: undefined };
    all.set(core, running);
    running.again = true;
    running.wake?.();
    if (running.done || core.signal.aborted) return;
    running.done = run(core, running).finally(() => {
      running.done = undefined;
      if (running.again) wake(core);
    });
  }

  async function run(core: Core, running: Running): Promise<void> {
    while (!core.signal.aborted) {
      running.again = false;
      const pause = await round(core);
      // Whoever came meanwhile may not have been seen.
      if (running.again) continue;
      if (pause === undefined) return;
      await pauseFor(core.signal, pause, (wakeUp) => {
        running.wake = wakeUp;
      });
      running.wake = undefined;
    }
  }

  return { wake, idle: async (core) => all.get(core)?.done };
}
