import { erc20Abi, isAddressEqual, zeroAddress } from "viem";
import type { Address } from "../../types/primitives.ts";
import { type AnyChain, type Chain, type ReadOptions, readContract } from "../chain.ts";
import { quorumRequest } from "../quorum.ts";

/**
 * What a wallet has of a token, or of the chain's coin (zero address). SKM is proven where the chain has seals: no relay is believed.
 * @throws what {@link readContract} throws; SkrumbleError CHAIN_UNPROVEN
 */
export async function readBalance(
  chain: AnyChain,
  token: Address,
  wallet: Address,
  options: ReadOptions = {},
): Promise<bigint> {
  const home = isHome(chain) && options.block === undefined ? chain : undefined;
  if (home?.network.validators && isAddressEqual(token, home.network.contracts.skm)) {
    const { readProvenBalance } = await import("../verified/readProvenBalance.ts");
    return readProvenBalance(home, home.network.validators, wallet, options.signal);
  }
  if (token !== zeroAddress)
    return readContract(chain, { address: token, abi: erc20Abi, functionName: "balanceOf", args: [wallet] }, options);
  const params = [wallet, "latest"];
  const units = options.quorum
    ? await quorumRequest(chain.rpc, "eth_getBalance", params, options.signal)
    : await chain.rpc.request("eth_getBalance", params, options.signal);
  return BigInt(units as string);
}

/** The network's own chain; SKM is nowhere else. */
const isHome = (chain: AnyChain): chain is Chain => !chain.further;
