import { expect } from "chai";
import { mirrored } from "../support/authorisations.ts";
import { by, DAY, ethers, loadFixture, SKM, time } from "../support/chain.ts";
import { FLOW } from "../support/deploy.ts";
import {
  addressesOf,
  attest,
  attesterKeys,
  CAPS,
  claimOf,
  deployRewards,
  MAXIMUM,
  RELAY,
  type Reward,
  VALIDATOR,
} from "../support/rewards.ts";
import { domainOf, TYPES } from "../support/typedData.ts";

describe("OperatorRewards", () => {
  describe("paid", () => {
    it("emits what is attested to the operator, whoever submits, once", async () => {
      const { skm, rewards, keys, reward, alice, bob } = await loadFixture(deployRewards);
      const args = await claimOf(rewards, keys, reward);
      expect(await rewards.payableNow(reward.kind, alice.address, reward.cumulative)).to.equal(150n * SKM);
      const claim = by(bob, rewards).claim(...args);
      await expect(claim)
        .to.emit(rewards, "RewardPaid")
        .withArgs(VALIDATOR, alice.address, 150n * SKM, 150n * SKM);
      await expect(claim)
        .to.emit(skm, "Emitted")
        .withArgs(FLOW, alice.address, 150n * SKM);
      expect(await skm.balanceOf(alice.address)).to.equal(150n * SKM);
      expect(await skm.balanceOf(bob.address)).to.equal(0n);
      expect(await skm.balanceOf(rewards)).to.equal(0n);
      expect(await rewards.claimed(VALIDATOR, alice.address)).to.equal(150n * SKM);
      expect(await rewards.claimed(RELAY, alice.address)).to.equal(0n);
      expect(await rewards.payableNow(VALIDATOR, alice.address, reward.cumulative)).to.equal(0n);
      await expect(rewards.claim(...args))
        .to.be.revertedWithCustomError(rewards, "RewardNothingToPay")
        .withArgs(0n, 50n * SKM);
    });

    it("pays the difference to a later sum, and nothing for an earlier one", async () => {
      const { skm, rewards, keys, reward, alice } = await loadFixture(deployRewards);
      const earlier = await claimOf(rewards, keys, { ...reward, cumulative: 10n * SKM });
      await rewards.claim(...(await claimOf(rewards, keys, { ...reward, cumulative: 30n * SKM })));
      await expect(rewards.claim(...earlier)).to.be.revertedWithCustomError(rewards, "RewardNothingToPay");
      await rewards.claim(...(await claimOf(rewards, keys, { ...reward, cumulative: 31n * SKM })));
      expect(await skm.balanceOf(alice.address)).to.equal(31n * SKM);
    });

    it("pays what an operator's period has room for, and the rest by the same signatures in the next ones", async () => {
      const { skm, rewards, keys, reward, alice } = await loadFixture(deployRewards);
      const args = await claimOf(rewards, keys, { ...reward, cumulative: 450n * SKM });
      await rewards.claim(...args);
      expect(await skm.balanceOf(alice.address)).to.equal(200n * SKM);
      expect(await rewards.paidInPeriodTo(VALIDATOR, alice.address)).to.equal(200n * SKM);
      await expect(rewards.claim(...args))
        .to.be.revertedWithCustomError(rewards, "RewardNothingToPay")
        .withArgs(250n * SKM, 0n);
      for (const sum of [400n, 450n]) {
        await time.increase(DAY);
        expect(await rewards.paidInPeriodTo(VALIDATOR, alice.address)).to.equal(0n);
        await rewards.claim(...args);
        expect(await skm.balanceOf(alice.address)).to.equal(sum * SKM);
      }
    });

    it("keeps a cap for each kind, and one for each operator in it", async () => {
      const { skm, rewards, keys, alice, bob, carol, deployer } = await loadFixture(deployRewards);
      const claim = async (kind: number, { address: operator }: typeof alice) =>
        rewards.claim(...(await claimOf(rewards, keys, { kind, operator, cumulative: 250n * SKM })));
      for (const person of [alice, bob, carol]) await claim(VALIDATOR, person);
      // The third had what was left of 500.
      expect(await skm.balanceOf(carol.address)).to.equal(100n * SKM);
      expect(await rewards.paidInPeriod(VALIDATOR)).to.equal(500n * SKM);
      await expect(claim(VALIDATOR, deployer)).to.be.revertedWithCustomError(rewards, "RewardNothingToPay");
      await claim(RELAY, carol);
      expect(await skm.balanceOf(carol.address)).to.equal(200n * SKM);
      expect(await rewards.paidInPeriod(RELAY)).to.equal(100n * SKM);
      await time.increase(DAY);
      expect(await rewards.paidInPeriod(VALIDATOR)).to.equal(0n);
      await claim(VALIDATOR, carol);
      expect(await skm.balanceOf(carol.address)).to.equal(350n * SKM);
    });

    it("pays no more than the bucket released", async () => {
      const { skm, setUp, keys, reward, alice, deployer } = await loadFixture(deployRewards);
      const { rewards: other } = await loadFixture(deployRewards);
      const [, governor, period, , caps] = setUp;
      const LATE = 2;
      const late = await ethers.deployContract("OperatorRewards", [
        ...[skm, LATE, governor, period, MAXIMUM, caps],
        addressesOf(keys),
      ]);
      await by(deployer, skm).setController(LATE, late);
      const args = await claimOf(late, keys, reward);
      await expect(late.claim(...args))
        .to.be.revertedWithCustomError(late, "RewardNothingToPay")
        .withArgs(reward.cumulative, 0n);
      await time.increase(200 * DAY);
      await late.claim(...args);
      expect(await skm.balanceOf(alice.address)).to.equal(reward.cumulative);
      // What is attested for the one is worth nothing at the other.
      await expect(other.claim(...args)).to.be.revertedWithCustomError(other, "RewardNotAttester");
    });
  });

  describe("attested", () => {
    it("takes signatures of more than two thirds", async () => {
      const { rewards, keys, reward } = await loadFixture(deployRewards);
      expect(await rewards.threshold()).to.equal(4n);
      await expect(rewards.claim(...(await claimOf(rewards, keys.slice(1, 4), reward))))
        .to.be.revertedWithCustomError(rewards, "RewardTooFewSignatures")
        .withArgs(3n, 4n);
      await rewards.claim(...(await claimOf(rewards, keys.slice(1), reward)));
    });

    it("signs the digest that the interface documents", async () => {
      const { rewards, reward } = await loadFixture(deployRewards);
      const domain = { version: "1", ...(await domainOf(rewards, "Skrumble OperatorRewards")) };
      const digest = ethers.TypedDataEncoder.hash(domain, { Reward: [...TYPES.Reward] }, { ...reward, term: 1n });
      expect(await rewards.digestOf(reward.kind, reward.operator, reward.cumulative)).to.equal(digest);
    });

    it("is good for one chain, contract, kind, operator and sum", async () => {
      const { skm, rewards, setUp, keys, reward, bob } = await loadFixture(deployRewards);
      const signatures = await attest(rewards, keys, reward);
      const refused = ({ kind, operator, cumulative }: Reward, by_: string[], at = rewards) =>
        expect(at.claim(kind, operator, cumulative, by_)).to.be.revertedWithCustomError(at, "RewardNotAttester");
      await refused({ ...reward, kind: RELAY }, signatures);
      await refused({ ...reward, operator: bob.address }, signatures);
      await refused({ ...reward, cumulative: reward.cumulative + 1n }, signatures);
      const elsewhere = await ethers.deployContract("OperatorRewards", [skm, ...setUp, addressesOf(keys)]);
      await refused(reward, signatures, elsewhere);
      for (const domain of [
        { chainId: 1n },
        { verifyingContract: bob.address },
        { name: "Skrumble UsageFees" },
        { version: "2" },
      ])
        await refused(reward, await attest(rewards, keys, reward, domain));
      await expect(rewards.claim(2, reward.operator, reward.cumulative, signatures)).to.be.revert(ethers);
    });

    it("counts nobody twice, in whatever order, and no stranger", async () => {
      const { rewards, keys, reward } = await loadFixture(deployRewards);
      const [a, b, c, d] = (await attest(rewards, keys, reward)) as [string, string, string, string];
      const refused = (signatures: string[], error: string, ...args: unknown[]) =>
        expect(rewards.claim(reward.kind, reward.operator, reward.cumulative, signatures))
          .to.be.revertedWithCustomError(rewards, error)
          .withArgs(...args);
      const [, second, third] = addressesOf(keys);
      await refused([a, b, c, c], "RewardSignersNotAscending", 3n, third);
      await refused([a, c, b, d], "RewardSignersNotAscending", 2n, second);
      const [stranger] = attesterKeys(6).filter(({ address }) => !addressesOf(keys).includes(address));
      if (!stranger) throw new Error("There is a sixth key");
      const [foreign] = await attest(rewards, [stranger], reward);
      await refused([a, b, c, foreign as string], "RewardNotAttester", 3n, stranger.address);
      await refused([a, b, c, d, "0x"], "RewardNotAttester", 4n, ethers.ZeroAddress);
    });

    it("takes a signature in one form only", async () => {
      const { rewards, keys, reward } = await loadFixture(deployRewards);
      const [a, ...others] = (await attest(rewards, keys, reward)) as [string, ...string[]];
      const { r, yParityAndS } = ethers.Signature.from(a);
      for (const spoilt of [mirrored(a), ethers.concat([r, yParityAndS]), `${a}00`, `0x${"00".repeat(65)}`]) {
        await expect(rewards.claim(reward.kind, reward.operator, reward.cumulative, [spoilt, ...others]))
          .to.be.revertedWithCustomError(rewards, "RewardNotAttester")
          .withArgs(0n, ethers.ZeroAddress);
      }
    });

    it("reads at most as many signatures as there can be attesters", async () => {
      const { rewards, keys, reward, governor } = await loadFixture(deployRewards);
      const many = attesterKeys(64);
      await by(governor, rewards).setAttesters(addressesOf(many));
      expect(await rewards.threshold()).to.equal(43n);
      const args = await claimOf(rewards, many, reward);
      await expect(rewards.claim(args[0], args[1], args[2], [...args[3], args[3][63]]))
        .to.be.revertedWithCustomError(rewards, "RewardTooManySignatures")
        .withArgs(65n, 64n);
      await expect(rewards.claim(...(await claimOf(rewards, keys, reward)))).to.be.revertedWithCustomError(
        rewards,
        "RewardTooFewSignatures",
      );
      await rewards.claim(...args);
    });
  });

  describe("governed", () => {
    it("names attesters, whose signatures alone count from then on", async () => {
      const { rewards, keys, reward, governor } = await loadFixture(deployRewards);
      const before = await claimOf(rewards, keys, reward);
      const next = attesterKeys(9).filter(({ address }) => !addressesOf(keys).includes(address));
      expect(next).to.have.length(4);
      await expect(by(governor, rewards).setAttesters(addressesOf(next)))
        .to.emit(rewards, "AttestersChanged")
        .withArgs(addressesOf(next), 2n);
      expect(await rewards.attesters()).to.deep.equal(addressesOf(next));
      expect(await rewards.threshold()).to.equal(3n);
      for (const { address } of keys) expect(await rewards.isAttester(address)).to.equal(false);
      await expect(rewards.claim(...before)).to.be.revertedWithCustomError(rewards, "RewardNotAttester");
      await rewards.claim(...(await claimOf(rewards, next, reward)));
    });

    it("revokes by naming the same attesters what they signed before", async () => {
      const { skm, rewards, keys, reward, governor, alice } = await loadFixture(deployRewards);
      const before = await claimOf(rewards, keys, reward);
      expect(await rewards.term()).to.equal(1n);
      const digest = await rewards.digestOf(reward.kind, reward.operator, reward.cumulative);
      await by(governor, rewards).setAttesters(addressesOf(keys));
      expect(await rewards.term()).to.equal(2n);
      expect(await rewards.digestOf(reward.kind, reward.operator, reward.cumulative)).not.to.equal(digest);
      await expect(rewards.claim(...before)).to.be.revertedWithCustomError(rewards, "RewardNotAttester");
      await rewards.claim(...(await claimOf(rewards, keys, { ...reward, cumulative: SKM })));
      expect(await skm.balanceOf(alice.address)).to.equal(SKM);
    });

    it("takes 4 to 64 attesters, each once", async () => {
      const { rewards, governor } = await loadFixture(deployRewards);
      const set = (addresses: string[]) => by(governor, rewards).setAttesters(addresses);
      const many = addressesOf(attesterKeys(65));
      for (const count of [0, 3, 65]) {
        await expect(set(many.slice(0, count)))
          .to.be.revertedWithCustomError(rewards, "RewardInvalidAttesterCount")
          .withArgs(count);
      }
      const [a, b, c, d] = many as [string, string, string, string];
      for (const [wrong, at] of [
        [[a, b, b, d], b],
        [[a, c, b, d], b],
        [[ethers.ZeroAddress, a, b, c], ethers.ZeroAddress],
      ] as [string[], string][]) {
        await expect(set(wrong)).to.be.revertedWithCustomError(rewards, "RewardAttestersNotAscending").withArgs(at);
      }
    });

    it("pays nobody before there are attesters", async () => {
      const { skm, setUp, keys, reward, governor, deployer } = await loadFixture(deployRewards);
      const LATE = 2;
      const [, ...others] = setUp;
      const empty = await ethers.deployContract("OperatorRewards", [skm, LATE, ...others, []]);
      await by(deployer, skm).setController(LATE, empty);
      await time.increase(200 * DAY);
      expect(await empty.attesters()).to.deep.equal([]);
      expect(await empty.term()).to.equal(0n);
      await expect(empty.claim(reward.kind, reward.operator, reward.cumulative, []))
        .to.be.revertedWithCustomError(empty, "RewardTooFewSignatures")
        .withArgs(0n, 1n);
      const args = await claimOf(empty, keys, reward);
      await expect(empty.claim(...args)).to.be.revertedWithCustomError(empty, "RewardNotAttester");
      await by(governor, empty).setAttesters(addressesOf(keys));
      // Nor by what they signed before they were named.
      await expect(empty.claim(...args)).to.be.revertedWithCustomError(empty, "RewardNotAttester");
      await empty.claim(...(await claimOf(empty, keys, reward)));
    });

    it("sets caps within the maximum, of which none can be nothing, and one below what was paid leaves no room", async () => {
      const { rewards, keys, reward, governor } = await loadFixture(deployRewards);
      const set = (total: bigint, each: bigint) => by(governor, rewards).setCaps(VALIDATOR, { total, each });
      for (const [total, each] of [
        [MAXIMUM + 1n, 1n],
        [1n, 2n],
        [1n, 0n],
        [0n, 0n],
      ] as const) {
        await expect(set(total, each))
          .to.be.revertedWithCustomError(rewards, "RewardInvalidCaps")
          .withArgs(total, each);
      }
      expect((await rewards.capsOf(VALIDATOR)).toObject()).to.deep.equal(CAPS[0]);
      await rewards.claim(...(await claimOf(rewards, keys, reward)));
      await expect(set(100n * SKM, 1n))
        .to.emit(rewards, "CapsChanged")
        .withArgs(VALIDATOR, 100n * SKM, 1n);
      await expect(rewards.claim(...(await claimOf(rewards, keys, { ...reward, cumulative: 151n * SKM }))))
        .to.be.revertedWithCustomError(rewards, "RewardNothingToPay")
        .withArgs(SKM, 0n);
      await set(MAXIMUM, MAXIMUM);
      expect(await rewards.payableNow(VALIDATOR, reward.operator, 10_000n * SKM)).to.equal(850n * SKM);
      expect((await rewards.capsOf(RELAY)).toObject()).to.deep.equal(CAPS[1]);
    });

    it("hands the bucket on, once", async () => {
      const { skm, rewards, keys, reward, governor, bob } = await loadFixture(deployRewards);
      await expect(by(governor, rewards).handOver(ethers.ZeroAddress)).to.be.revertedWithCustomError(
        skm,
        "SKMInvalidController",
      );
      await expect(by(governor, rewards).handOver(bob.address))
        .to.emit(skm, "BucketControllerChanged")
        .withArgs(FLOW, await rewards.getAddress(), bob.address);
      const args = await claimOf(rewards, keys, reward);
      await expect(rewards.claim(...args)).to.be.revertedWithCustomError(skm, "SKMNotController");
      expect(await rewards.payableNow(...(args.slice(0, 3) as [number, string, bigint]))).to.equal(0n);
      expect(await rewards.claimed(VALIDATOR, reward.operator)).to.equal(0n);
      await expect(by(governor, rewards).handOver(bob.address)).to.be.revertedWithCustomError(skm, "SKMNotController");
    });

    it("listens to the governor alone, who is no attester", async () => {
      const { rewards, keys, reward, deployer, alice, governor } = await loadFixture(deployRewards);
      for (const person of [deployer, alice]) {
        const as = by(person, rewards);
        for (const call of [
          as.setAttesters(addressesOf(keys)),
          as.setCaps(VALIDATOR, CAPS[0]),
          as.handOver(person.address),
        ]) {
          await expect(call).to.be.revertedWithCustomError(rewards, "AccessControlUnauthorizedAccount");
        }
      }
      await expect(
        by(governor, rewards).claim(reward.kind, governor.address, reward.cumulative, []),
      ).to.be.revertedWithCustomError(rewards, "RewardTooFewSignatures");
    });

    it("is made with a period, a bucket, caps and a governor that exist", async () => {
      const { skm, rewards, setUp, governor } = await loadFixture(deployRewards);
      const make = (over: Partial<Record<"bucket" | "governor" | "period" | "maximum" | "caps" | "keys", unknown>>) => {
        const [bucket, governed, period, maximum, caps] = setUp;
        const all = { bucket, governor: governed, period, maximum, caps, keys: [], ...over };
        return ethers.deployContract("OperatorRewards", [skm, ...Object.values(all)]);
      };
      for (const period of [0, 365 * DAY + 1]) {
        await expect(make({ period })).to.be.revertedWithCustomError(rewards, "RewardInvalidPeriod").withArgs(period);
      }
      await expect(make({ bucket: 3 })).to.be.revertedWithCustomError(skm, "SKMUnknownBucket");
      await expect(make({ maximum: CAPS[0].total - 1n })).to.be.revertedWithCustomError(rewards, "RewardInvalidCaps");
      await expect(make({ governor: ethers.ZeroAddress })).to.be.revertedWithCustomError(
        rewards,
        "GovernedInvalidGovernor",
      );
      await expect(make({ keys: addressesOf(attesterKeys(3)) })).to.be.revertedWithCustomError(
        rewards,
        "RewardInvalidAttesterCount",
      );
      const made = await make({ period: 365 * DAY });
      expect(await made.period()).to.equal(365 * DAY);
      expect(await made.bucket()).to.equal(FLOW);
      expect(await made.maximum()).to.equal(MAXIMUM);
      expect(await made.hasRole(await made.GOVERNOR_ROLE(), governor.address)).to.equal(true);
    });
  });
});
