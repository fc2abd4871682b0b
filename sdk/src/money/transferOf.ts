import { encodeFunctionData, erc20Abi, zeroAddress } from "viem";
import type { AssetId } from "../types/money.ts";
import type { Address, Hex } from "../types/primitives.ts";

/** What moves an asset, when the wallet itself sends it. */
export const transferOf = (
  { token }: AssetId,
  to: Address,
  amount: bigint,
): { to: Address; data: Hex; value: bigint } =>
  token === zeroAddress
    ? { to, data: "0x", value: amount }
    : {
        to: token,
        data: encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [to, amount] }),
        value: 0n,
      };
