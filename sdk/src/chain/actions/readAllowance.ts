import { erc20Abi } from "viem";
import type { Address } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";

/** How much of a token a contract may take from a wallet. @throws what {@link readContract} throws */
export const readAllowance = (
  chain: Chain,
  { token, owner, spender }: { token: Address; owner: Address; spender: Address },
  options: ReadOptions = {},
): Promise<bigint> =>
  readContract(chain, { address: token, abi: erc20Abi, functionName: "allowance", args: [owner, spender] }, options);
