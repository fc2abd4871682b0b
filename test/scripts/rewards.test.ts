import fc from "fast-check";
import { type Address, getAddress, numberToHex, parseEther, zeroAddress } from "viem";
import { expect, it } from "vitest";
import { requestTimeoutSeconds } from "../../scripts/chain/qbft/genesis.ts";
import { publicParameters } from "../../scripts/deploy/parameters.ts";
import { publicSchedule, scheduleFor } from "../../scripts/rewards/rule.ts";
import { costs, type Outcome, simulateRelays, simulateSkipping } from "../../scripts/rewards/simulate.ts";
import {
  emptyTally,
  type PeriodFacts,
  periodBlocks,
  type Relay,
  type Rule,
  type Schedule,
  type Tally,
  tallyPeriod,
} from "../../scripts/rewards/tally.ts";

const operator = (number: number): Address => getAddress(numberToHex(number, { size: 20 }));
const [ALICE, BOB] = [operator(1), operator(2)];

const rule: Rule = { perBlock: 5n, pot: 1_000n, yieldPerMillion: 500_000n };
const by = (one: Rule, ...later: Schedule["rules"]): Schedule => ({
  slotBlocks: 10,
  slotsPerPeriod: 4,
  rules: [{ fromPeriod: 0, rule: one }, ...later],
});
const schedule = by(rule);
const PERIOD = 40;
const period = (more: Partial<PeriodFacts>): PeriodFacts => ({
  number: 0,
  proposers: [],
  anchors: [],
  relays: [],
  ...more,
});
const tallyOne = (more: Partial<PeriodFacts>, how = schedule): Tally => tallyPeriod(emptyTally(0), period(more), how);

interface Facts {
  first?: number;
  /** The period after the last that is counted. */
  end: number;
  proposers: readonly { block: number; proposer: Address }[];
  anchors: readonly { block: number; relay: number }[];
  relays: readonly Relay[];
}
/** Period after period; each is told of all anchors, and of its own proposers. */
function tally({ first = 0, end, proposers, anchors, relays }: Facts, how = schedule): Tally {
  let earned = emptyTally(first);
  for (let number = first; number < end; number++) {
    const own = proposers.filter(({ block }) => Math.floor(block / PERIOD) === number);
    earned = tallyPeriod(earned, { number, proposers: own.map(({ proposer }) => proposer), anchors, relays }, how);
  }
  return earned;
}
const relay = (id: number, stake: bigint, of = operator(id)) => ({ id, operator: of, stakes: [{ block: -1, stake }] });
const at = (id: number, ...blocks: number[]) => blocks.map((block) => ({ block, relay: id }));
const sum = (earned: ReadonlyMap<Address, bigint>) => [...earned.values()].reduce((all, one) => all + one, 0n);

it("pays a proposer for each block, and nobody for the first of a chain", () => {
  const proposers = [zeroAddress, ALICE, BOB, ALICE, ALICE];
  expect(tallyOne({ proposers }).validators).toEqual(
    new Map([
      [ALICE, 15n],
      [BOB, 5n],
    ]),
  );
});

it("adds each period once and in turn, and refuses more proposers than blocks", () => {
  const one = tallyOne({ proposers: [ALICE] });
  expect(one.next).toBe(1);
  expect(() => tallyPeriod(one, period({ number: 0 }), schedule)).toThrow(RangeError);
  expect(() => tallyPeriod(one, period({ number: 2 }), schedule)).toThrow(RangeError);
  expect(tallyPeriod(one, period({ number: 1, proposers: [ALICE] }), schedule).validators).toEqual(
    new Map([[ALICE, 10n]]),
  );
  // What went in is left as it was.
  expect(one.validators).toEqual(new Map([[ALICE, 5n]]));
  expect(() => tallyOne({ proposers: Array(PERIOD + 1).fill(ALICE) })).toThrow(RangeError);
});

it("counts nothing of before a contract's first period", () => {
  const all = {
    proposers: [0, 39, 40, 79, 80].map((block) => ({ block, proposer: ALICE })),
    relays: [relay(1, 100n)],
    anchors: at(1, 0, 40, 80),
  };
  const [whole, late] = [tally({ ...all, end: 3 }), tally({ ...all, first: 2, end: 3 })];
  expect([whole.validators.get(ALICE), whole.relays.get(ALICE)]).toEqual([25n, 36n]);
  expect([late.validators.get(ALICE), late.relays.get(ALICE)]).toEqual([5n, 12n]);
  // A contract up to its hand-over and the next one from there pay together what one would have paid.
  const early = tally({ ...all, end: 2 });
  for (const kind of ["validators", "relays"] as const)
    expect(sum(early[kind]) + sum(late[kind])).toBe(sum(whole[kind]));
});

