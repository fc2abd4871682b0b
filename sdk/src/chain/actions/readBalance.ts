import { erc20Abi, zeroAddress } from "viem";
import type { Address } from "../../types/primitives.ts";
import { type AnyChain, type ReadOptions, readContract } from "../chain.ts";
import { quorumRequest } from "../quorum.ts";

/** What a wallet has of a token, or of the chain's coin (zero address). @throws what {@link readContract} throws */
export async function readBalance(
  chain: AnyChain,
  token: Address,
  wallet: Address,
  options: ReadOptions = {},
): Promise<bigint> {
  if (token !== zeroAddress)
    return readContract(chain, { address: token, abi: erc20Abi, functionName: "balanceOf", args: [wallet] }, options);
  const params = [wallet, "latest"];
  const units = options.quorum
    ? await quorumRequest(chain.rpc, "eth_getBalance", params, options.signal)
    : await chain.rpc.request("eth_getBalance", params, options.signal);
  return BigInt(units as string);
}
