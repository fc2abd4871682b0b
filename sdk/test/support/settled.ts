import { vi } from "vitest";

/** With {@link fakeTime}: what waits for time goes on at once, and everything else takes none. */
export async function settled<T>(work: Promise<T>): Promise<T> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  work.then(end, end);
  for (; !isOver; await new Promise((resolve) => setImmediate(resolve))) await vi.advanceTimersByTimeAsync(10);
  return work;
}

export const fakeTime = (): void => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
