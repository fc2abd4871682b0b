import type { Core } from "../client/core.ts";
import { throwOutUnlisted } from "../conversation/entry/receiveEntry.ts";
import { toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import { changeDevices, controllerSigner } from "../identity/changeDevices.ts";
import { isControllerOf } from "../identity/controller.ts";
import { readPeer } from "../identity/verifyPeer.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import { takeController } from "./controller.ts";
import { lookForDevices } from "./notes.ts";
import { tellList } from "./tellList.ts";

/** Takes a device from the registry, and at once out of every conversation. @throws see Devices.revoke */
export async function revokeDevice(core: Core, key: Hex, wallet?: WalletSigner): Promise<void> {
  const { identity, controller } = core.self;
  if (key === identity.deviceKey) throw new SkrumbleError("DEVICE_IS_THIS");
  const record = await readPeer(core.chain, identity.publicId, core.signal);
  let found = false;
  const without = (devices: Uint8Array[]) => {
    const left = devices.filter((device) => toHex(device) !== key);
    found ||= left.length < devices.length;
    // Before the wallet is asked for nothing.
    if (!found) throw new SkrumbleError("DEVICE_UNKNOWN");
    return left;
  };
  if (wallet) await takeController(core, record, wallet, without);
  else if (isControllerOf(record, controller)) await changeDevices(core, record, controllerSigner(controller), without);
  else throw new SkrumbleError("DEVICE_NEEDS_WALLET");
  await lookForDevices(core);
  for (const { id } of core.threads.all()) await throwOutUnlisted(core, id);
  await tellList(core, { controller: wallet !== undefined });
}
