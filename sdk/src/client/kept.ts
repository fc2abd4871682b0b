import { SkrumbleError } from "../errors/index.ts";
import type { Vault } from "../store/index.ts";
import type { Kept } from "../types/client.ts";

const collection = "program";
const most = 256 * 1024;

/** What the program around the client keeps in the client's store. */
export function keptThings(vault: Vault): Kept {
  return {
    get: (key) => vault.get<Uint8Array>(collection, key),
    async put(key, value) {
      if (value.length > most) throw new SkrumbleError("INPUT_INVALID", { details: "At most 256 KiB are kept." });
      await vault.write([{ collection, key, value }]);
    },
    remove: (key) => vault.write([{ collection, key, delete: true }]),
  };
}
