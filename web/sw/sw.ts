import { type PrecacheEntry, Serwist, type SerwistGlobalConfig } from "serwist";
import { openNotice, safePath } from "./notification-click.ts";

declare global {
  interface WorkerGlobalScope extends SerwistGlobalConfig {
    __SW_MANIFEST: PrecacheEntry[];
  }
}

declare const self: ServiceWorkerGlobalScope;

/**
 * The whole dApp is kept, so that it opens without connection. Nothing of what people write passes through here:
 * relays are spoken to over WebSockets, and /rpc, /network.json and /health are never kept.
 */
const serwist = new Serwist({
  precacheEntries: self.__SW_MANIFEST,
  precacheOptions: {
    cleanupOutdatedCaches: true,
    // Next asks for its route data with a cache-busting query.
    ignoreURLParametersMatching: [/^_rsc$/],
  },
  // An update waits until a person asks for it; then every open page of the app reloads.
  skipWaiting: false,
  clientsClaim: true,
  navigationPreload: false,
});

serwist.addEventListeners();

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { clients } = self;
  event.waitUntil(
    openNotice(safePath(event.notification.data), {
      all: () => clients.matchAll({ type: "window", includeUncontrolled: true }),
      open: (path) => clients.openWindow(path),
    }),
  );
});
