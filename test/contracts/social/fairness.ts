import { expect } from "chai";
import { ethers, loadFixture } from "../support/chain.ts";
import { chances, parts, pick } from "../support/luckySplit.ts";

const PACKETS = 100_000;

async function deploySplit() {
  return { split: await ethers.deployContract("LuckySplitMock") };
}

function largestOf(amounts: readonly bigint[]): bigint {
  let largest = 0n;
  for (const amount of amounts) if (amount > largest) largest = amount;
  return largest;
}

/** Shares of a whole lucky packet in the order of the draws. */
function drawAll(total: bigint, shares: number, random: () => bigint): number[] {
  const cut = parts(total, shares, random());
  const free = Array.from(cut.keys());
  return Array.from(cut, () => Number(cut[pick(free, random())]));
}

describe("Lucky split", () => {
  it("gives what the contract's library gives", async () => {
    const { split } = await loadFixture(deploySplit);
    const random = chances(1n);
    for (let shares = 1; shares <= 100; shares++) {
      for (const total of [BigInt(shares), BigInt(shares) * 7n + 3n, 10n ** 18n + 7n, 2n ** 128n - 1n]) {
        const seed = random();
        expect(await split.amounts(total, shares, seed)).to.deep.equal(parts(total, shares, seed));
      }
      const free = Array.from({ length: shares }, (_, i) => i);
      let taken = 0n;
      while (free.length > 0) {
        const chance = random();
        const position = pick(free, chance);
        const remaining = free.length + 1;
        if (shares % 9 === 1) expect(await split.pick(taken, shares, remaining, chance)).to.equal(BigInt(position));
        taken |= 1n << BigInt(position);
      }
    }
  });

  for (const shares of [2, 5, 10]) {
    it(`gives every place in the queue of ${shares} the same chances, over ${PACKETS} packets`, () => {
      const mean = 1_000_000;
      const random = chances(BigInt(shares));
      const [sums, squares] = [new Float64Array(shares), new Float64Array(shares)];
      const tenths = Array.from({ length: shares }, () => new Float64Array(20));
      for (let i = 0; i < PACKETS; i++) {
        const amounts = drawAll(BigInt(mean * shares), shares, random);
        for (const [place, amount] of amounts.entries()) {
          const share = amount / mean;
          sums[place] += share;
          squares[place] += share * share;
          tenths[place][Math.floor(share * 10)]++;
        }
      }
      for (let place = 0; place < shares; place++) {
        const average = sums[place] / PACKETS;
        expect(average, `mean of place ${place + 1}`).to.be.within(0.99, 1.01);
        // Pairs are uniform between 0 and 2, whose variance is 1/3. Of five, three make a group of their own.
        const variance = squares[place] / PACKETS - average ** 2;
        expect(variance, `variance of place ${place + 1}`).to.be.within(0.27, 0.345);
        if (shares % 2 === 1) continue;
        // Chi-squared with 19 degrees of freedom: below 50 but once in 7,000 times, and the seed is fixed.
        const expected = PACKETS / 20;
        const chi = tenths[place].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
        expect(chi, `place ${place + 1} against the uniform distribution`).to.be.lessThan(50);
      }
    });
  }
});

/** What a creator's friend gets, in means, when the creator does what is best for the friend. Ten shares. */
describe("A creator who helps a friend", () => {
  const SHARES = 10;
  const MEAN = 1_000_000;

  function average(play: (random: () => bigint) => number, seed: bigint, rounds = 6_000): number {
    const random = chances(seed);
    let sum = 0;
    for (let i = 0; i < rounds; i++) sum += play(random) / MEAN;
    return sum / rounds;
  }

  /** The friend has ticket `place`; the creator sees all draws before revealing, and may let the time pass instead. */
  const withholding = (place: number) => (random: () => bigint) => {
    const amounts = drawAll(BigInt(MEAN * SHARES), SHARES, random);
    const before = amounts.slice(0, place).reduce((sum, amount) => sum + amount, 0);
    const equal = (MEAN * SHARES - before) / (SHARES - place);
    return Math.max(amounts[place], equal);
  };

  it("gains a quarter of a share at most by withholding a link, once per packet and in sight of all", () => {
    for (const place of [0, 4, 8]) {
      const got = average(withholding(place), BigInt(place));
      expect(got, `ticket ${place + 1}`).to.be.within(1.15, 1.26);
    }
    // The last share is what is left, so there is nothing to choose.
    expect(average(withholding(9), 9n)).to.be.within(0.99, 1.01);
  });

  it("never gets the friend more than twice the mean, though every block's proposer helped", () => {
    // They know the links, so they try hashes: for parts with one as large as can be, then for the friend to draw it.
    const grinding = (random: () => bigint) => {
      let best: bigint[] = [];
      for (let i = 0; i < 64; i++) {
        const cut = parts(BigInt(MEAN * SHARES), SHARES, random());
        if (largestOf(cut) > largestOf(best)) best = cut;
      }
      expect(largestOf(best) < 2n * BigInt(MEAN), `${largestOf(best)} is below twice the mean`).to.equal(true);
      return Number(largestOf(best));
    };
    expect(average(grinding, 64n, 300)).to.be.within(1.98, 2);
  });

  it("gets the friend nothing when the proposer helps but does not know the link", () => {
    // Whatever hash is chosen, the unknown link makes the draw uniform again.
    const blind = (random: () => bigint) => {
      const cut = parts(BigInt(MEAN * SHARES), SHARES, random());
      const chosen = largestOf(Array.from({ length: 8 }, random));
      const mixed = BigInt(ethers.keccak256(ethers.toBeHex((random() << 128n) | chosen, 32)));
      return Number(cut[pick(Array.from(cut.keys()), mixed)]);
    };
    expect(average(blind, 8n)).to.be.within(0.98, 1.02);
  });
});
