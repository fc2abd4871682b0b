import { type Abi, numberToHex } from "viem";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import { redPacketsAbi, skmAbi } from "../generated/index.ts";
import type { TypedDataRequest } from "../types/client.ts";
import type { Address, Hex } from "../types/primitives.ts";
import type { Chain } from "./chain.ts";
import { quorumRequest } from "./quorum.ts";
import { packetRejections } from "./rejections.ts";
import { simulate } from "./simulate.ts";
import { revertName, type SubmitOptions, submit, type TransactionReceipt } from "./submit.ts";

/** Blocks a creator has to reveal, as the contract has it. */
export const revealWindow = 200n;

export const packetDomain = (chain: Chain): TypedDataRequest["domain"] => ({
  name: "Skrumble RedPackets",
  version: "1",
  chainId: chain.network.chainId,
  verifyingContract: chain.network.contracts.redPackets,
});

/** Making a packet moves SKM, which has errors of its own. */
const abi = [...redPacketsAbi, ...skmAbi] as Abi;

/**
 * What the contract or the token would refuse is sent by nobody.
 * @param quorum two operators have to say the same, also that it would be taken: where more depends on it than that it is tried again
 * @throws SkrumbleError what the contract says, PAYMENT_REFUSED (the token, or whoever would be paid, refuses), CHAIN_UNREACHABLE, ABORTED;
 * QUORUM_FAILED
 */
export async function simulateOnPackets(
  chain: Chain,
  { value, ...call }: { data: Hex; from?: Address; value?: bigint },
  signal?: AbortSignal,
  { quorum = false }: { quorum?: boolean } = {},
): Promise<void> {
  const to = chain.network.contracts.redPackets;
  const request = { ...call, to, ...(value ? { value: numberToHex(value) } : {}) };
  try {
    await (quorum
      ? quorumRequest(chain.rpc, "eth_call", [request, "latest"], signal)
      : simulate(chain, request, signal));
  } catch (error) {
    if (codeOf(error) !== "CHAIN_REJECTED") throw error;
    const name = revertName(error, abi);
    throw new SkrumbleError((name && packetRejections[name]) || "PAYMENT_REFUSED", { cause: error });
  }
}

/** @throws what {@link submit} throws */
export const submitToPackets = (chain: Chain, data: Hex, options: SubmitOptions): Promise<TransactionReceipt> =>
  submit(chain, { to: chain.network.contracts.redPackets, data, abi, rejections: packetRejections }, options);
