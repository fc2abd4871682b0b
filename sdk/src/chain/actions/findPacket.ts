import { decodeEventLog, encodeEventTopics, type Hex, pad } from "viem";
import { redPacketsAbi } from "../../generated/index.ts";
import type { Address } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { logSpan, readLogs } from "../logs.ts";
import { readHead } from "./readHead.ts";
import { readPacket } from "./readPacket.ts";

/**
 * The packet that somebody made with a key of its own, from a block on; undefined when it is not there (yet). A relay cannot
 * name a wrong one: two operators have to know the packet with this key.
 * @throws SkrumbleError CHAIN_UNREACHABLE, QUORUM_FAILED, ABORTED
 */
export async function findPacket(
  chain: Chain,
  { creator, key, from }: { creator: Address; key: Address; from: bigint },
  signal?: AbortSignal,
): Promise<{ packetId: number; block: number } | undefined> {
  const [topic] = encodeEventTopics({ abi: redPacketsAbi, eventName: "PacketCreated" });
  const head = await readHead(chain, signal);
  for (let at = from; at <= head; at += logSpan) {
    const to = at + logSpan - 1n < head ? at + logSpan - 1n : head;
    const topics = [topic as Hex, null, pad(creator, { size: 32 })];
    const address = chain.network.contracts.redPackets;
    for (const { data, topics: indexed, blockNumber } of await readLogs(
      chain,
      { address, topics, from: at, to },
      { signal },
    )) {
      const { args } = decodeEventLog({ abi: redPacketsAbi, eventName: "PacketCreated", data, topics: indexed });
      if (args.key.toLowerCase() !== key.toLowerCase()) continue;
      const packet = await readPacket(chain, args.packetId, { quorum: true, signal });
      if (packet?.key.toLowerCase() === key.toLowerCase() && packet.creator.toLowerCase() === creator.toLowerCase())
        return { packetId: Number(args.packetId), block: Number(blockNumber) };
    }
  }
  return undefined;
}
