import { expect } from "chai";
import { by, ethers, loadFixture, SKM, time } from "../support/chain.ts";
import { deployMembership, GENESIS, RECOVERY_DELAY, STARTING_CREDIT, tiers, WINDOW } from "../support/deploy.ts";
import { authorise, register } from "../support/identities.ts";

const { ZeroAddress } = ethers;

describe("Membership", () => {
  const deploy = (skm: unknown, registry: unknown, governor: string) =>
    ethers.deployContract("Membership", [skm, registry, governor, tiers, STARTING_CREDIT, []]);

  describe("tiers", () => {
    it("follow from the lowest balance over the window", async () => {
      const { skm, membership, alice } = await loadFixture(deployMembership);
      expect(await membership.tierOf(alice.address)).to.equal(0n);
      await skm.emitFrom(GENESIS, alice.address, 1_000n * SKM);
      expect(await membership.tierOf(alice.address)).to.equal(0n);
      await time.increase(2 * WINDOW);
      expect(await membership.tierOf(alice.address)).to.equal(2n);
      expect((await membership.entitlementsOf(alice.address)).conferenceSize).to.equal(25n);
      await by(alice, skm).transfer(membership, 1n);
      expect(await membership.tierOf(alice.address)).to.equal(1n);
    });

    it("cannot be had for two wallets with one stack of tokens", async () => {
      const { skm, membership, alice, bob } = await loadFixture(deployMembership);
      await skm.emitFrom(GENESIS, alice.address, 1_000n * SKM);
      await time.increase(2 * WINDOW);
      await by(alice, skm).transfer(bob.address, 1_000n * SKM);
      expect(await membership.tierOf(alice.address)).to.equal(0n);
      expect(await membership.tierOf(bob.address)).to.equal(0n);
    });

    it("are reached at the threshold exactly", async () => {
      const { skm, membership, alice } = await loadFixture(deployMembership);
      await skm.emitFrom(GENESIS, alice.address, 50n * SKM - 1n);
      await time.increase(2 * WINDOW);
      expect(await membership.tierOf(alice.address)).to.equal(0n);
      await skm.emitFrom(GENESIS, alice.address, 1n);
      await time.increase(2 * WINDOW);
      expect(await membership.tierOf(alice.address)).to.equal(1n);
    });

    it("can be read as data", async () => {
      const { membership } = await loadFixture(deployMembership);
      const list = await membership.tiers();
      expect(list.map((tier: { name: string }) => tier.name)).to.deep.equal(["Guest", "Member", "Plus"]);
      expect(list[1].entitlements.video).to.equal(true);
      expect(list[0].entitlements.fileBytes).to.equal(25n << 20n);
    });

    it("are replaced by the governor alone", async () => {
      const { membership, governor, alice } = await loadFixture(deployMembership);
      await expect(by(alice, membership).setTiers(tiers)).to.be.revertedWithCustomError(
        membership,
        "AccessControlUnauthorizedAccount",
      );
      const fewer = [tiers[0], { ...tiers[1], name: "Friend", threshold: 7n }];
      await expect(by(governor, membership).setTiers(fewer)).to.emit(membership, "TiersChanged");
      const list = await membership.tiers();
      expect(list.map((tier: { name: string }) => tier.name)).to.deep.equal(["Guest", "Friend"]);
    });

    it("are refused when none, too many, not rising, not beginning at 0, or badly named", async () => {
      const { membership, governor } = await loadFixture(deployMembership);
      const set = (list: unknown[]) => by(governor, membership).setTiers(list);
      const [guest, member] = tiers;
      await expect(set([])).to.be.revertedWithCustomError(membership, "MembershipInvalidTierCount").withArgs(0n);
      const many = Array.from({ length: 17 }, (_, i) => ({ ...guest, threshold: BigInt(i) }));
      await expect(set(many)).to.be.revertedWithCustomError(membership, "MembershipInvalidTierCount").withArgs(17n);
      await expect(set(many.slice(0, 16))).to.emit(membership, "TiersChanged");
      for (const [list, index] of [
        [[member], 0n],
        [[guest, member, member], 2n],
        [[guest, { ...member, name: "" }], 1n],
        [[{ ...guest, name: "n".repeat(33) }], 0n],
      ] as const) {
        await expect(set([...list]))
          .to.be.revertedWithCustomError(membership, "MembershipInvalidTier")
          .withArgs(index);
      }
    });
  });

  describe("credit", () => {
    it("comes with an identity, once, and lifts the tier at once", async () => {
      const { registry, membership, alice } = await loadFixture(deployMembership);
      expect(await membership.creditOf(alice.address)).to.equal(0n);
      await register(registry, alice, "alice");
      expect(await membership.creditOf(alice.address)).to.equal(STARTING_CREDIT);
      expect(await membership.standingOf(alice.address)).to.equal(STARTING_CREDIT);
      expect(await membership.tierOf(alice.address)).to.equal(1n);
      expect((await membership.entitlementsOf(alice.address)).video).to.equal(true);
    });

    it("adds to the balance", async () => {
      const { skm, registry, membership, alice } = await loadFixture(deployMembership);
      await register(registry, alice, "alice");
      await skm.emitFrom(GENESIS, alice.address, 900n * SKM);
      await time.increase(2 * WINDOW);
      expect(await membership.tierOf(alice.address)).to.equal(2n);
    });

    it("is spent by a fee spender alone, never below zero", async () => {
      const { registry, membership, alice, bob, spender } = await loadFixture(deployMembership);
      const id = await register(registry, alice, "alice");
      await expect(by(alice, membership).spendCredit(alice.address, 1n)).to.be.revertedWithCustomError(
        membership,
        "AccessControlUnauthorizedAccount",
      );
      const paid = by(spender, membership);
      await expect(paid.spendCredit(alice.address, 60n * SKM))
        .to.emit(membership, "CreditSpent")
        .withArgs(id, alice.address, spender.address, 60n * SKM);
      expect(await membership.creditOf(alice.address)).to.equal(40n * SKM);
      await expect(paid.spendCredit(alice.address, 40n * SKM + 1n))
        .to.be.revertedWithCustomError(membership, "MembershipInsufficientCredit")
        .withArgs(alice.address, 40n * SKM, 40n * SKM + 1n);
      await expect(paid.spendCredit(bob.address, 1n)).to.be.revertedWithCustomError(
        membership,
        "MembershipInsufficientCredit",
      );
      await expect(paid.spendCredit(alice.address, ethers.MaxUint256)).to.be.revertedWithCustomError(
        membership,
        "MembershipInsufficientCredit",
      );
    });

    it("follows the identity through a recovery, spent part included", async () => {
      const { registry, membership, alice, bob, carol, spender } = await loadFixture(deployMembership);
      const id = await register(registry, alice, "alice");
      await by(spender, membership).spendCredit(alice.address, 30n * SKM);
      const set = await authorise(registry, alice, "SetRecovery", id, { recovery: carol.address });
      await registry.setRecovery(id, carol.address, set.deadline, set.signature);
      const start = await authorise(registry, carol, "StartRecovery", id, { newOwner: bob.address });
      await registry.startRecovery(id, bob.address, start.deadline, start.signature);
      await time.increase(RECOVERY_DELAY);
      const accept = await authorise(registry, bob, "AcceptRecovery", id);
      await registry.finishRecovery(id, accept.deadline, accept.signature);
      expect(await membership.creditOf(alice.address)).to.equal(0n);
      expect(await membership.creditOf(bob.address)).to.equal(70n * SKM);
      // The old wallet may begin anew, but under another identity: the total only grows by one person's start.
      await register(registry, alice, "alice-again");
      expect(await membership.creditOf(alice.address)).to.equal(STARTING_CREDIT);
    });

    it("farmed with many names cannot be gathered: there is no way to move it", async () => {
      const { skm, registry, membership, alice, bob } = await loadFixture(deployMembership);
      for (const [index, farmer] of [alice, bob].entries()) await register(registry, farmer, `farm-${index}`);
      const moving = membership.interface.fragments.filter(
        (fragment) => fragment.type === "function" && /transfer|withdraw|grantCredit|mint/i.test(fragment.format()),
      );
      expect(moving).to.deep.equal([]);
      expect(await skm.totalSupply()).to.equal(0n);
      expect(await skm.balanceOf(alice.address)).to.equal(0n);
      expect(await membership.creditOf(alice.address)).to.equal(STARTING_CREDIT);
    });

    it("is changed for future identities only", async () => {
      const { registry, membership, governor, alice, bob, spender } = await loadFixture(deployMembership);
      await register(registry, alice, "alice");
      await by(spender, membership).spendCredit(alice.address, 90n * SKM);
      await expect(by(governor, membership).setStartingCredit(5n))
        .to.emit(membership, "StartingCreditChanged")
        .withArgs(2n, 5n);
      await register(registry, bob, "bob");
      expect(await membership.creditOf(alice.address)).to.equal(10n * SKM);
      expect(await membership.creditOf(bob.address)).to.equal(5n);
      expect(await membership.startingCredit()).to.equal(5n);
      await by(governor, membership).setStartingCredit(6n);
      expect(await membership.creditOf(bob.address)).to.equal(5n);
    });

    it("is bounded by the cap and set by the governor alone", async () => {
      const { skm, membership, governor, alice } = await loadFixture(deployMembership);
      await expect(by(alice, membership).setStartingCredit(1n)).to.be.revertedWithCustomError(
        membership,
        "AccessControlUnauthorizedAccount",
      );
      await expect(by(governor, membership).setStartingCredit((await skm.CAP()) + 1n)).to.be.revertedWithCustomError(
        membership,
        "MembershipCreditTooLarge",
      );
    });
  });

  describe("administration", () => {
    it("has one governor, no default administrator, and refuses none at all", async () => {
      const { skm, registry, membership, governor, deployer } = await loadFixture(deployMembership);
      expect(await membership.hasRole(await membership.GOVERNOR_ROLE(), governor.address)).to.equal(true);
      for (const who of [governor, deployer]) {
        expect(await membership.hasRole(await membership.DEFAULT_ADMIN_ROLE(), who.address)).to.equal(false);
      }
      await expect(deploy(skm, registry, ZeroAddress)).to.be.revertedWithCustomError(
        membership,
        "GovernedInvalidGovernor",
      );
    });

    it("can be handed to another governor by the governor", async () => {
      const { membership, governor, alice } = await loadFixture(deployMembership);
      const role = await membership.GOVERNOR_ROLE();
      await expect(by(alice, membership).grantRole(role, alice.address)).to.be.revertedWithCustomError(
        membership,
        "AccessControlUnauthorizedAccount",
      );
      await by(governor, membership).grantRole(role, alice.address);
      await by(alice, membership).revokeRole(role, governor.address);
      await expect(by(governor, membership).setStartingCredit(1n)).to.be.revertedWithCustomError(
        membership,
        "AccessControlUnauthorizedAccount",
      );
    });

    it("changes a parameter through a timelock only after its delay", async () => {
      const { skm, registry, alice } = await loadFixture(deployMembership);
      const members = [alice.address];
      const delay = 2 * 24 * 60 * 60;
      const timelock = await ethers.deployContract("TimelockController", [delay, members, members, ZeroAddress]);
      const membership = await deploy(skm, registry, await timelock.getAddress());
      const call = membership.interface.encodeFunctionData("setStartingCredit", [1n]);
      const operation = [await membership.getAddress(), 0n, call, ethers.ZeroHash, ethers.ZeroHash] as const;
      await by(alice, timelock).schedule(...operation, delay);
      await expect(by(alice, timelock).execute(...operation)).to.be.revertedWithCustomError(
        timelock,
        "TimelockUnexpectedOperationState",
      );
      await time.increase(delay);
      await by(alice, timelock).execute(...operation);
      expect(await membership.startingCredit()).to.equal(1n);
    });
  });
});
