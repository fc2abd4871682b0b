import { stringToHex } from "viem";
import { SkrumbleError } from "../../errors/index.ts";
import { usageFeesAbi } from "../../generated/index.ts";
import type { Hex } from "../../types/primitives.ts";
import { type Chain, type ReadOptions, readContract } from "../chain.ts";

/** A feature as the contract has it. @throws SkrumbleError INPUT_INVALID: not 1 to 31 characters of printable ASCII */
export function featureId(feature: string): Hex {
  if (!/^[!-~]{1,31}$/.test(feature)) throw new SkrumbleError("INPUT_INVALID", { details: "Not a feature." });
  return stringToHex(feature, { size: 32 });
}

/**
 * What one unit of a feature costs, in the smallest unit of SKM; undefined when it is not for sale.
 * @throws SkrumbleError INPUT_INVALID, and what {@link readContract} throws
 */
export async function readPrice(chain: Chain, feature: string, options: ReadOptions = {}): Promise<bigint | undefined> {
  const fees = { address: chain.network.contracts.usageFees, abi: usageFeesAbi };
  const args = [featureId(feature)] as const;
  const price = await readContract(chain, { ...fees, functionName: "priceOf", args }, options);
  return price === 0n ? undefined : price;
}
