import { redPacketsAbi } from "../../generated/index.ts";
import type { Address, Hex } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";
import { revertName } from "../submit.ts";

export interface PacketRecord {
  creator: Address;
  /** Zero: the chain's own coin. */
  token: Address;
  key: Address;
  chainHead: Hex;
  total: bigint;
  left: bigint;
  /** Unix seconds. */
  expiresAt: number;
  shares: number;
  /** How many took a share, and how many of them have their amount. */
  issued: number;
  paid: number;
  /** Whether shares are drawn now. */
  lucky: boolean;
}

/** A red packet; undefined when there is none with this number. @throws what {@link readContract} throws */
export async function readPacket(
  chain: Chain,
  packetId: bigint,
  options: ReadOptions = {},
): Promise<PacketRecord | undefined> {
  const address = chain.network.contracts.redPackets;
  try {
    const call = { address, abi: redPacketsAbi, functionName: "packet", args: [packetId] } as const;
    const { creator, token, key, chainHead, total, left, expiresAt, shares, issued, paid, lucky } = await readContract(
      chain,
      call,
      options,
    );
    return { creator, token, key, chainHead, total, left, expiresAt, shares, issued, paid, lucky };
  } catch (error) {
    if (revertName(error, redPacketsAbi) === "PacketUnknown") return undefined;
    throw error;
  }
}
