import { redPacketsAbi } from "../../generated/index.ts";
import type { Address } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";

export interface PacketTicket {
  recipient: Address;
  block: bigint;
  /** 1 for the first. */
  place: number;
}

/** The share an identity took; undefined when it took none. @throws what {@link readContract} throws */
export async function readTicket(
  chain: Chain,
  { packetId, identityId }: { packetId: bigint; identityId: bigint },
  options: ReadOptions = {},
): Promise<PacketTicket | undefined> {
  const { recipient, blockNumber, ordinal } = await readContract(
    chain,
    {
      address: chain.network.contracts.redPackets,
      abi: redPacketsAbi,
      functionName: "ticket",
      args: [packetId, identityId],
    },
    options,
  );
  return ordinal === 0 ? undefined : { recipient, block: BigInt(blockNumber), place: ordinal };
}
