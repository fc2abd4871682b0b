import type { Hex } from "viem";
import { Refusal } from "../lib/say.ts";
import { readAnchors } from "./read/anchors.ts";
import type { Asks } from "./read/events.ts";
import { expectNotAgain, firstPeriod, type Rewarded } from "./read/firstPeriod.ts";
import { hashOfBlock } from "./read/hashOfBlock.ts";
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
  /** Hash of the block before it; undefined until a period is counted. */
  last: Hex | undefined;
}

/**
 * Counts the periods that have ended, from where `before` stopped; `save` is told after each one.
 * @throws Refusal where `before` is of another chain, or the contract did not have its bucket all the time
 */
export async function count(
  client: Asks,
  rewarded: Rewarded,
  schedule: Schedule,
  { before, save }: { before?: Count | undefined; save?: (count: Count) => void } = {},
): Promise<Count> {
  const head = Number(await client.request({ method: "eth_blockNumber" }));
  if (before) await expectGoesOn(client, rewarded, before, head);
  let now: Count = before ?? {
    tally: emptyTally(await firstPeriod(client, rewarded, head, schedule)),
    relays: [],
    readFrom: rewarded.fromBlock,
    last: undefined,
  };
  for (const ended = Math.floor((head + 1) / periodBlocks(schedule)); now.tally.next < ended; ) {
    now = await countOne(client, rewarded, schedule, now);
    save?.(now);
  }
  return now;
}

async function expectGoesOn(client: Asks, rewarded: Rewarded, { readFrom, last }: Count, head: number): Promise<void> {
  // A chain that began anew has the same contracts at the same addresses.
  if (readFrom > head + 1 || (await hashOfBlock(client, readFrom - 1)) !== last) {
    throw new Refusal(
      `Block ${readFrom - 1} of the chain is not the one that was counted, so what is kept in .skrumble/rewards-*.json is of another chain. Move it away, and it is counted anew.`,
    );
  }
  await expectNotAgain(client, rewarded, readFrom, head);
}

async function countOne(client: Asks, { contracts }: Rewarded, schedule: Schedule, before: Count): Promise<Count> {
  const number = before.tally.next;
  const from = number * periodBlocks(schedule);
  const to = from + periodBlocks(schedule) - 1;
  const { slotBlocks } = schedule;
  const { readFrom } = before;
  const relays = await readStakes(client, contracts.relayRegistry, before.relays, { readFrom, from, to, slotBlocks });
  const anchors = await readAnchors(client, contracts.sessionAnchor, { from, to, slotBlocks });
  const proposers = await readProposers(client, from, to);
  return {
    tally: tallyPeriod(before.tally, { number, proposers, anchors, relays }, schedule),
    relays,
    readFrom: to + 1,
    last: await hashOfBlock(client, to),
  };
}
