import type { WalletSigner } from "../../lib/types.ts";
import { type Vault, vault } from "../../lib/vault.ts";

/** A newcomer's wallet, made in the page: twelve words (BIP-39), kept sealed in the vault. */
export interface LocalWallet {
  words: string;
  /** The person says the words are written down. */
  kept: boolean;
}

const entry = "wallet";

export async function createLocalWallet(into: Vault = vault): Promise<LocalWallet> {
  const { english, generateMnemonic } = await import("viem/accounts");
  return save({ words: generateMnemonic(english), kept: false }, into);
}

/** From words as typed: any case and spacing. Undefined when they are no wallet. Nothing of it is kept. */
export async function walletFrom(typed: string): Promise<LocalWallet | undefined> {
  const words = typed.normalize("NFKD").toLowerCase().trim().split(/\s+/).join(" ");
  const [{ validateMnemonic }, { english }] = await Promise.all([import("@scure/bip39"), import("viem/accounts")]);
  return validateMnemonic(words, english) ? { words, kept: true } : undefined; // word list and checksum
}

/** The same, kept on this device. */
export async function restoreLocalWallet(typed: string, into: Vault = vault): Promise<LocalWallet | undefined> {
  const wallet = await walletFrom(typed);
  return wallet && save(wallet, into);
}

export async function readLocalWallet(from: Vault = vault): Promise<LocalWallet | undefined> {
  const bytes = await from.get(entry);
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as LocalWallet);
}

export async function markLocalWalletKept(within: Vault = vault): Promise<void> {
  const wallet = await readLocalWallet(within);
  if (wallet) await save({ ...wallet, kept: true }, within);
}

export async function signerOf(wallet: LocalWallet): Promise<WalletSigner> {
  const [{ mnemonicToAccount }, { withSending }] = await Promise.all([
    import("viem/accounts"),
    import("@skrumble/sdk"),
  ]);
  return withSending(mnemonicToAccount(wallet.words), new URL("/rpc", location.origin).href);
}

async function save(wallet: LocalWallet, into: Vault): Promise<LocalWallet> {
  await into.put(entry, new TextEncoder().encode(JSON.stringify(wallet)));
  return wallet;
}
