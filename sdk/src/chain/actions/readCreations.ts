import { decodeEventLog, encodeEventTopics, type Hex, numberToHex, pad } from "viem";
import { redPacketsAbi } from "../../generated/index.ts";
import type { Address } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { readLogs } from "../logs.ts";

/** A packet as it was made. */
export interface PacketCreation {
  packetId: number;
  key: Address;
  block: number;
}

const [created] = encodeEventTopics({ abi: redPacketsAbi, eventName: "PacketCreated" });

/**
 * Packets that were made in some blocks, by somebody or with a number, oldest first.
 * @throws what {@link readLogs} throws
 */
export async function readCreations(
  chain: Chain,
  { packetId, creator, from, to }: { packetId?: bigint; creator?: Address; from: bigint; to: bigint },
  signal?: AbortSignal,
): Promise<PacketCreation[]> {
  const number = packetId === undefined ? null : pad(numberToHex(packetId), { size: 32 });
  const by = creator === undefined ? null : pad(creator.toLowerCase() as Address, { size: 32 });
  const address = chain.network.contracts.redPackets;
  const logs = await readLogs(chain, { address, topics: [created as Hex, number, by], from, to }, signal);
  return logs.map(({ data, topics, blockNumber }) => {
    const { args } = decodeEventLog({ abi: redPacketsAbi, eventName: "PacketCreated", data, topics });
    return { packetId: Number(args.packetId), key: args.key, block: Number(blockNumber) };
  });
}
