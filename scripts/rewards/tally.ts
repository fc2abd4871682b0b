import { type Address, getAddress, zeroAddress } from "viem";

/** What one period is counted from. All of it is read from the chain, so every attester has the same. */
export interface PeriodFacts {
  /** Period n begins at block n * slotBlocks * slotsPerPeriod. */
  number: number;
  /** Of each block of the period, who proposed it, as the header's coinbase says. In any order. */
  proposers: Iterable<Address>;
  /**
   * Anchored events of SessionAnchor, in any order; those of other periods do not count. How many leaves an anchor has is of no
   * account: they cost nothing to make.
   */
  anchors: Iterable<{ block: number; relay: number }>;
  relays: Iterable<Relay>;
}

export interface Relay {
  id: number;
  operator: Address;
  /** The stake from the block on, in 1e-18 SKM, ascending by block; 0 from where it asked to leave. */
  stakes: readonly { block: number; stake: bigint }[];
}

/** The numbers that may change. SKM in 1e-18. */
export interface Rule {
  /** For each proposed block. Fixed, so that nobody earns by others' missing theirs. */
  perBlock: bigint;
  /** Most that all relays earn in a period. */
  pot: bigint;
  /** Most that a stake at work in every slot of a period earns, in millionths of itself. */
  yieldPerMillion: bigint;
}

/** By which rule each period is counted. The lengths are for good: with others, a period would be another one. */
export interface Schedule {
  /** Blocks of a slot: a relay worked in it when it anchored at least once. */
  slotBlocks: number;
  slotsPerPeriod: number;
  /** Ascending, the first from period 0. A new rule is a new entry from a period to come: what was counted stays as it was. */
  rules: readonly { fromPeriod: number; rule: Rule }[];
}

/** What says which blocks a period has. */
export type Periods = Pick<Schedule, "slotBlocks" | "slotsPerPeriod">;

/** What each operator has earned since the contract's first period, in 1e-18 SKM: what attesters sign. */
export interface Tally {
  /** The period that is counted next. */
  next: number;
  validators: ReadonlyMap<Address, bigint>;
  relays: ReadonlyMap<Address, bigint>;
}

const MILLION = 1_000_000n;

export const periodBlocks = ({ slotBlocks, slotsPerPeriod }: Periods): number => slotBlocks * slotsPerPeriod;

/** Nothing earned before the first period of a contract. */
export const emptyTally = (first: number): Tally => ({ next: first, validators: new Map(), relays: new Map() });

/**
 * Adds a period to what was earned before it. In whole numbers and independent of the order of what it is given, so that all
 * attesters get the same bytes. Addresses come out in their checksummed form, however they went in.
 * @throws RangeError where the period is not the next one, has no rule, or has more proposers than blocks
 */
export function tallyPeriod(before: Tally, facts: PeriodFacts, schedule: Schedule): Tally {
  if (facts.number !== before.next) throw new RangeError(`Period ${before.next} is next, not ${facts.number}`);
  const rule = ruleOf(facts.number, schedule);
  const [validators, relays] = [new Map(before.validators), new Map(before.relays)];
  addValidators(validators, facts.proposers, rule, periodBlocks(schedule));
  addRelays(relays, facts, rule, schedule);
  return { next: before.next + 1, validators, relays };
}

function ruleOf(period: number, { rules }: Schedule): Rule {
  const found = rules.findLast(({ fromPeriod }) => fromPeriod <= period);
  if (!found) throw new RangeError(`There is no rule for period ${period}`);
  return found.rule;
}

function addValidators(
  earned: Map<Address, bigint>,
  proposers: Iterable<Address>,
  { perBlock }: Rule,
  most: number,
): void {
  const blocks = new Map<Address, number>();
  let count = 0;
  for (const proposer of proposers) {
    if (++count > most) throw new RangeError(`A period has ${most} blocks`);
    blocks.set(proposer, (blocks.get(proposer) ?? 0) + 1);
  }
  // Nobody proposed the first block of a chain.
  blocks.delete(zeroAddress);
  for (const [proposer, number] of blocks) add(earned, proposer, perBlock * BigInt(number));
}

/**
 * A relay's weight in a period is the sum of its stake at the beginning of each slot in which it anchored. The pot is shared by
 * weight, but no stake earns more than its yield. Both are linear in the stake: a stake in parts earns what it earns whole.
 */
function addRelays(earned: Map<Address, bigint>, facts: PeriodFacts, rule: Rule, schedule: Schedule): void {
  const { slotBlocks, slotsPerPeriod } = schedule;
  const known = new Map(Array.from(facts.relays, (relay) => [relay.id, relay]));
  const worked = new Map<Relay, Set<number>>();
  for (const { block, relay: id } of facts.anchors) {
    const relay = known.get(id);
    const slot = Math.floor(block / slotBlocks);
    if (!relay || Math.floor(slot / slotsPerPeriod) !== facts.number) continue;
    worked.set(relay, (worked.get(relay) ?? new Set()).add(slot));
  }
  /** An operator's relays are rounded together. */
  const weights = new Map<Address, bigint>();
  for (const [relay, slots] of worked)
    for (const slot of slots) add(weights, relay.operator, stakeAt(relay, slot * slotBlocks));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0n);
  for (const [operator, weight] of weights) {
    if (weight === 0n) continue;
    const share = (rule.pot * weight) / total;
    const most = (weight * rule.yieldPerMillion) / (BigInt(slotsPerPeriod) * MILLION);
    add(earned, operator, share < most ? share : most);
  }
}

/** A stake counts from the first slot that begins after it came. */
function stakeAt({ stakes }: Relay, block: number): bigint {
  let [low, high] = [0, stakes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stakes[middle]?.block ?? block) < block) low = middle + 1;
    else high = middle;
  }
  return stakes[low - 1]?.stake ?? 0n;
}

function add(to: Map<Address, bigint>, who: Address, amount: bigint): void {
  const address = getAddress(who);
  to.set(address, (to.get(address) ?? 0n) + amount);
}
