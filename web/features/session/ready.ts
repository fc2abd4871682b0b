import { loadAmounts } from "../../lib/amounts.ts";
import { loadLinkCheck } from "../../lib/links.ts";
import type { Client } from "../../lib/types.ts";
import { holdVault } from "../../lib/vault.ts";

/**
 * Loads what has to be there before anything is shown, in a tab of any kind. Only through what it returns is what a client keeps at
 * hand (drafts, a wallet of this device), so that no tab can show a client without it.
 */
export async function readyToShow(): Promise<(client: Client) => void> {
  await Promise.all([loadLinkCheck(), loadAmounts()]);
  return ({ kept }) => holdVault(kept);
}
