import { usePreferences } from "./preferences.ts";
import type { Client } from "./types.ts";

/** Loads the SDK and opens this device's client. The relay that serves the page is where it begins. */
export async function connectClient(): Promise<Client> {
  const { createClient, createIndexedDbStore } = await import("@skrumble/sdk");
  return createClient({
    relays: [location.origin],
    // Tabs agree among themselves who leads (features/session/lead-tab.ts); by now this one does.
    store: createIndexedDbStore({ takeOver: true }),
    calls: {
      relayedOnly: () => usePreferences.getState().relayedOnly,
      // Built beside the pages (scripts/build-worker.ts): the bundler's own workers read their settings from the fragment
      // of their address, which a service worker's answer does not keep.
      framesWorker: () => new Worker("/frames-worker.js", { type: "module" }),
    },
  });
}
