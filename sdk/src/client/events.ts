import { type ErrorCode, SkrumbleError } from "../errors/index.ts";

/** A typed emitter. A listener that throws does not disturb the others. */
export interface Emitter<Events> {
  on<K extends keyof Events>(event: K, listener: (value: Events[K]) => void): () => void;
  emit<K extends keyof Events>(event: K, value: Events[K]): void;
  clear(): void;
}

export function createEmitter<Events>(onFailure: (error: unknown) => void = () => undefined): Emitter<Events> {
  const listeners = new Map<keyof Events, Set<(value: never) => void>>();
  return {
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener);
      return () => set.delete(listener);
    },
    emit(event, value) {
      for (const listener of [...(listeners.get(event) ?? [])]) {
        try {
          (listener as (value: unknown) => void)(value);
        } catch (error) {
          onFailure(error);
        }
      }
    },
    clear: () => listeners.clear(),
  };
}

/** Resolves with the first value that fits. @throws SkrumbleError ABORTED, CLIENT_CLOSED */
export function once<Events, K extends keyof Events>(
  emitter: Emitter<Events>,
  event: K,
  fits: (value: Events[K]) => boolean,
  closing: AbortSignal,
  signal?: AbortSignal,
): Promise<Events[K]> {
  return new Promise((resolve, reject) => {
    const fail = (code: ErrorCode) => () => {
      stop();
      reject(new SkrumbleError(code));
    };
    const [onAbort, onClose] = [fail("ABORTED"), fail("CLIENT_CLOSED")];
    const stop = () => {
      off();
      signal?.removeEventListener("abort", onAbort);
      closing.removeEventListener("abort", onClose);
    };
    const off = emitter.on(event, (value) => {
      if (!fits(value)) return;
      stop();
      resolve(value);
    });
    signal?.addEventListener("abort", onAbort);
    closing.addEventListener("abort", onClose);
    if (closing.aborted) onClose();
    else if (signal?.aborted) onAbort();
  });
}
