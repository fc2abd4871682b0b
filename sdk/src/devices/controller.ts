import type { IdentityRecord } from "../chain/types.ts";
import type { Core } from "../client/core.ts";
import { saveController } from "../client/self.ts";
import { fromBase64Url, fromHex, toBase64Url, toHex } from "../crypto/bytes.ts";
import { agreementKeyOf, agreementSecretOf } from "../crypto/keys.ts";
import { createOpener, seal } from "../crypto/seal.ts";
import { isControllerOf, replaceController } from "../identity/controller.ts";
import { readPeer } from "../identity/verifyPeer.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";

/** The controller key, for one device: not even the identity's agreement key opens it, which a lost device has too. */
export interface SealedController {
  to: Hex;
  sealed: string;
}

/** Has the wallet replace the controller key; this device holds the new one. @throws as {@link replaceController} */
export async function takeController(
  core: Core,
  record: IdentityRecord,
  wallet: WalletSigner,
  change: (devices: Uint8Array[]) => Uint8Array[],
): Promise<void> {
  const { controller } = await replaceController(core, record, wallet, change);
  await saveController(core.vault, core.self, controller);
}

export const sealController = async (controller: Hex, to: Hex): Promise<SealedController> => ({
  to,
  sealed: toBase64Url(await seal(agreementKeyOf(fromHex(to)), fromHex(controller))),
});

/**
 * Takes the key over if it is the one that the registry names: whoever sent it, it is the right one. Another has come since
 * if it is not. @throws SkrumbleError ENVELOPE_INVALID, and what the registry fails with
 */
export async function receiveController(core: Core, sealed: string): Promise<void> {
  const { self, chain, signal, vault } = core;
  const opener = await createOpener(agreementSecretOf(self.deviceKey.secret));
  const controller = toHex(await opener.open(fromBase64Url(sealed)));
  if (isControllerOf(await readPeer(chain, self.identity.publicId, signal), controller))
    await saveController(vault, self, controller);
}