it("leaves what was counted as it was when a later rule follows, and counts by that from its period on", () => {
  const all = {
    proposers: [0, 40].map((block) => ({ block, proposer: ALICE })),
    relays: [relay(1, 100n)],
    anchors: at(1, 0, 40),
  };
  const changed = by(rule, { fromPeriod: 1, rule: { perBlock: 7n, pot: 10n, yieldPerMillion: 500_000n } });
  expect(tally({ ...all, end: 1 }, changed)).toEqual(tally({ ...all, end: 1 }));
  const { validators, relays } = tally({ ...all, end: 2 }, changed);
  expect([validators.get(ALICE), relays.get(ALICE)]).toEqual([12n, 22n]);
  const none = { ...schedule, rules: [{ fromPeriod: 1, rule }] };
  expect(() => tallyOne({}, none)).toThrow(RangeError);
});

it("takes an address for the same in upper and lower case", () => {
  const mixed = getAddress(`0x${"ab".repeat(20)}`);
  const low = mixed.toLowerCase() as Address;
  const relays = [relay(1, 100n, mixed), relay(2, 100n, low)];
  const earned = tallyOne({ proposers: [mixed, low], relays, anchors: [...at(1, 0), ...at(2, 0)] });
  expect(earned.validators).toEqual(new Map([[mixed, 10n]]));
  expect(earned.relays).toEqual(new Map([[mixed, 25n]]));
});

it("counts a period of the public network in no more room than its proposers take", () => {
  const four = [1, 2, 3, 4].map(operator);
  function* blocks() {
    for (let block = 0; block < periodBlocks(publicSchedule); block++) yield four[block % 4] ?? ALICE;
  }
  const { validators } = tallyPeriod(emptyTally(0), period({ proposers: blocks() }), publicSchedule);
  expect([...validators.values()]).toEqual(Array(4).fill(parseEther("37800")));
});

it("shares the pot by stake and by slots with an anchor, however many", () => {
  const relays = [relay(1, 3_000n), relay(2, 1_000n), relay(3, 9_000n)];
  const anchors = [...at(1, 0, 1, 9, 10), ...at(2, 5, 15, 25, 35), ...at(4, 5)];
  // 6,000 and 4,000 of 10,000; the third did nothing, and the fourth is none.
  expect(tallyOne({ relays, anchors }).relays).toEqual(
    new Map([
      [ALICE, 600n],
      [BOB, 400n],
    ]),
  );
});

it("pays a stake no more than its yield, where the pot has more", () => {
  const relays = [relay(1, 100n)];
  expect(tallyOne({ relays, anchors: at(1, 0, 10, 20, 30) }).relays).toEqual(new Map([[ALICE, 50n]]));
  expect(tallyOne({ relays, anchors: at(1, 0) }).relays).toEqual(new Map([[ALICE, 12n]]));
});

it("adds up periods, each with a pot of its own, and an operator's relays", () => {
  const relays = [relay(1, 10_000n), relay(2, 10_000n, ALICE), relay(3, 10_000n)];
  const anchors = [...at(1, 0), ...at(2, 0), ...at(3, 0), ...at(1, 40), ...at(3, 80)];
  const { relays: earned } = tally({ end: 2, proposers: [], relays, anchors });
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
  const { relays: earned } = tallyOne(
    { relays, anchors: [...at(1, 1, 11, 21, 31), ...at(2, 1, 11, 21)] },
    by({ ...rule, yieldPerMillion: 10_000_000n }),
  );
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
    end: periods,
    anchors,
    // A block has one proposer.
    proposers: [...new Map(proposers.map((one) => [one.block, one])).values()],
    relays: stakes.map((stake, index) => relay(index + 1, stake)),
  }));

it("never shares out more than the pot, nor pays more than the blocks there were", () => {
  fc.assert(
    fc.property(anyFacts, (all) => {
      const { validators, relays } = tally(all);
      expect(sum(relays) <= rule.pot * BigInt(all.end)).toBe(true);
      expect(sum(validators) <= rule.perBlock * BigInt(all.end * PERIOD)).toBe(true);
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
      expect(tally(other)).toEqual(tally(all));
    }),
  );
});

it("never falls when time goes on, so that no sum attested later is below an earlier one", () => {
  fc.assert(
    fc.property(anyFacts, (all) => {
      const [before, after] = [tally(all), tally({ ...all, end: all.end + 1 })];
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
      const split = tally({
        ...all,
        relays: [...others, ...parts],
        anchors: [...all.anchors, ...parts.flatMap(({ id }) => mine.map(({ block }) => ({ block, relay: id })))],
      });
      const together = [...new Set(parts.map((part) => part.operator))].reduce(
        (all_, who) => all_ + (split.relays.get(who) ?? 0n),
        0n,
      );
      expect(together <= (tally(all).relays.get(ALICE) ?? 0n)).toBe(true);
    }),
  );
});

const paying = (outcomes: Outcome[]) => outcomes.filter(({ gain }) => gain > 0).map(({ cheat }) => cheat);

const [{ rule: publicRule } = { rule }] = publicSchedule.rules;
const STAKE = parseEther("100000");
const MUCH = parseEther("20000000");

it("makes no cheat of a relay pay, with the numbers of the public network", () => {
  const outcomes = simulateRelays(publicSchedule, STAKE);
  expect(outcomes.map(({ without }) => without)).toEqual([114, 114, 0, 0]);
  expect(paying(outcomes)).toEqual([]);
});

