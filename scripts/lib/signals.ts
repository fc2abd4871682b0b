/**
 * Resolves when a person asks this process to stop (Ctrl-C, kill, closed terminal). Asking a second time while
 * things are being put away does no harm; a third time ends at once.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = 0;
    const stop = () => {
      asked += 1;
      if (asked >= 3) process.exit(130);
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  });
}
