import { decodeEventLog, encodeEventTopics, type Hex, numberToHex, pad } from "viem";
import { equalBytes, fromHex } from "../../crypto/bytes.ts";
import { SkrumbleError, throwIfAborted } from "../../errors/index.ts";
import { identityRegistryAbi } from "../../generated/index.ts";
import { deviceRoot } from "../../identity/deviceRoot.ts";
import type { Chain } from "../chain.ts";
import { pauseBefore } from "../pauseBefore.ts";
import type { IdentityRecord } from "../types.ts";

/** Times that all are asked: where one lies, the others may fail at that moment. */
const rounds = 3;

/**
 * Device keys of an identity, from the one event that holds the present list. A relay cannot lie: the list must compute
 * to the root of the record. One that says nothing, or nonsense, or is a block behind, only makes the next one be asked.
 * @throws SkrumbleError CHAIN_UNREACHABLE (no relay has a list that fits the root), ABORTED
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
  const root = fromHex(record.deviceRoot);
  let last: unknown;
  let answered = false;
  for (let round = 0; round < rounds; round++) {
    // Nobody answers where nobody is there: that is not asked again.
    if (round > 0 && !answered) break;
    await pauseBefore(round);
    for (const endpoint of chain.rpc.endpoints()) {
      throwIfAborted(signal);
      try {
        const logs = await chain.rpc.requestAt(endpoint, "eth_getLogs", [filter], signal);
        answered = true;
        const found = listUnder(root, logs);
        if (found) return found;
      } catch (error) {
        last = error;
      }
    }
  }
  throwIfAborted(signal);
  throw new SkrumbleError("CHAIN_UNREACHABLE", { details: "No device list fits the device root.", cause: last });
}

/** The list in a relay's answer that computes to the root. Throws anything at all for an answer that is no list of logs. */
function listUnder(root: Uint8Array, logs: unknown): Uint8Array[] | undefined {
  for (const log of (logs as { data: Hex; topics: [Hex, ...Hex[]] }[]).toReversed()) {
    const { args } = decodeEventLog({ abi: identityRegistryAbi, eventName: "DevicesChanged", ...log });
    const devices = args.devices.map((device) => fromHex(device));
    if (equalBytes(deviceRoot(devices), root)) return devices;
  }
  return undefined;
}
