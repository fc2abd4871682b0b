import type { Address, Hex, OwnedIdentity, WalletSigner } from "./types.ts";

const options = () => ({ relays: [location.origin] });

/** What the chain says of a wallet's identity; undefined when it has none. */
export async function ownedBy(wallet: Address): Promise<OwnedIdentity | undefined> {
  const { readOwnedIdentity } = await import("@skrumble/sdk");
  return readOwnedIdentity(wallet, options());
}

/** Takes devices off its list, with one signature. */
export async function removeOwned(wallet: WalletSigner, devices: readonly Hex[]): Promise<OwnedIdentity> {
  const { removeDevices } = await import("@skrumble/sdk");
  return removeDevices(wallet, devices, options());
}
