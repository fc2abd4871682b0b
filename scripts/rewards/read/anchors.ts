import type { Address } from "viem";
import { sessionAnchorAbi } from "../../../sdk/src/generated/abis.ts";
import type { PeriodFacts } from "../tally.ts";
import { type Asks, readEvents } from "./events.ts";

/**
 * In which slots each relay anchored, from one block to another, both included: one anchor for each, at the slot's first block. A
 * relay may anchor in every block, and roots are junk or not, nobody can tell; kept is only what counts.
 */
export async function readAnchors(
  client: Asks,
  address: Address,
  { from, to, slotBlocks }: { from: number; to: number; slotBlocks: number },
): Promise<PeriodFacts["anchors"]> {
  const slots = new Map<number, Set<number>>();
  for await (const events of readEvents(client, { address, abi: sessionAnchorAbi, events: ["Anchored"], from, to })) {
    for (const { args, blockNumber } of events) {
      const own = slots.get(args.relayId) ?? new Set();
      slots.set(args.relayId, own.add(Math.floor(Number(blockNumber) / slotBlocks)));
    }
  }
  return anchorsOf(slots, slotBlocks);
}

function* anchorsOf(slots: ReadonlyMap<number, ReadonlySet<number>>, slotBlocks: number) {
  for (const [relay, own] of slots) for (const slot of own) yield { block: slot * slotBlocks, relay };
}
