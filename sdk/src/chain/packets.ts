import type { Abi } from "viem";
import { redPacketsAbi, skmAbi } from "../generated/index.ts";
import type { TypedDataRequest } from "../types/client.ts";
import type { Hex } from "../types/primitives.ts";
import type { Chain } from "./chain.ts";
import { packetRejections } from "./rejections.ts";
import { type SubmitOptions, submit, type TransactionReceipt } from "./submit.ts";

/** Blocks a creator has to reveal, as the contract has it. */
export const revealWindow = 200n;

export const packetDomain = (chain: Chain): TypedDataRequest["domain"] => ({
  name: "Skrumble RedPackets",
  version: "1",
  chainId: chain.network.chainId,
  verifyingContract: chain.network.contracts.redPackets,
});

/** @throws what {@link submit} throws */
export const submitToPackets = (chain: Chain, data: Hex, options: SubmitOptions): Promise<TransactionReceipt> =>
  submit(
    chain,
    {
      ...{ to: chain.network.contracts.redPackets, data, rejections: packetRejections },
      // Making a packet moves SKM, which has errors of its own.
      abi: [...redPacketsAbi, ...skmAbi] as Abi,
    },
    options,
  );
