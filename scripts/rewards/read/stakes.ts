import type { Address } from "viem";
import { relayRegistryAbi } from "../../../sdk/src/generated/abis.ts";
import type { Relay } from "../tally.ts";
import { type Asks, readEvents } from "./events.ts";

/** What is known of relays and their stakes, brought forward by the registry's events from one block to another, both included. */
export async function readStakes(
  client: Asks,
  registry: Address,
  before: readonly Relay[],
  from: number,
  to: number,
): Promise<Relay[]> {
  const events = await readEvents(client, {
    address: registry,
    abi: relayRegistryAbi,
    events: ["RelayRegistered", "RelayStakeAdded", "RelayUnbonding"],
    from,
    to,
  });
  const relays = new Map(before.map((relay) => [relay.id, relay]));
  for (const { eventName, args, blockNumber } of events) {
    const { relayId: id } = args;
    const block = Number(blockNumber);
    const known = relays.get(id);
    if (eventName === "RelayRegistered") {
      relays.set(id, { id, operator: args.operator, stakes: [{ block, stake: args.stake }] });
      continue;
    }
    if (!known) throw new Error(`The chain does not say when relay ${id} was registered`);
    const stake = eventName === "RelayStakeAdded" ? (known.stakes.at(-1)?.stake ?? 0n) + args.amount : 0n;
    relays.set(id, { ...known, stakes: [...known.stakes, { block, stake }] });
  }
  return [...relays.values()];
}
