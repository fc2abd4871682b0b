/** Signals that come together count as one: a terminal, npm and run.mjs may each pass the same Ctrl-C on. */
const SAME_MS = 1_000;

/**
 * Resolves when a person asks this process to stop (Ctrl-C, kill, closed terminal). Asking again while things are
 * being put away is ignored once, and ends at once the second time.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = 0;
    let last = 0;
    const stop = () => {
      if (Date.now() - last < SAME_MS) return;
      last = Date.now();
      asked += 1;
      if (asked >= 3) process.exit(130);
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  });
}
