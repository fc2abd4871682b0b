import { usePreferences } from "./preferences.ts";
import type { Client } from "./types.ts";

/** Loads the SDK and opens this device's client. The relay that serves the page is where it begins. */
export async function connectClient(): Promise<Client> {
  const { argon2idInWorker, createClient, createIndexedDbStore } = await import("@skrumble/sdk");
  return createClient({
    relays: [location.origin],
    // Tabs agree among themselves who leads (features/session/lead-tab.ts); by now this one does.
    store: createIndexedDbStore({ takeOver: true }),
    // Workers are built beside the pages (scripts/build-workers.ts): the bundler's own ones read their settings from the
    // fragment of their address, which a service worker's answer does not keep.
    argon2: argon2idInWorker(() => new Worker("/argon2id-worker.js", { type: "module" })),
    calls: {
      relayedOnly: () => usePreferences.getState().relayedOnly,
      framesWorker: () => new Worker("/frames-worker.js", { type: "module" }),
    },
  });
}
