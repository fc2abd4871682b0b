import { privateKeyToAccount } from "viem/accounts";
import { readDevices } from "../chain/actions/readDevices.ts";
import { setDevices } from "../chain/actions/setDevices.ts";
import type { IdentityRecord } from "../chain/types.ts";
import { toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { JoinInput, TypedDataRequest } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import { openBackup } from "./backup.ts";
import { deriveCodeKey, deriveKeys, type IdentityKeys, identityTypedData } from "./derive.ts";
import { createDevice, type Device } from "./device.ts";
import { deviceRoot, maxDevices, sortDevices } from "./deviceRoot.ts";
import type { JoinContext, JoinOutcome } from "./join.ts";
import { openKept } from "./keptBackups.ts";
import { awaitRecord } from "./register.ts";
import { signChecked } from "./wallet.ts";

const deadlineSeconds = 3600;
const maxTries = 3;

/** Opens an existing identity on this device and enrols the device with the controller key: the wallet is asked once. */
export async function restore(context: JoinContext, input: JoinInput, record: IdentityRecord): Promise<JoinOutcome> {
  if (record.revoked) throw new SkrumbleError("IDENTITY_REVOKED");
  const { keys, backup } = await derive(context, input, record);
  if (keys.publicId !== record.publicId) throw new SkrumbleError("WRONG_SECURITY_CODE");
  const device = createDevice(keys, record.keyVersion, context.now());
  context.onProgress("register");
  const outcome = { keys, device, record: await enrol(context, keys, device, record) };
  return backup ? { kind: "registered-with-backup", ...outcome, backup } : { kind: "restored", ...outcome };
}

async function derive(
  context: JoinContext,
  input: JoinInput,
  record: IdentityRecord,
): Promise<{ keys: IdentityKeys; backup?: Uint8Array }> {
  const { wallet, securityCode, backup } = input;
  const { saltName, keyVersion } = record;
  const stretch = () => deriveCodeKey({ securityCode, saltName, wallet: wallet.address }, context.argon2);
  if (backup) {
    context.onProgress("derive");
    const codeKey = await stretch();
    const root = await openBackup(backup, { codeKey, wallet: wallet.address, saltName });
    return { keys: deriveKeys(codeKey, root, keyVersion) };
  }
  const kept = await context.backups.list(wallet.address, saltName);
  if (kept.length > 0) {
    // Registered by a join on this device that did not come to its end: nobody has its backup yet.
    context.onProgress("derive");
    const codeKey = await stretch();
    for (const { root, backup } of await openKept(context.backups, { codeKey, wallet: wallet.address, saltName })) {
      const keys = deriveKeys(codeKey, root, keyVersion);
      if (keys.publicId === record.publicId) return { keys, backup };
    }
  }
  context.onProgress("sign-identity");
  const typedData = identityTypedData(wallet.address, keyVersion);
  const signature = await signChecked(context.chain, wallet, typedData, context.signal);
  if (signature.fromContract) throw new SkrumbleError(kept.length > 0 ? "WRONG_SECURITY_CODE" : "BACKUP_REQUIRED");
  context.onProgress("derive");
  return { keys: deriveKeys(await stretch(), signature.bytes, keyVersion) };
}

/** Adds the device to the on-chain list; again when another device changed the list at the same time. */
async function enrol(
  context: JoinContext,
  keys: IdentityKeys,
  device: Device,
  record: IdentityRecord,
): Promise<IdentityRecord> {
  const { chain, signal, now } = context;
  const controller = privateKeyToAccount(keys.controller);
  const sign = (typedData: TypedDataRequest): Promise<Hex> =>
    controller.signTypedData(typedData as Parameters<typeof controller.signTypedData>[0]);
  let current = record;
  for (let tries = 1; tries <= maxTries; tries++) {
    const devices = sortDevices([...(await readDevices(chain, current, signal)), device.key.public]);
    if (devices.length > maxDevices) throw new SkrumbleError("TOO_MANY_DEVICES");
    const root = toHex(deviceRoot(devices));
    const deadline = BigInt(Math.floor(now() / 1000) + deadlineSeconds);
    const change = { identityId: record.id, deviceRoot: root, devices: devices.map(toHex), sign, deadline };
    try {
      await setDevices(chain, change, { signal });
      return await awaitRecord(context, keys.publicId, (fresh) => fresh.deviceRoot === root);
    } catch (error) {
      // A stale nonce makes the signature look like another account's.
      if (!(error instanceof SkrumbleError) || error.code !== "WALLET_CHANGED_ACCOUNT") throw error;
      current = await awaitRecord(context, keys.publicId, (fresh) => fresh.deviceRoot !== current.deviceRoot);
    }
  }
  throw new SkrumbleError("CHAIN_REJECTED", { details: "The device list changes all the time." });
}
