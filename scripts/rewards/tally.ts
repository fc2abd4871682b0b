import type { Address } from "viem";

/** What the rule is fed with. All of it is read from the chain, so every attester has the same. */
export interface Facts {
  /** The block after the last of the periods that are counted; the first is block 0. Whole periods only. */
  end: number;
  /** Who proposed which block, as the header's coinbase says. In any order; blocks from `end` on do not count. */
  proposers: readonly { block: number; proposer: Address }[];
  /** Anchored events of SessionAnchor, in any order. How many leaves an anchor has is of no account: they cost nothing to make. */
  anchors: readonly { block: number; relay: number }[];
  relays: readonly Relay[];
}

export interface Relay {
  id: number;
  operator: Address;
  /** The stake from the block on, in 1e-18 SKM, ascending by block; 0 from where it asked to leave. */
  stakes: readonly { block: number; stake: bigint }[];
}

/** The rule's numbers. SKM in 1e-18. */
export interface Rule {
  /** For each proposed block. Fixed, so that nobody earns by others' missing theirs. */
  perBlock: bigint;
  /** Blocks of a slot: a relay worked in it when it anchored at least once. */
  slotBlocks: number;
  slotsPerPeriod: number;
  /** Most that all relays earn in a period. */
  pot: bigint;
  /** Most that a stake at work in every slot of a period earns, in millionths of itself. */
  yieldPerMillion: bigint;
}

/** What each operator has earned since the beginning, in 1e-18 SKM: what attesters sign. */
export interface Tally {
  validators: ReadonlyMap<Address, bigint>;
  relays: ReadonlyMap<Address, bigint>;
}

const MILLION = 1_000_000n;

/**
 * Counts rewards. In whole numbers and independent of the order of what it is given, so that all attesters get the same bytes.
 * @throws RangeError where `end` is not the end of a period
 */
export function tally(facts: Facts, rule: Rule): Tally {
  const period = rule.slotBlocks * rule.slotsPerPeriod;
  if (facts.end % period !== 0) throw new RangeError("Only whole periods are counted");
  return { validators: tallyValidators(facts, rule), relays: tallyRelays(facts, rule) };
}

function tallyValidators({ end, proposers }: Facts, { perBlock }: Rule): Map<Address, bigint> {
  const byBlock = new Map(proposers.filter(({ block }) => block < end).map(({ block, proposer }) => [block, proposer]));
  const earned = new Map<Address, bigint>();
  for (const proposer of byBlock.values()) add(earned, proposer, perBlock);
  return earned;
}

/**
 * A relay's weight in a period is the sum of its stake at the beginning of each slot in which it anchored. The pot is shared by
 * weight, but no stake earns more than its yield. Both are linear in the stake: a stake in parts earns what it earns whole.
 */
function tallyRelays({ end, anchors, relays }: Facts, rule: Rule): Map<Address, bigint> {
  const { slotBlocks, slotsPerPeriod, pot, yieldPerMillion } = rule;
  const known = new Map(relays.map((relay) => [relay.id, relay]));
  const worked = new Map<Relay, Set<number>>();
  for (const { block, relay: id } of anchors) {
    const relay = known.get(id);
    if (!relay || block >= end) continue;
    const slots = worked.get(relay) ?? new Set();
    worked.set(relay, slots.add(Math.floor(block / slotBlocks)));
  }
  /** Period -> operator -> weight: an operator's relays are rounded together. */
  const periods = new Map<number, Map<Address, bigint>>();
  for (const [relay, slots] of worked) {
    for (const slot of slots) {
      const number = Math.floor(slot / slotsPerPeriod);
      const weights = periods.get(number) ?? new Map();
      periods.set(number, weights);
      add(weights, relay.operator, stakeAt(relay, slot * slotBlocks));
    }
  }
  const earned = new Map<Address, bigint>();
  for (const weights of periods.values()) {
    const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0n);
    for (const [operator, weight] of weights) {
      if (weight === 0n) continue;
      const share = (pot * weight) / total;
      const most = (weight * yieldPerMillion) / (BigInt(slotsPerPeriod) * MILLION);
      add(earned, operator, share < most ? share : most);
    }
  }
  return earned;
}

/** A stake counts from the first slot that begins after it came. */
function stakeAt({ stakes }: Relay, block: number): bigint {
  let stake = 0n;
  for (const change of stakes) if (change.block < block) stake = change.stake;
  return stake;
}

function add(to: Map<Address, bigint>, who: Address, amount: bigint): void {
  to.set(who, (to.get(who) ?? 0n) + amount);
}
