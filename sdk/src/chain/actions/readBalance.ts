import { erc20Abi, isAddressEqual, zeroAddress } from "viem";
import type { Address } from "../../types/primitives.ts";
import { type AnyChain, type ReadOptions, readContract } from "../chain.ts";
import { provable } from "../provenance.ts";
import { quorumRequest } from "../quorum.ts";

/**
 * What a wallet has of a token, or of the chain's coin (zero address). SKM is proven where the chain has seals of four validators at
 * least: no relay is believed.
 * @throws what {@link readContract} throws; SkrumbleError CHAIN_UNPROVEN, CHAIN_MAY_BE_OLD, CHAIN_TOO_FEW_VALIDATORS
 */
export async function readBalance(
  chain: AnyChain,
  token: Address,
  wallet: Address,
  options: ReadOptions = {},
): Promise<bigint> {
  const proving = options.block === undefined ? provable(chain) : undefined;
  if (proving && isAddressEqual(token, proving.network.contracts.skm)) {
    const { readProvenBalance } = await import("../verified/readProvenBalance.ts");
    return readProvenBalance(proving, wallet, options.signal);
  }
  if (token !== zeroAddress)
    return readContract(chain, { address: token, abi: erc20Abi, functionName: "balanceOf", args: [wallet] }, options);
  const params = [wallet, "latest"];
  const units = options.quorum
    ? await quorumRequest(chain.rpc, "eth_getBalance", params, options.signal)
    : await chain.rpc.request("eth_getBalance", params, options.signal);
  return BigInt(units as string);
}
