import { SkrumbleError } from "../errors/index.ts";

const pauses = { min: 500, max: 15_000 };
const passes = (error: unknown): boolean =>
  error instanceof SkrumbleError && (error.category === "network" || error.code === "RELAY_MAILBOX_FULL");

/** Again and again while relays or chain are away or a mailbox is full. @returns undefined once it is not wanted any more */
export async function patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
  for (let pause = pauses.min; ; pause = Math.min(2 * pause, pauses.max)) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!passes(error)) throw error;
      await waited(aborted(signal), pause);
      if (signal.aborted) return undefined;
    }
  }
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** Until the work is done, or for so many milliseconds. */
export async function waited(work: Promise<void>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
