import { sessionAnchorAbi } from "../../sdk/src/generated/abis.ts";
import type { Deployment } from "../deploy/types.ts";
import { type Asks, readEvents } from "./read/events.ts";
import { firstPeriod } from "./read/firstPeriod.ts";
import { readProposers } from "./read/proposers.ts";
import { readStakes } from "./read/stakes.ts";
import { emptyTally, periodBlocks, type Relay, type Schedule, type Tally, tallyPeriod } from "./tally.ts";

/** How far somebody has counted, to go on from. */
export interface Count {
  tally: Tally;
  /** As of the end of the last period, or of before the first. */
  relays: readonly Relay[];
  /** The block from which the registry has still to be read. */
  readFrom: number;
}

type Counted = Pick<Deployment, "fromBlock" | "contracts">;

/** Counts the periods that have ended, from where `before` stopped; `save` is told after each one. */
export async function count(
  client: Asks,
  deployment: Counted,
  schedule: Schedule,
  { before, save }: { before?: Count | undefined; save?: (count: Count) => void } = {},
): Promise<Count> {
  const head = Number(await client.request({ method: "eth_blockNumber" }));
  let now = before ?? {
    tally: emptyTally(await firstPeriod(client, deployment, head, schedule)),
    relays: [],
    readFrom: deployment.fromBlock,
  };
  for (const ended = Math.floor((head + 1) / periodBlocks(schedule)); now.tally.next < ended; ) {
    now = await countOne(client, deployment, schedule, now);
    save?.(now);
  }
  return now;
}

async function countOne(client: Asks, { contracts }: Counted, schedule: Schedule, before: Count): Promise<Count> {
  const number = before.tally.next;
  const from = number * periodBlocks(schedule);
  const to = from + periodBlocks(schedule) - 1;
  const relays = await readStakes(client, contracts.relayRegistry, before.relays, before.readFrom, to);
  const anchored = await readEvents(client, {
    address: contracts.sessionAnchor,
    abi: sessionAnchorAbi,
    events: ["Anchored"],
    from,
    to,
  });
  const anchors = anchored.map(({ args, blockNumber }) => ({ block: Number(blockNumber), relay: args.relayId }));
  const proposers = await readProposers(client, from, to);
  return {
    tally: tallyPeriod(before.tally, { number, proposers, anchors, relays }, schedule),
    relays,
    readFrom: to + 1,
  };
}
