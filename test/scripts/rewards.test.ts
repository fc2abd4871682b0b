import fc from "fast-check";
import { type Address, numberToHex, parseEther } from "viem";
import { expect, it } from "vitest";
import { requestTimeoutSeconds } from "../../scripts/chain/qbft/genesis.ts";
import { publicParameters } from "../../scripts/deploy/parameters.ts";
import { publicRule } from "../../scripts/rewards/rule.ts";
import { costs, type Outcome, simulateRelays, simulateSkipping } from "../../scripts/rewards/simulate.ts";
import { type Facts, type Rule, tally } from "../../scripts/rewards/tally.ts";

const operator = (number: number): Address => numberToHex(number, { size: 20 });
const [ALICE, BOB] = [operator(1), operator(2)];

const rule: Rule = { perBlock: 5n, slotBlocks: 10, slotsPerPeriod: 4, pot: 1_000n, yieldPerMillion: 500_000n };
const PERIOD = 40;
const facts = (more: Partial<Facts>): Facts => ({ end: PERIOD, proposers: [], anchors: [], relays: [], ...more });
const relay = (id: number, stake: bigint, of = operator(id)) => ({ id, operator: of, stakes: [{ block: -1, stake }] });
const at = (id: number, ...blocks: number[]) => blocks.map((block) => ({ block, relay: id }));
const sum = (earned: ReadonlyMap<Address, bigint>) => [...earned.values()].reduce((all, one) => all + one, 0n);

it("pays a proposer for each block, once, up to the end", () => {
  const proposers = [
    ...[0, 1, 3].map((block) => ({ block, proposer: ALICE })),
    ...[2, 2, 39, 40].map((block) => ({ block, proposer: BOB })),
  ];
  expect(tally(facts({ proposers }), rule).validators).toEqual(
    new Map([
      [ALICE, 15n],
      [BOB, 10n],
    ]),
  );
});

it("counts whole periods only", () => {
  expect(() => tally(facts({ end: 39 }), rule)).toThrow(RangeError);
  expect(tally(facts({ end: 0 }), rule)).toEqual({ validators: new Map(), relays: new Map() });
});

it("shares the pot by stake and by slots with an anchor, however many", () => {
  const relays = [relay(1, 3_000n), relay(2, 1_000n), relay(3, 9_000n)];
  const anchors = [...at(1, 0, 1, 9, 10), ...at(2, 5, 15, 25, 35), ...at(4, 5)];
  // 6,000 and 4,000 of 10,000; the third did nothing, and the fourth is none.
  expect(tally(facts({ relays, anchors }), rule).relays).toEqual(
    new Map([
      [ALICE, 600n],
      [BOB, 400n],
    ]),
  );
});

it("pays a stake no more than its yield, where the pot has more", () => {
  const relays = [relay(1, 100n)];
  expect(tally(facts({ relays, anchors: at(1, 0, 10, 20, 30) }), rule).relays).toEqual(new Map([[ALICE, 50n]]));
  expect(tally(facts({ relays, anchors: at(1, 0) }), rule).relays).toEqual(new Map([[ALICE, 12n]]));
});

it("adds up periods, each with a pot of its own, and an operator's relays", () => {
  const relays = [relay(1, 10_000n), relay(2, 10_000n, ALICE), relay(3, 10_000n)];
  const anchors = [...at(1, 0), ...at(2, 0), ...at(3, 0), ...at(1, 40), ...at(3, 80)];
  const { relays: earned } = tally(facts({ end: 2 * PERIOD, relays, anchors }), rule);
  expect(earned).toEqual(
    new Map([
      [ALICE, 1_666n],
      [operator(3), 333n],
    ]),
  );
});

it("counts a stake from the slot after it came, and not after its relay asked to leave", () => {
  const stakes = [
    { block: 10, stake: 1_000n },
    { block: 25, stake: 0n },
  ];
  const relays = [{ id: 1, operator: ALICE, stakes }, relay(2, 1_000n)];
  // In slots 0 and 1 the stake was not there when they began, in 2 it was, in 3 no more.
  const { relays: earned } = tally(facts({ relays, anchors: [...at(1, 1, 11, 21, 31), ...at(2, 1, 11, 21)] }), {
    ...rule,
    yieldPerMillion: 10_000_000n,
  });
  expect(earned).toEqual(
    new Map([
      [ALICE, 250n],
      [BOB, 750n],
    ]),
  );
});

const anyFacts = fc
  .record({
    periods: fc.integer({ min: 1, max: 3 }),
    stakes: fc.array(fc.bigInt({ min: 0n, max: 10n ** 24n }), { minLength: 1, maxLength: 6 }),
    anchors: fc.array(fc.record({ block: fc.integer({ min: 0, max: 140 }), relay: fc.integer({ min: 1, max: 7 }) }), {
      maxLength: 60,
    }),
    proposers: fc.array(fc.record({ block: fc.integer({ min: 0, max: 140 }), proposer: fc.constantFrom(ALICE, BOB) }), {
      maxLength: 40,
    }),
  })
  .map(({ periods, stakes, anchors, proposers }) => ({
    end: periods * PERIOD,
    anchors,
    // A block has one proposer.
    proposers: [...new Map(proposers.map((one) => [one.block, one])).values()],
    relays: stakes.map((stake, index) => relay(index + 1, stake)),
  }));

