import { type Address, formatEther, numberToHex, parseEther } from "viem";
import { type Facts, type Relay, type Rule, tally } from "./tally.ts";

/** What is taken for granted about costs, in SKM. Each is on the cheat's side: low. */
export interface Costs {
  /** Of holding a stake for a period, in millionths: 1,923 a week is 10 % a year. */
  capitalPerMillion: bigint;
  /** Of running one more relay for a period. */
  relay: number;
  /** Periods that a stake stays locked after its relay left. */
  lockedPeriods: number;
}
export const costs: Costs = { capitalPerMillion: 1_923n, relay: 1, lockedPeriods: 2 };

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
const STAKE = parseEther("100000");
const operator = (number: number): Address => numberToHex(number, { size: 20 });
const relay = (id: number, stake = STAKE, from = -1): Relay => ({
  id,
  operator: operator(id),
  stakes: [{ block: from, stake }],
});

/** The cheats of relays, each tried against the rule beside nine honest relays that anchor in six slots of ten. Deterministic. */
export function simulateRelays(rule: Rule): Outcome[] {
  const others = Array.from({ length: OTHERS }, (_, index) => relay(100 + index));
  const slots = Array.from({ length: rule.slotsPerPeriod }, (_, slot) => slot);
  const busy = (id: number) => slots.filter((slot) => (slot * 7 + id) % 10 < 6);
  const once = ({ id }: Relay, when: readonly number[]) =>
    when.map((slot) => ({ block: slot * rule.slotBlocks + 1, relay: id, leaves: 1 }));
  const honest = others.flatMap((other) => once(other, busy(other.id)));

  /** What these relays, all one person's, earn together. */
  const earn = (mine: readonly Relay[], anchors: Facts["anchors"]): number => {
    const end = rule.slotBlocks * rule.slotsPerPeriod;
    const facts = { end, proposers: [], anchors: [...honest, ...anchors], relays: [...others, ...mine] };
    const { relays } = tally(facts, rule);
    return toSkm(mine.reduce((sum, one) => sum + (relays.get(one.operator) ?? 0n), 0n));
  };
  const me = relay(1);
  const fair = earn([me], once(me, busy(1)));
  const parts = Array.from({ length: 10 }, (_, index) => relay(1 + index, STAKE / 10n));
  const late = relay(1, STAKE, (rule.slotsPerPeriod - 1) * rule.slotBlocks - 1);
  const everyBlock = busy(1).flatMap((slot) =>
    Array.from({ length: rule.slotBlocks }, (_, block) => ({ block: slot * rule.slotBlocks + block, relay: 1 })),
  );
  return [
    outcome(
      "says a million leaves are under each root",
      fair,
      earn(
        [me],
        once(me, busy(1)).map((anchor) => ({ ...anchor, leaves: 1_000_000 })),
      ),
      0,
    ),
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
export function simulateSkipping(rule: Rule, { validators, blockSeconds, requestTimeoutSeconds }: Chain): Outcome {
  const seconds = rule.slotBlocks * rule.slotsPerPeriod * blockSeconds;
  const share = (blocks: number): number => Math.floor(blocks / validators) * toSkm(rule.perBlock);
  let [time, mine] = [0, 0];
  // In turn; the victim's turn passes after the timeout, and the cheat is the one that comes next.
  for (let turn = 0; ; turn = (turn + 1) % validators) {
    time += turn === 0 ? requestTimeoutSeconds : blockSeconds;
    if (time > seconds) break;
    if (turn === 1) mine++;
  }
  const [fair, cheating] = [share(seconds / blockSeconds), mine * toSkm(rule.perBlock)];
  return outcome("keeps another validator from proposing", fair, cheating, 0);
}

const capital = (periods: number): number => toSkm((STAKE * costs.capitalPerMillion * BigInt(periods)) / 1_000_000n);
const toSkm = (amount: bigint): number => Number(formatEther(amount));

function outcome(cheat: string, without: number, withIt: number, cost: number): Outcome {
  return { cheat, without, with: withIt, cost, gain: withIt - without - cost };
}
