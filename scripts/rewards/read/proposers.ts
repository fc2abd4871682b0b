import { type Address, isAddress, numberToHex } from "viem";
import type { Asks } from "./events.ts";

const AT_ONCE = 200;

/**
 * Who proposed each of the blocks from one to another, both included, as the headers say.
 * @throws Error where the chain lacks one of them: a count without it would be another one
 */
export async function readProposers(client: Asks, from: number, to: number): Promise<Address[]> {
  /** One string for each proposer, not for each block. */
  const known = new Map<string, Address>();
  const proposers: Address[] = [];
  for (let first = from; first <= to; first += AT_ONCE) {
    const count = Math.min(AT_ONCE, to - first + 1);
    const blocks = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        client.request({ method: "eth_getBlockByNumber", params: [numberToHex(first + index), false] }),
      ),
    );
    for (const [index, block] of blocks.entries()) {
      const number = first + index;
      if (!block || Number(block.number) !== number || !isAddress(block.miner, { strict: false }))
        throw new Error(`The chain does not say who proposed block ${number}`);
      const proposer = known.get(block.miner) ?? block.miner;
      known.set(block.miner, proposer);
      proposers.push(proposer);
    }
  }
  return proposers;
}
