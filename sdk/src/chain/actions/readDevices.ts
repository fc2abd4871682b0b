import { decodeEventLog, encodeEventTopics, type Hex, numberToHex, pad } from "viem";
import { fromHex, toHex } from "../../crypto/bytes.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { identityRegistryAbi } from "../../generated/index.ts";
import { deviceRoot } from "../../identity/deviceRoot.ts";
import type { Chain } from "../chain.ts";
import type { IdentityRecord } from "../types.ts";

/**
 * Device keys of an identity, from the one event that holds the present list. A relay cannot lie: the list must compute
 * to the root of the record.
 * @throws SkrumbleError CHAIN_UNREACHABLE, CHAIN_REJECTED (no list fits the root), ABORTED
 */
export async function readDevices(chain: Chain, record: IdentityRecord, signal?: AbortSignal): Promise<Uint8Array[]> {
  if (/^0x0*$/.test(record.deviceRoot)) return [];
  const block = numberToHex(record.devicesBlock);
  const [topic] = encodeEventTopics({ abi: identityRegistryAbi, eventName: "DevicesChanged" });
  const filter = {
    address: chain.network.contracts.identityRegistry,
    fromBlock: block,
    toBlock: block,
    topics: [topic, pad(numberToHex(record.id), { size: 32 })],
  };
  const logs = (await chain.rpc.request("eth_getLogs", [filter], signal)) as { data: Hex; topics: [Hex, ...Hex[]] }[];
  for (const log of logs.toReversed()) {
    const { args } = decodeEventLog({ abi: identityRegistryAbi, eventName: "DevicesChanged", ...log });
    const devices = args.devices.map((device) => fromHex(device));
    if (toHex(deviceRoot(devices)) === record.deviceRoot) return devices;
  }
  throw new SkrumbleError("CHAIN_REJECTED", { details: "No device list fits the device root." });
}
