import type { Vault } from "../lib/vault.ts";

/** A vault without a browser. */
export function memoryVault(): Vault & { entries: Map<string, Uint8Array> } {
  const entries = new Map<string, Uint8Array>();
  return {
    entries,
    get: async (name) => entries.get(name),
    put: async (name, value) => void entries.set(name, value),
    remove: async (name) => void entries.delete(name),
  };
}