it("makes none pay either where there is so much at stake that the pot is shared", () => {
  const outcomes = simulateRelays(publicSchedule, MUCH);
  // Ten alike share 150,000; by the yield each would have had 22,800.
  expect(outcomes.map(({ without }) => Math.round(without))).toEqual([15_000, 15_000, 0, 0]);
  expect(paying(outcomes)).toEqual([]);
});

it("makes no cheat of a validator pay", () => {
  for (const blockSeconds of [1, 2])
    for (const validators of [4, 7, 21, 64]) {
      const chain = { validators, blockSeconds, requestTimeoutSeconds: requestTimeoutSeconds(blockSeconds) };
      const schedule = scheduleFor(blockSeconds);
      const { without, gain } = simulateSkipping(schedule.rules[0]?.rule ?? rule, periodBlocks(schedule), chain);
      expect(without).toBeGreaterThan(0);
      expect(gain).toBeLessThanOrEqual(0);
    }
});

it("shows a cheat that pays where the numbers are wrong", () => {
  // A yield above what the stake costs pays whoever looks busy, and a timeout shorter than a block pays who silences another.
  const generous = [{ fromPeriod: 0, rule: { ...publicRule, yieldPerMillion: 4_000n } }];
  expect(paying(simulateRelays({ ...publicSchedule, rules: generous }, STAKE))).toEqual([
    "serves nobody and makes sessions of its own, all the time",
  ]);
  // Where the pot is shared, too: here each of ten has more of it than the stake costs, and less than its yield.
  const large = [{ fromPeriod: 0, rule: { pot: parseEther("300000"), perBlock: 0n, yieldPerMillion: 4_000n } }];
  expect(paying(simulateRelays({ ...publicSchedule, rules: large }, MUCH))).toEqual([
    "serves nobody and makes sessions of its own, all the time",
  ]);
  const hasty = { validators: 4, blockSeconds: 1, requestTimeoutSeconds: 0.5 };
  expect(simulateSkipping(publicRule, periodBlocks(publicSchedule), hasty).gain).toBeGreaterThan(0);
});

it.each([1, 2, 5])(
  "counts a week as the contract does where blocks come every %i s, and pays the same in it",
  (seconds) => {
    const schedule = scheduleFor(seconds);
    expect(periodBlocks(schedule) * seconds).toBe(publicParameters.rewards.period);
    expect(schedule.slotBlocks * seconds).toBe(60);
    for (const [index, { fromPeriod, rule: one }] of schedule.rules.entries()) {
      const other = publicSchedule.rules[index];
      expect({ ...one, fromPeriod, perBlock: one.perBlock * BigInt(periodBlocks(schedule)) }).toEqual({
        ...other?.rule,
        fromPeriod: other?.fromPeriod,
        perBlock: (other?.rule.perBlock ?? 0n) * BigInt(periodBlocks(publicSchedule)),
      });
    }
    expect(paying(simulateRelays(schedule, STAKE))).toEqual([]);
  },
);

it("counts a block a second where the record does not say, and refuses what does not fit into a minute", () => {
  expect(scheduleFor()).toEqual(publicSchedule);
  for (const seconds of [0, 7, 0.5, 120, Number.NaN]) expect(() => scheduleFor(seconds)).toThrow("cannot be counted");
});

it("fits in what a week may pay and the bucket releases", () => {
  const { rewards, buckets, unbondingDelay } = publicParameters;
  const week = 7 * 24 * 60 * 60;
  expect(rewards.period).toBe(week);
  expect(periodBlocks(publicSchedule)).toBe(week);
  expect(costs.lockedPeriods).toBe(unbondingDelay / week);
  const [first] = publicSchedule.rules;
  expect(first?.fromPeriod).toBe(0);
  for (const { rule: one } of publicSchedule.rules) {
    const blocks = one.perBlock * BigInt(week);
    // A third of each cap stays for those who come late, so that they do not keep others waiting for long.
    expect(3n * blocks).toBeLessThanOrEqual(2n * parseEther(String(rewards.validators.total)));
    expect(3n * one.pot).toBeLessThanOrEqual(2n * parseEther(String(rewards.relays.total)));
    // Of the fewest validators, each one's blocks.
    expect(blocks / 4n).toBeLessThanOrEqual(parseEther(String(rewards.validators.each)));
    // One operator may have it all: otherwise a stake split over addresses would be paid sooner.
    expect(one.pot).toBeLessThanOrEqual(parseEther(String(rewards.relays.each)));
    // What a stake earns in a year is below what it is taken to cost.
    expect(one.yieldPerMillion).toBeLessThan(costs.capitalPerMillion);
  }
  const bucket = buckets.find(({ name }) => name === rewards.bucket);
  const weekly = ((bucket?.cap ?? 0n) * BigInt(week)) / BigInt(bucket?.duration ?? 1);
  expect(rewards.validators.total + rewards.relays.total).toBeLessThanOrEqual(weekly);
  for (const { total } of [rewards.validators, rewards.relays]) expect(total).toBeLessThanOrEqual(rewards.maximum);
});
