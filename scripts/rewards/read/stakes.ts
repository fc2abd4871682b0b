import type { Address } from "viem";
import { relayRegistryAbi } from "../../../sdk/src/generated/abis.ts";
import type { Relay } from "../tally.ts";
import { type Asks, readEvents } from "./events.ts";

interface Span {
  /** The first block of the registry that was not read yet. */
  readFrom: number;
  /** The first and the last block of the period. */
  from: number;
  to: number;
  slotBlocks: number;
}

/**
 * What is known of relays and their stakes, brought forward by the registry's events. Of the changes before the period the last one
 * is kept, and of those in a slot too: an operator may add nothing to a stake as often as there is room in blocks.
 */
export async function readStakes(
  client: Asks,
  registry: Address,
  before: readonly Relay[],
  { readFrom, from, to, slotBlocks }: Span,
): Promise<Relay[]> {
  const relays = new Map(before.map(({ stakes, ...relay }) => [relay.id, { ...relay, stakes: stakes.slice(-1) }]));
  const wanted = {
    address: registry,
    abi: relayRegistryAbi,
    events: ["RelayRegistered", "RelayStakeAdded", "RelayUnbonding"],
    from: readFrom,
    to,
  } as const;
  /** Changes of one slot count from the same next one on. */
  const slotOf = (block: number) => Math.floor(Math.max(block, from - 1) / slotBlocks);
  for await (const events of readEvents(client, wanted)) {
    for (const { eventName, args, blockNumber } of events) {
      const { relayId: id } = args;
      const block = Number(blockNumber);
      if (eventName === "RelayRegistered") {
        relays.set(id, { id, operator: args.operator, stakes: [{ block, stake: args.stake }] });
        continue;
      }
      const stakes = relays.get(id)?.stakes;
      const last = stakes?.at(-1);
      if (!stakes || !last) throw new Error(`The chain does not say when relay ${id} was registered`);
      const stake = eventName === "RelayStakeAdded" ? last.stake + args.amount : 0n;
      if (slotOf(last.block) === slotOf(block)) stakes.pop();
      stakes.push({ block, stake });
    }
  }
  return [...relays.values()];
}
