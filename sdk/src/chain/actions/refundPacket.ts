import { encodeFunctionData } from "viem";
import { redPacketsAbi } from "../../generated/index.ts";
import type { Address } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { submitToPackets } from "../packets.ts";
import type { SubmitOptions, TransactionReceipt } from "../submit.ts";

/**
 * Sends what is left of a packet back to its creator.
 * @throws SkrumbleError PACKET_NOT_EXPIRED, PACKET_SHARES_PENDING, PACKET_NOTHING_LEFT, and what {@link submitToPackets} throws
 */
export const refundPacket = (
  chain: Chain,
  { packetId, creator }: { packetId: bigint; creator: Address },
  options: SubmitOptions = {},
): Promise<TransactionReceipt> =>
  submitToPackets(
    chain,
    encodeFunctionData({ abi: redPacketsAbi, functionName: "refund", args: [packetId, creator] }),
    options,
  );
