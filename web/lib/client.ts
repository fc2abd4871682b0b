import { furtherChains } from "./chains.ts";
import { moveOldVault } from "./old-vault.ts";
import { usePreferences } from "./preferences.ts";
import { stretchBeside } from "./stretch.ts";
import type { Client, UnlockedKey } from "./types.ts";

/** Loads the SDK and opens this device's client. The relay that serves the page is where it begins. */
export async function connectClient(key?: UnlockedKey): Promise<Client> {
  const { createClient, createIndexedDbStore } = await import("@skrumble/sdk");
  const client = await createClient({
    relays: [location.origin],
    chains: furtherChains,
    // Tabs agree among themselves who leads (features/session/lead-tab.ts); by now this one does.
    store: createIndexedDbStore({ takeOver: true, key }),
    argon2: await stretchBeside(),
    calls: {
      relayedOnly: () => usePreferences.getState().relayedOnly,
      framesWorker: () => new Worker("/frames-worker.js", { type: "module" }),
    },
  });
  try {
    await moveOldVault(client.kept);
  } catch (error) {
    await client.close();
    throw error;
  }
  return client;
}
