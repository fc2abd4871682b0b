import { usageFeesAbi } from "../../generated/index.ts";
import type { Address, Hex } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";

const nothing: Hex = `0x${"0".repeat(64)}`;

/** Receipt of what a wallet paid under a salt; undefined when nothing was. @throws what {@link readContract} throws */
export async function readReceipt(
  chain: Chain,
  { payer, salt }: { payer: Address; salt: Hex },
  options: ReadOptions = {},
): Promise<Hex | undefined> {
  const fees = { address: chain.network.contracts.usageFees, abi: usageFeesAbi };
  const receipt = await readContract(chain, { ...fees, functionName: "receipts", args: [payer, salt] }, options);
  return receipt === nothing ? undefined : receipt;
}
