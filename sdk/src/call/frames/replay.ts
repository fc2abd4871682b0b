/** Counters within this distance of the newest may still come, once each (RFC 3711, 3.3.2, with a wider window). */
const WINDOW = 1024;

export interface ReplayWindow {
  /** Whether this counter could still be taken. */
  fresh(counter: number): boolean;
  /** Marks it as seen; false when it had been already. Called only for frames that proved authentic. */
  take(counter: number): boolean;
}

export function createReplayWindow(): ReplayWindow {
  const seen = new Uint8Array(WINDOW);
  let newest = -1;
  const fresh = (counter: number) => counter > newest || (newest - counter < WINDOW && seen[counter % WINDOW] === 0);
  return {
    fresh,
    take(counter) {
      if (!fresh(counter)) return false;
      if (counter > newest) {
        if (counter - newest >= WINDOW) seen.fill(0);
        else for (let skipped = newest + 1; skipped < counter; skipped++) seen[skipped % WINDOW] = 0;
        newest = counter;
      }
      seen[counter % WINDOW] = 1;
      return true;
    },
  };
}
