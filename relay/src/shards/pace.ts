import { setTimeout as sleep } from "node:timers/promises";

/** Does a piece of work, and rests after it. @throws what the piece throws */
export type Pace = <T>(piece: () => T | Promise<T>) => Promise<T>;

export interface PaceOptions {
  /** Milliseconds of the clock. */
  now(): number;
  /** Milliseconds that this thread has computed for. */
  computed(): number;
  rest(ms: number): Promise<void>;
}

/** Shorter rests are put together. */
const shortestMs = 20;

/** As long as a piece took, so that whoever is asked has half of the time for others; and three times as long as it computed for: a quarter of a processor. */
export function createPace({ now, computed, rest }: PaceOptions = ofThisThread): Pace {
  let owed = 0;
  return async (piece) => {
    const [began, before] = [now(), computed()];
    try {
      return await piece();
    } finally {
      owed += Math.max(now() - began, 3 * (computed() - before));
      if (owed >= shortestMs) {
        const ms = owed;
        owed = 0;
        await rest(ms);
      }
    }
  };
}

const ofThisThread: PaceOptions = {
  now: () => performance.now(),
  computed() {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  },
  rest: async (ms) => void (await sleep(ms)),
};
