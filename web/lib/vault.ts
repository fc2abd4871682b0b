import type { Client } from "./types.ts";

/**
 * What a person would mind losing or showing: drafts, a wallet that was made here. It lies in the client's own store,
 * encrypted and behind the same lock. Waits for the client where none is open yet.
 */
export type Vault = Client["kept"];

let open = Promise.withResolvers<Vault>();
let held = false;

/** Called whenever a client is opened. */
export function holdVault(kept: Vault): void {
  if (held) open = Promise.withResolvers();
  held = true;
  open.resolve(kept);
}

export const vault: Vault = {
  get: async (name) => (await open.promise).get(name),
  put: async (name, value) => (await open.promise).put(name, value),
  remove: async (name) => (await open.promise).remove(name),
};
