import { create } from "zustand";

interface UpdateState {
  /** A new version has been fetched and waits. */
  ready: boolean;
  reload(): void;
}

let waiting: ServiceWorker | undefined;

export const useUpdate = create<UpdateState>(() => ({
  ready: false,
  reload() {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting?.postMessage({ type: "SKIP_WAITING" });
  },
}));

/** Registers the service worker, which makes the app open offline. Never interrupts: an update waits for a click. */
export function startUpdates(): void {
  if (!("serviceWorker" in navigator) || process.env.NODE_ENV !== "production") return;
  navigator.serviceWorker
    .register("/sw.js")
    .then((registration) => {
      const offer = (worker: ServiceWorker | null) => {
        if (!worker || !navigator.serviceWorker.controller) return;
        waiting = worker;
        useUpdate.setState({ ready: true });
      };
      offer(registration.waiting);
      registration.addEventListener("updatefound", () => {
        const { installing } = registration;
        installing?.addEventListener("statechange", () => installing.state === "installed" && offer(installing));
      });
    })
    .catch(() => undefined); // private windows refuse it; the page works without
}
