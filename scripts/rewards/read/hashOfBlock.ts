import { type Hex, isHash, numberToHex } from "viem";
import type { Asks } from "./events.ts";

/**
 * The hash of a block, which stands for all before it.
 * @throws Error where the chain lacks it
 */
export async function hashOfBlock(client: Asks, number: number): Promise<Hex> {
  const block = await client.request({ method: "eth_getBlockByNumber", params: [numberToHex(number), false] });
  if (!block?.hash || !isHash(block.hash)) throw new Error(`The chain does not show block ${number}`);
  return block.hash;
}
