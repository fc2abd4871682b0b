/** Typed listeners; one that throws does not keep the others from hearing. */
export interface Listeners<Events> {
  on<K extends keyof Events>(event: K, listener: (value: Events[K]) => void): () => void;
  emit<K extends keyof Events>(event: K, value: Events[K]): void;
}

export function createListeners<Events>(): Listeners<Events> {
  const all: { [K in keyof Events]?: Set<(value: Events[K]) => void> } = {};
  return {
    on(event, listener) {
      const set = all[event] ?? new Set();
      all[event] = set;
      set.add(listener);
      return () => set.delete(listener);
    },
    emit(event, value) {
      for (const listener of [...(all[event] ?? [])]) {
        try {
          listener(value);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
}
