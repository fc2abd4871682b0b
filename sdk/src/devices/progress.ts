import type { LinkProgress, Transfer } from "../types/devices.ts";

/** How far a hand-over is, for whoever looks and whoever listens. */
export interface Progress extends Pick<Transfer, "progress" | "onProgress"> {
  tell(progress: LinkProgress): void;
}

export function createProgress(first: LinkProgress): Progress {
  let last = first;
  const listeners = new Set<(progress: LinkProgress) => void>();
  return {
    progress: () => last,
    onProgress(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(progress) {
      last = progress;
      for (const listener of listeners) listener(progress);
    },
  };
}
