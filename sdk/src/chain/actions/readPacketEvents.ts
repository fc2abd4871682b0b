import { decodeEventLog, encodeEventTopics, type Hex, numberToHex, pad } from "viem";
import { redPacketsAbi } from "../../generated/index.ts";
import type { Address } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { type Log, readLogs } from "../logs.ts";

/** Who took a share, in no order. */
export interface PacketClaim {
  identityId: bigint;
  recipient: Address;
  place: number;
  block: bigint;
}

export interface PacketEvents {
  claims: PacketClaim[];
  payments: { identityId: bigint; amount: bigint }[];
}

const [claimed] = encodeEventTopics({ abi: redPacketsAbi, eventName: "PacketClaimed" });
const [paid] = encodeEventTopics({ abi: redPacketsAbi, eventName: "PacketPaid" });

/**
 * Claims and payments of a packet in some blocks.
 * @throws what {@link readLogs} throws
 */
export async function readPacketEvents(
  chain: Chain,
  { packetId, from, to }: { packetId: bigint; from: bigint; to: bigint },
  signal?: AbortSignal,
): Promise<PacketEvents> {
  const address = chain.network.contracts.redPackets;
  const topics = [[claimed as Hex, paid as Hex], pad(numberToHex(packetId), { size: 32 })];
  const logs = await readLogs(chain, { address, topics, from, to }, signal);
  const found: PacketEvents = { claims: [], payments: [] };
  for (const log of logs) note(found, log);
  return found;
}

function note(found: PacketEvents, { data, topics, blockNumber }: Log): void {
  const { eventName, args } = decodeEventLog({ abi: redPacketsAbi, data, topics });
  if (eventName === "PacketClaimed") {
    const { identityId, recipient, ordinal } = args;
    found.claims.push({ identityId, recipient, place: Number(ordinal), block: BigInt(blockNumber) });
  } else if (eventName === "PacketPaid") {
    args.identityIds.forEach((identityId, i) => {
      found.payments.push({ identityId, amount: args.amounts[i] as bigint });
    });
  }
}
