import { encodeFunctionData } from "viem";
import { redPacketsAbi } from "../../generated/index.ts";
import type { Address } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { simulateOnPackets, submitToPackets } from "../packets.ts";
import type { SubmitOptions, TransactionReceipt } from "../submit.ts";

/**
 * Sends what is left of a packet back to its creator. Nothing is sent where two operators say that it would be refused.
 * @throws SkrumbleError PACKET_NOT_EXPIRED, PACKET_SHARES_PENDING, PACKET_NOTHING_LEFT, PAYMENT_REFUSED (the token, or the creator's
 * contract, does not take it), QUORUM_FAILED, and what {@link submitToPackets} throws
 */
export async function refundPacket(
  chain: Chain,
  { packetId, creator }: { packetId: bigint; creator: Address },
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const data = encodeFunctionData({ abi: redPacketsAbi, functionName: "refund", args: [packetId, creator] });
  await simulateOnPackets(chain, { data }, options.signal, { quorum: true });
  return submitToPackets(chain, data, options);
}
