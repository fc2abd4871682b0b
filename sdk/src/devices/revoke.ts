import type { Core } from "../client/core.ts";
import { throwOutUnlisted } from "../conversation/entry/receiveEntry.ts";
import { toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import { changeDevices, controllerSigner, type SignTypedData } from "../identity/changeDevices.ts";
import { readPeer } from "../identity/verifyPeer.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import { lookForDevices } from "./notes.ts";

/** Takes a device from the registry, and at once out of every conversation. @throws see Devices.revoke */
export async function revokeDevice(core: Core, key: Hex, wallet?: WalletSigner): Promise<void> {
  const { identity } = core.self;
  if (key === identity.deviceKey) throw new SkrumbleError("DEVICE_IS_THIS");
  const record = await readPeer(core.chain, identity.publicId, core.signal);
  const context = { chain: core.chain, now: core.now, signal: core.signal };
  let found = false;
  await changeDevices(context, record, signerOf(core, record.owner, wallet), (devices) => {
    const left = devices.filter((device) => toHex(device) !== key);
    found ||= left.length < devices.length;
    return left;
  });
  if (!found) throw new SkrumbleError("DEVICE_UNKNOWN");
  await lookForDevices(core);
  for (const { id } of core.threads.all()) await throwOutUnlisted(core, id);
}

function signerOf(core: Core, owner: string, wallet: WalletSigner | undefined): SignTypedData {
  if (wallet) {
    if (wallet.address.toLowerCase() !== owner.toLowerCase()) throw new SkrumbleError("WALLET_CHANGED_ACCOUNT");
    return (typedData) => wallet.signTypedData(typedData);
  }
  if (!core.self.controller) throw new SkrumbleError("DEVICE_NEEDS_WALLET");
  return controllerSigner(core.self.controller);
}
