import type { IdentityRecord } from "../chain/types.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { JoinInput } from "../types/client.ts";
import { openBackup } from "./backup.ts";
import { changeDevices, controllerSigner } from "./changeDevices.ts";
import { isControllerOf, replaceController } from "./controller.ts";
import { deriveCodeKey, deriveKeys, type IdentityKeys, identityTypedData } from "./derive.ts";
import { createDevice } from "./device.ts";
import type { JoinContext, JoinOutcome } from "./join.ts";
import { openKept } from "./keptBackups.ts";
import { signChecked } from "./wallet.ts";

/**
 * Opens an existing identity on this device and enrols the device with the controller key: the wallet is asked once, or once
 * more where that key is replaced.
 */
export async function restore(context: JoinContext, input: JoinInput, record: IdentityRecord): Promise<JoinOutcome> {
  if (record.revoked) throw new SkrumbleError("IDENTITY_REVOKED");
  const { keys, backup } = await derive(context, input, record);
  if (keys.publicId !== record.publicId) throw new SkrumbleError("WRONG_SECURITY_CODE");
  const device = createDevice(keys, record.keyVersion, context.now());
  const withThis = (devices: Uint8Array[]) => [...(input.onlyDevice ? [] : devices), device.key.public];
  const outcome = await enrol(context, input, record, keys, withThis);
  const restored = { ...outcome, device };
  return backup ? { kind: "registered-with-backup", ...restored, backup } : { kind: "restored", ...restored };
}

/** With the key that follows from wallet and code, unless another one is in force, or the other devices may be in wrong hands. */
async function enrol(
  context: JoinContext,
  { wallet, onlyDevice }: JoinInput,
  record: IdentityRecord,
  keys: IdentityKeys,
  change: (devices: Uint8Array[]) => Uint8Array[],
): Promise<Pick<JoinOutcome, "keys" | "record" | "replaced">> {
  if (!onlyDevice && isControllerOf(record, keys.controller)) {
    context.onProgress("register");
    return { keys, record: await changeDevices(context, record, controllerSigner(keys.controller), change) };
  }
  context.onProgress("sign-devices");
  const { controller, record: enrolled } = await replaceController(context, record, wallet, change);
  return { keys: { ...keys, controller }, record: enrolled, replaced: true };
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
