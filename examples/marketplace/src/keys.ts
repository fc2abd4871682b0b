import { createLocalWallet, type Hex, newWalletKey, SkrumbleError, type WalletSigner } from "@skrumble/sdk";
import { AppError } from "./errors.ts";
import { type Keeper, putText, readText } from "./kept.ts";

/** Names under which the client keeps which wallet it is (of the browser, or "here"), and the key of one made or brought here. */
const walletName = "marketplace/wallet";
const keyName = "marketplace/key";
const here = "here";

/** A file with a key is no longer. */
export const maxKeyFile = 1024;

/**
 * A key as it was saved, or typed off.
 * @throws AppError KEY_INVALID
 */
export function parseKey(text: string): Hex {
  const [digits] = /^(?:0x)?([0-9a-f]{64})$/.exec(text.trim().toLowerCase())?.slice(1) ?? [];
  const key: Hex = `0x${digits ?? ""}`;
  try {
    // Not every number of this length is a key.
    createLocalWallet(key);
  } catch {
    throw new AppError("KEY_INVALID");
  }
  return key;
}

/** The key of the wallet made here: once made it is never made anew, or what it owns would be lost. */
export async function keyIn(client: Keeper, make: boolean): Promise<Hex> {
  const kept = (await readText(client, keyName)) as Hex | undefined;
  if (kept !== undefined) return kept;
  if (!make) throw new SkrumbleError("WALLET_FAILED");
  const key = newWalletKey();
  // Before joining: the key of an identity must not be lost with the page.
  await putText(client, keyName, key);
  return key;
}

/**
 * Joins with a key that was saved elsewhere. When that fails, the key that was here before is here again; when not, it stays beside
 * the new one, under its address.
 */
export async function withKey(
  client: Keeper,
  key: Hex,
  join: (wallet: WalletSigner) => Promise<unknown>,
): Promise<void> {
  const [before, wallet] = await Promise.all([readText(client, keyName), readText(client, walletName)]);
  // What it owns must not be lost with it, nor when the page closes halfway.
  if (before !== undefined && before !== key) {
    const { address } = createLocalWallet(before as Hex);
    await putText(client, `${keyName} ${address.toLowerCase()}`, before);
  }
  try {
    await putText(client, keyName, key);
    await putText(client, walletName, here);
    await join(createLocalWallet(key));
  } catch (error) {
    await putBack(client, keyName, before);
    await putBack(client, walletName, wallet);
    throw error;
  }
}

const putBack = (client: Keeper, name: string, text: string | undefined): Promise<void> =>
  text === undefined ? client.kept.remove(name) : putText(client, name, text);

/** Which wallet of the browser is used; undefined for the one made here. */
export const chooseWallet = (client: Keeper, rdns: string | undefined): Promise<void> =>
  putText(client, walletName, rdns ?? here);

/** Its name among the wallets of the browser, or the one whose key is here. */
export async function walletHere(client: Keeper): Promise<WalletSigner | { rdns: string | undefined }> {
  const name = await readText(client, walletName);
  return name === here ? createLocalWallet(await keyIn(client, false)) : { rdns: name };
}

/** For its owner to keep elsewhere; undefined where a wallet of the browser is used. */
export const ownKey = async (client: Keeper): Promise<Hex | undefined> =>
  (await readText(client, walletName)) === here ? keyIn(client, false) : undefined;
