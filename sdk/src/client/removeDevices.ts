import { toHex } from "../crypto/bytes.ts";
import { asSkrumbleError, SkrumbleError } from "../errors/index.ts";
import { replaceController } from "../identity/controller.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import { type OwnedIdentity, type OwnerOptions, openChain, ownedOf, readOwned } from "./ownedIdentity.ts";

/**
 * Takes devices of an identity off the chain's list with one signature of the wallet that owns it: no device, security code or
 * client is needed. The key that could put them back is replaced by one that nobody keeps, so that the next change of the list asks
 * the wallet again. Others let go of them when one of their devices next reads the list.
 *
 * @param devices their keys, or all of them
 *
 * @example
 * await removeDevices(wallet, "all", { relays: ["https://relay.example"] });
 *
 * @returns what is left
 * @throws SkrumbleError WALLET_NO_IDENTITY, IDENTITY_REVOKED, DEVICE_UNKNOWN (not listed; nothing is changed), INPUT_INVALID (none named),
 * WALLET_REFUSED, WALLET_FAILED, WALLET_CHANGED_ACCOUNT, WALLET_WRONG_CHAIN, CHAIN_REJECTED, CHAIN_STALLED, CHAIN_UNREACHABLE,
 * QUORUM_FAILED, NETWORK_UNREACHABLE, NETWORK_INVALID, ABORTED
 */
export async function removeDevices(
  wallet: WalletSigner,
  devices: readonly Hex[] | "all",
  options: OwnerOptions,
): Promise<OwnedIdentity> {
  if (devices.length === 0) throw new SkrumbleError("INPUT_INVALID", { details: "No device was named." });
  try {
    const { signal } = options;
    const chain = await openChain(options);
    const record = await readOwned(chain, wallet.address, signal);
    if (!record) throw new SkrumbleError("WALLET_NO_IDENTITY");
    if (record.revoked) throw new SkrumbleError("IDENTITY_REVOKED");
    const without = (listed: Uint8Array[]) => {
      const known = listed.map(toHex);
      const gone = devices === "all" ? known : devices;
      // Before the wallet is asked for nothing.
      if (known.length === 0 || gone.some((key) => !known.includes(key))) throw new SkrumbleError("DEVICE_UNKNOWN");
      return listed.filter((device) => !gone.includes(toHex(device)));
    };
    const context = { chain, now: options.now ?? Date.now, signal };
    const { record: after } = await replaceController(context, record, wallet, without);
    return await ownedOf(chain, after, signal);
  } catch (error) {
    throw asSkrumbleError(error);
  }
}
