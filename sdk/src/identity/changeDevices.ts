import { privateKeyToAccount } from "viem/accounts";
import { readDeadline } from "../chain/actions/readDeadline.ts";
import { readDevices } from "../chain/actions/readDevices.ts";
import { setDevices } from "../chain/actions/setDevices.ts";
import type { Chain } from "../chain/chain.ts";
import type { IdentityRecord } from "../chain/types.ts";
import { toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { TypedDataRequest } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import { awaitRecord } from "./awaitRecord.ts";
import { deviceRoot, maxDevices, sortDevices } from "./deviceRoot.ts";

const maxTries = 3;

export type SignTypedData = (typedData: TypedDataRequest) => Promise<Hex>;

export function controllerSigner(controller: Hex): SignTypedData {
  const account = privateKeyToAccount(controller);
  return (typedData) => account.signTypedData(typedData as Parameters<typeof account.signTypedData>[0]);
}

/**
 * Changes the on-chain device list; again when another device changed it at the same time.
 * @param change from the present list to the wanted one
 * @throws SkrumbleError TOO_MANY_DEVICES, CHAIN_REJECTED, CHAIN_STALLED, CHAIN_UNREACHABLE, QUORUM_FAILED, ABORTED
 */
export async function changeDevices(
  context: { chain: Chain; now: () => number; signal: AbortSignal | undefined },
  record: IdentityRecord,
  sign: SignTypedData,
  change: (devices: Uint8Array[]) => Uint8Array[],
): Promise<IdentityRecord> {
  const { chain, signal, now } = context;
  let current = record;
  for (let tries = 1; tries <= maxTries; tries++) {
    const devices = sortDevices(change(await readDevices(chain, current, signal)));
    if (devices.length > maxDevices) throw new SkrumbleError("TOO_MANY_DEVICES");
    const root = toHex(deviceRoot(devices));
    if (root === current.deviceRoot) return current;
    const deadline = await readDeadline(chain, now(), signal);
    const input = { identityId: record.id, deviceRoot: root, devices: devices.map(toHex), sign, deadline };
    try {
      await setDevices(chain, input, { signal });
      return await awaitRecord(context, record.publicId, (fresh) => fresh.deviceRoot === root);
    } catch (error) {
      // A stale nonce makes the signature look like another account's.
      if (!(error instanceof SkrumbleError) || error.code !== "WALLET_CHANGED_ACCOUNT" || tries === maxTries)
        throw error;
      current = await awaitRecord(context, record.publicId, (fresh) => fresh.deviceRoot !== current.deviceRoot);
    }
  }
  throw new SkrumbleError("CHAIN_REJECTED", { details: "The device list changes all the time." });
}
