import type { Chain } from "../chain/chain.ts";
import { type Self, saveSelf } from "../client/self.ts";
import { equalBytes, fromBase64Url, fromHex, toHex } from "../crypto/bytes.ts";
import { signDeviceCert } from "../crypto/deviceCert.ts";
import { agreementKeyPair, signingKeyPair } from "../crypto/keys.ts";
import { SkrumbleError } from "../errors/index.ts";
import { changeDevices, controllerSigner } from "../identity/changeDevices.ts";
import { isControllerOf } from "../identity/controller.ts";
import { readPeer } from "../identity/verifyPeer.ts";
import type { Vault } from "../store/index.ts";
import type { Hex } from "../types/primitives.ts";
import type { ItemOf } from "./items.ts";

/**
 * Takes the identity: the registry must know it with these very keys. This device's own key goes into the list.
 * @throws SkrumbleError LINK_REFUSED, IDENTITY_REVOKED, TOO_MANY_DEVICES, and what the chain fails with
 */
export async function enrolLinked(
  context: { chain: Chain; vault: Vault; now: () => number; signal: AbortSignal },
  account: ItemOf<"account">,
  deviceSeed: Uint8Array,
): Promise<Self> {
  const { chain, vault, now, signal } = context;
  const identity = signingKeyPair(fromHex(account.identitySeed));
  const agreement = agreementKeyPair(fromHex(account.agreementSecret));
  const controller = account.controllerSecret as Hex;
  const record = await readPeer(chain, toHex(identity.public), signal);
  const fits =
    record.name === account.pseudonym &&
    record.keyVersion === account.keyVersion &&
    record.agreementKey === toHex(agreement.public) &&
    isControllerOf(record, controller);
  if (!fits) throw new SkrumbleError("LINK_REFUSED", { details: "The registry knows this identity otherwise." });
  const key = signingKeyPair(deviceSeed);
  const enrolled = await changeDevices(context, record, controllerSigner(controller), (devices) =>
    devices.some((device) => equalBytes(device, key.public)) ? devices : [...devices, key.public],
  );
  const issuedAt = now();
  const fields = { deviceKey: key.public, keyVersion: record.keyVersion, issuedAt };
  const device = { key, keyVersion: record.keyVersion, issuedAt, signature: signDeviceCert(identity.secret, fields) };
  const keys = { publicId: record.publicId, identity, agreement, controller };
  const backup = account.backup ? { backup: fromBase64Url(account.backup) } : {};
  return saveSelf(vault, { keys, device, record: enrolled, ...backup });
}
