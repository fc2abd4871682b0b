import { join } from "node:path";

/** Folder of the repository. */
export const root = join(import.meta.dirname, "..", "..");

/** Everything the local network keeps between runs; `.skrumble/` unless SKRUMBLE_STATE_DIR says otherwise. */
export function stateDir(): string {
  return process.env.SKRUMBLE_STATE_DIR ?? join(root, ".skrumble");
}