it("never shares out more than the pot, nor pays more than the blocks there were", () => {
  fc.assert(
    fc.property(anyFacts, (all) => {
      const { validators, relays } = tally(all, rule);
      expect(sum(relays) <= (rule.pot * BigInt(all.end)) / BigInt(PERIOD)).toBe(true);
      expect(sum(validators) <= rule.perBlock * BigInt(all.end)).toBe(true);
    }),
  );
});

it("comes to the same in whatever order it is told", () => {
  const shuffled = anyFacts.chain((all) =>
    fc.tuple(
      fc.constant(all),
      fc.record({
        end: fc.constant(all.end),
        anchors: fc.shuffledSubarray(all.anchors, { minLength: all.anchors.length }),
        proposers: fc.shuffledSubarray(all.proposers, { minLength: all.proposers.length }),
        relays: fc.shuffledSubarray(all.relays, { minLength: all.relays.length }),
      }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      expect(tally(other, rule)).toEqual(tally(all, rule));
    }),
  );
});

it("never falls when time goes on, so that no sum attested later is below an earlier one", () => {
  fc.assert(
    fc.property(anyFacts, (all) => {
      const [before, after] = [tally(all, rule), tally({ ...all, end: all.end + PERIOD }, rule)];
      for (const kind of ["validators", "relays"] as const)
        for (const [who, amount] of before[kind]) expect((after[kind].get(who) ?? 0n) >= amount).toBe(true);
    }),
  );
});

it("gives a stake in parts no more than the whole, whoever the parts belong to", () => {
  fc.assert(
    fc.property(anyFacts, fc.integer({ min: 2, max: 8 }), fc.boolean(), (all, count, asOne) => {
      const [whole, ...others] = all.relays;
      const stake = whole?.stakes[0]?.stake ?? 0n;
      const parts = Array.from({ length: count }, (_, index) => {
        const last = stake - (stake / BigInt(count)) * BigInt(count - 1);
        return relay(100 + index, index === 0 ? last : stake / BigInt(count), operator(asOne ? 1 : 100 + index));
      });
      const mine = all.anchors.filter((anchor) => anchor.relay === 1);
      const split = tally(
        {
          ...all,
          relays: [...others, ...parts],
          anchors: [...all.anchors, ...parts.flatMap(({ id }) => mine.map(({ block }) => ({ block, relay: id })))],
        },
        rule,
      );
      const together = [...new Set(parts.map((part) => part.operator))].reduce(
        (all_, who) => all_ + (split.relays.get(who) ?? 0n),
        0n,
      );
      expect(together <= (tally(all, rule).relays.get(ALICE) ?? 0n)).toBe(true);
    }),
  );
});

const paying = (outcomes: Outcome[]) => outcomes.filter(({ gain }) => gain > 0).map(({ cheat }) => cheat);

it("makes no cheat of a relay pay, with the numbers of the public network", () => {
  const outcomes = simulateRelays(publicRule);
  expect(outcomes).toHaveLength(5);
  expect(outcomes.map(({ without }) => without)).toEqual([114, 114, 114, 0, 0]);
  expect(paying(outcomes)).toEqual([]);
});

it("makes no cheat of a validator pay", () => {
  for (const blockSeconds of [1, 2])
    for (const validators of [4, 7, 21, 64]) {
      const chain = { validators, blockSeconds, requestTimeoutSeconds: requestTimeoutSeconds(blockSeconds) };
      const { without, gain } = simulateSkipping(publicRule, chain);
      expect(without).toBeGreaterThan(0);
      expect(gain).toBeLessThanOrEqual(0);
    }
});

it("shows a cheat that pays where the numbers are wrong", () => {
  // A yield above what the stake costs pays whoever looks busy, and a timeout shorter than a block pays who silences another.
  expect(paying(simulateRelays({ ...publicRule, yieldPerMillion: 4_000n }))).toEqual([
    "serves nobody and makes sessions of its own, all the time",
  ]);
  const hasty = { validators: 4, blockSeconds: 1, requestTimeoutSeconds: 0.5 };
  expect(simulateSkipping(publicRule, hasty).gain).toBeGreaterThan(0);
});

it("fits in what a week may pay and the bucket releases", () => {
  const { rewards, buckets } = publicParameters;
  const week = 7 * 24 * 60 * 60;
  expect(rewards.period).toBe(week);
  expect(publicRule.slotBlocks * publicRule.slotsPerPeriod).toBe(week);
  const blocks = publicRule.perBlock * BigInt(week);
  expect(blocks).toBeLessThanOrEqual(parseEther(String(rewards.validators.total)));
  // Of the fewest validators, each one's blocks.
  expect(blocks / 4n).toBeLessThanOrEqual(parseEther(String(rewards.validators.each)));
  expect(publicRule.pot).toBeLessThanOrEqual(parseEther(String(rewards.relays.total)));
  const bucket = buckets.find(({ name }) => name === rewards.bucket);
  const weekly = ((bucket?.cap ?? 0n) * BigInt(week)) / BigInt(bucket?.duration ?? 1);
  expect(rewards.validators.total + rewards.relays.total).toBeLessThanOrEqual(weekly);
  expect(rewards.validators.total).toBeLessThanOrEqual(rewards.maximum);
  // What a stake earns in a year is below what it is taken to cost.
  expect(publicRule.yieldPerMillion).toBeLessThan(costs.capitalPerMillion);
});
