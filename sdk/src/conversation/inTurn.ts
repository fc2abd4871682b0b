/** Runs at most so many works at a time, the others in the order they came. */
export function createTurns(atOnce: number) {
  const queue: (() => void)[] = [];
  let running = 0;
  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    // Whoever ends hands their place on, so that nobody comes in between.
    if (running < atOnce) running++;
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };
}
