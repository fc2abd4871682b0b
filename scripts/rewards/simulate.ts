import { type Address, formatEther, getAddress, numberToHex } from "viem";
import { publicParameters } from "../deploy/parameters.ts";
import { emptyTally, type PeriodFacts, type Relay, type Rule, type Schedule, tallyPeriod } from "./tally.ts";

/** What is taken for granted about costs, in SKM. Each is on the cheat's side: low. */
export interface Costs {
  /** Of holding a stake for a period, in millionths: 1,923 a week is 10 % a year. */
  capitalPerMillion: bigint;
  /** Of running one more relay for a period. */
  relay: number;
  /** Whole periods that a stake stays locked after its relay left. */
  lockedPeriods: number;
}
export const costs: Costs = {
  capitalPerMillion: 1_923n,
  relay: 1,
  lockedPeriods: Math.floor(publicParameters.unbondingDelay / publicParameters.rewards.period),
};

export interface Chain {
  validators: number;
  blockSeconds: number;
  /** Until the next validator may propose in a silent one's place. */
  requestTimeoutSeconds: number;
}

/** In SKM of one period: earned without and with the cheat, what the cheat costs beside, and what is left of it. */
export interface Outcome {
  cheat: string;
  without: number;
  with: number;
  cost: number;
  gain: number;
}

const OTHERS = 9;
const operator = (number: number): Address => getAddress(numberToHex(number, { size: 20 }));
const relay = (id: number, stake: bigint, from = -1): Relay => ({
  id,
  operator: operator(id),
  stakes: [{ block: from, stake }],
});

/** The cheats of relays, each tried beside nine honest relays of the same stake that anchor in six slots of ten. Deterministic. */
export function simulateRelays(schedule: Schedule, stake: bigint): Outcome[] {
  const { slotBlocks, slotsPerPeriod } = schedule;
  const others = Array.from({ length: OTHERS }, (_, index) => relay(100 + index, stake));
  const slots = Array.from({ length: slotsPerPeriod }, (_, slot) => slot);
  const busy = (id: number) => slots.filter((slot) => (slot * 7 + id) % 10 < 6);
  const once = ({ id }: Relay, when: readonly number[]) =>
    when.map((slot) => ({ block: slot * slotBlocks + 1, relay: id }));
  const honest = others.flatMap((other) => once(other, busy(other.id)));

  /** What these relays, all one person's, earn together. */
  const earn = (mine: readonly Relay[], anchors: PeriodFacts["anchors"]): number => {
    const facts = { number: 0, proposers: [], anchors: [...honest, ...anchors], relays: [...others, ...mine] };
    const { relays } = tallyPeriod(emptyTally(0), facts, schedule);
    return toSkm(mine.reduce((sum, one) => sum + (relays.get(one.operator) ?? 0n), 0n));
  };
  const capital = (periods: number): number => toSkm((stake * costs.capitalPerMillion * BigInt(periods)) / 1_000_000n);
  const me = relay(1, stake);
  const fair = earn([me], once(me, busy(1)));
  const parts = Array.from({ length: 10 }, (_, index) => relay(1 + index, stake / 10n));
  const late = relay(1, stake, (slotsPerPeriod - 1) * slotBlocks - 1);
  const everyBlock = busy(1).flatMap((slot) =>
    Array.from({ length: slotBlocks }, (_, block) => ({ block: slot * slotBlocks + block, relay: 1 })),
  );
  return [
    outcome("anchors junk in every block of its busy slots", fair, earn([me], everyBlock), 0),
    outcome(
      "splits its stake over ten relays",
      fair,
      earn(
        parts,
        parts.flatMap((part) => once(part, busy(1))),
      ),
      9 * costs.relay,
    ),
    outcome("serves nobody and makes sessions of its own, all the time", 0, earn([me], once(me, slots)), capital(1)),
    outcome(
      "brings its stake for the end of the period only",
      0,
      earn([late], once(late, slots.slice(-1))),
      capital(costs.lockedPeriods),
    ),
  ];
}

/** A validator that keeps the next one from proposing, say by flooding it, and so proposes more of the blocks there are. */
export function simulateSkipping(
  { perBlock }: Pick<Rule, "perBlock">,
  blocks: number,
  { validators, blockSeconds, requestTimeoutSeconds }: Chain,
): Outcome {
  const seconds = blocks * blockSeconds;
  let [time, mine] = [0, 0];
  // In turn; the victim's turn passes after the timeout, and the cheat is the one that comes next.
  for (let turn = 0; ; turn = (turn + 1) % validators) {
    time += turn === 0 ? requestTimeoutSeconds : blockSeconds;
    if (time > seconds) break;
    if (turn === 1) mine++;
  }
  const [fair, cheating] = [Math.floor(blocks / validators) * toSkm(perBlock), mine * toSkm(perBlock)];
  return outcome("keeps another validator from proposing", fair, cheating, 0);
}

const toSkm = (amount: bigint): number => Number(formatEther(amount));

function outcome(cheat: string, without: number, withIt: number, cost: number): Outcome {
  return { cheat, without, with: withIt, cost, gain: withIt - without - cost };
}
