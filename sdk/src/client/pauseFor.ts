/**
 * Resolves after so many milliseconds, or as soon as the work is cancelled or somebody wakes it. Leaves nothing behind: a client may
 * pause without end.
 */
export async function pauseFor(signal: AbortSignal, ms: number, wakeable?: (wake: () => void) => void): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = () => resolve();
  const timer = setTimeout(wake, ms);
  signal.addEventListener("abort", wake, { once: true });
  wakeable?.(wake);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", wake);
}
