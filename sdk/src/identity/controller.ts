import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { readDeadline } from "../chain/actions/readDeadline.ts";
import { readDevices } from "../chain/actions/readDevices.ts";
import { setController } from "../chain/actions/setController.ts";
import type { Chain } from "../chain/chain.ts";
import type { IdentityRecord } from "../chain/types.ts";
import { toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import { awaitRecord } from "./awaitRecord.ts";
import { deviceRoot, maxDevices, sortDevices } from "./deviceRoot.ts";
import { ensureChain, signChecked } from "./wallet.ts";

/** Whether this key may change the device list now: the wallet may have put another one in its place. */
export function isControllerOf(record: Pick<IdentityRecord, "controller">, key: Hex | undefined): key is Hex {
  try {
    return key !== undefined && privateKeyToAddress(key).toLowerCase() === record.controller.toLowerCase();
  } catch {
    // Not a number between 1 and the order of the curve.
    return false;
  }
}

/**
 * Has the owner's wallet put a fresh controller key and a device list in force. Whoever holds the old key can change nothing
 * any more; what they wrote to the list since it was read is overwritten.
 * @param change from the present list to the wanted one
 * @throws SkrumbleError WALLET_CHANGED_ACCOUNT (not the owner's), WALLET_REFUSED, WALLET_FAILED, WALLET_WRONG_CHAIN,
 * TOO_MANY_DEVICES, IDENTITY_REVOKED, CHAIN_REJECTED, CHAIN_STALLED, CHAIN_UNREACHABLE, QUORUM_FAILED, ABORTED
 */
export async function replaceController(
  context: { chain: Chain; now: () => number; signal: AbortSignal | undefined },
  record: IdentityRecord,
  wallet: WalletSigner,
  change: (devices: Uint8Array[]) => Uint8Array[],
): Promise<{ record: IdentityRecord; controller: Hex }> {
  const { chain, now, signal } = context;
  if (wallet.address.toLowerCase() !== record.owner.toLowerCase()) throw new SkrumbleError("WALLET_CHANGED_ACCOUNT");
  const devices = sortDevices(change(await readDevices(chain, record, signal)));
  if (devices.length > maxDevices) throw new SkrumbleError("TOO_MANY_DEVICES");
  const controller = generatePrivateKey();
  await ensureChain(chain, wallet, signal);
  await setController(
    chain,
    {
      identityId: record.id,
      controller: privateKeyToAddress(controller),
      deviceRoot: toHex(deviceRoot(devices)),
      devices: devices.map(toHex),
      sign: async (typedData) => toHex((await signChecked(chain, wallet, typedData, signal)).bytes),
      deadline: await readDeadline(chain, now(), signal),
    },
    { signal },
  );
  const fresh = await awaitRecord(context, record.publicId, (found) => isControllerOf(found, controller));
  return { record: fresh, controller };
}
