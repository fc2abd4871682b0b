import { encodeFunctionData } from "viem";
import { redPacketsAbi } from "../../generated/index.ts";
import type { Hex } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { submitToPackets } from "../packets.ts";
import type { SubmitOptions, TransactionReceipt } from "../submit.ts";

/** Shares of one transaction: even when every one of them uses all the gas a payment may, it stays below the cap (EIP-7825). */
export const mostAtOnce = 30;

const gasFor = (shares: number): bigint => 500_000n + 300_000n * BigInt(shares);

/**
 * Pays the oldest shares that have none of their amount yet: with a link of the hash chain by luck, without one as equal shares.
 * @param input.identityIds in the order of their claims, at most {@link mostAtOnce}
 * @param input.link that of the last of them
 * @throws SkrumbleError CHAIN_REJECTED (not possible now, or others were faster), and what {@link submitToPackets} throws
 */
export function payPacket(
  chain: Chain,
  input: { packetId: bigint; identityIds: readonly bigint[]; link?: Hex },
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const { packetId, identityIds, link } = input;
  const data =
    link === undefined
      ? encodeFunctionData({ abi: redPacketsAbi, functionName: "settle", args: [packetId, identityIds] })
      : encodeFunctionData({ abi: redPacketsAbi, functionName: "draw", args: [packetId, link, identityIds] });
  return submitToPackets(chain, data, { gas: gasFor(identityIds.length), ...options });
}
