import { type Bytes, fromBase64Url, toBase64Url } from "../crypto/bytes.ts";
import { codeOf } from "../errors/index.ts";
import type { Vault } from "../store/index.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { openBackup } from "./backup.ts";

/**
 * Sealed backups that were made on this device. One is on disk before the chain hears of the identity: with a wallet
 * that cannot repeat a signature nothing else opens it. Kept as long as the store is.
 */
export interface KeptBackups {
  /** Newest first. */
  list(wallet: Address, saltName: Hex): Promise<Uint8Array[]>;
  keep(wallet: Address, saltName: Hex, backup: Uint8Array): Promise<void>;
}

const collection = "backup";
/** Made under one name with different codes, while no join came through. */
const maxKept = 16;

export function keptBackups(vault: Pick<Vault, "get" | "write">): KeptBackups {
  const keyOf = (wallet: Address, saltName: Hex) => `${wallet.toLowerCase()} ${saltName}`;
  const list: KeptBackups["list"] = async (wallet, saltName) =>
    ((await vault.get<string[]>(collection, keyOf(wallet, saltName))) ?? []).map(fromBase64Url);
  return {
    list,
    async keep(wallet, saltName, backup) {
      const all = [backup, ...(await list(wallet, saltName))].slice(0, maxKept);
      await vault.write([{ collection, key: keyOf(wallet, saltName), value: all.map(toBase64Url) }]);
    },
  };
}

/** The kept backups that this code opens, with their roots. */
export async function openKept(
  kept: KeptBackups,
  context: { codeKey: Uint8Array; wallet: Address; saltName: Hex },
): Promise<{ backup: Uint8Array; root: Bytes }[]> {
  const opened: { backup: Uint8Array; root: Bytes }[] = [];
  for (const backup of await kept.list(context.wallet, context.saltName)) {
    try {
      opened.push({ backup, root: await openBackup(backup, context) });
    } catch (error) {
      // Made with another code.
      if (codeOf(error) !== "WRONG_SECURITY_CODE") throw error;
    }
  }
  return opened;
}
