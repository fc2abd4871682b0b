import { expect } from "chai";
import { mirrored } from "../support/authorisations.ts";
import { by, DAY, ethers, loadFixture, now, SKM, time } from "../support/chain.ts";
import { deployNetwork, MINIMUM_STAKE, UNBONDING_DELAY } from "../support/deploy.ts";
import { hash } from "../support/identities.ts";
import { consent, ROLE, registerRelay, relayConfig } from "../support/relays.ts";

const { ZeroAddress, ZeroHash } = ethers;

describe("RelayRegistry", () => {
  async function withRelay() {
    const world = await deployNetwork();
    const id = await registerRelay(world.relays, world.alice, world.anchorKey);
    return { ...world, id };
  }

  describe("registering", () => {
    it("takes the stake and lists the relay", async () => {
      const { skm, relays, alice, anchorKey } = await loadFixture(deployNetwork);
      const config = relayConfig({ anchorKey: anchorKey.address });
      const signature = await consent(relays, anchorKey, alice.address);
      const balance = await skm.balanceOf(alice.address);
      await expect(by(alice, relays).register(config, MINIMUM_STAKE + 5n, signature))
        .to.emit(relays, "RelayRegistered")
        .withArgs(1n, alice.address, MINIMUM_STAKE + 5n)
        .and.to.emit(relays, "RelayUpdated");
      expect(await skm.balanceOf(alice.address)).to.equal(balance - MINIMUM_STAKE - 5n);
      expect(await skm.balanceOf(relays)).to.equal(MINIMUM_STAKE + 5n);
      const relay = await relays.relay(1n);
      expect(relay.operator).to.equal(alice.address);
      expect(relay.unbondingAt).to.equal(0n);
      expect(relay.roles).to.equal(3n);
      expect(relay.stake).to.equal(MINIMUM_STAKE + 5n);
      expect(relay.signingKey).to.equal(config.signingKey);
      expect([relay.region, relay.endpoint]).to.deep.equal([config.region, config.endpoint]);
      expect(await relays.relayByAnchorKey(anchorKey.address)).to.equal(1n);
      expect(await relays.activeAnchor(anchorKey.address)).to.equal(1n);
      const [listed] = await relays.activeRelays(0, 10);
      expect(listed.id).to.equal(1n);
      expect(listed.relay.endpoint).to.equal(config.endpoint);
    });

    it("asks for the minimum stake, and for an allowance and balance that cover it", async () => {
      const { skm, relays, alice, bob } = await loadFixture(deployNetwork);
      const config = relayConfig({ roles: ROLE.mailbox });
      await expect(by(alice, relays).register(config, MINIMUM_STAKE - 1n, "0x"))
        .to.be.revertedWithCustomError(relays, "RelayStakeTooLow")
        .withArgs(MINIMUM_STAKE - 1n, MINIMUM_STAKE);
      await by(bob, skm).approve(relays, 0n);
      await expect(by(bob, relays).register(config, MINIMUM_STAKE, "0x")).to.be.revertedWithCustomError(
        skm,
        "ERC20InsufficientAllowance",
      );
      await expect(by(alice, relays).register(config, 11n * MINIMUM_STAKE, "0x")).to.be.revertedWithCustomError(
        skm,
        "ERC20InsufficientBalance",
      );
    });

    it("refuses roles that do not exist or none, empty or long texts, missing keys", async () => {
      const { relays, alice } = await loadFixture(deployNetwork);
      for (const [over, error] of [
        [{ roles: 0 }, "RelayInvalidRoles"],
        [{ roles: 32 }, "RelayInvalidRoles"],
        [{ roles: 255 }, "RelayInvalidRoles"],
        [{ region: "" }, "RelayInvalidText"],
        [{ region: "r".repeat(33) }, "RelayInvalidText"],
        [{ endpoint: "" }, "RelayInvalidText"],
        [{ endpoint: "e".repeat(257) }, "RelayInvalidText"],
        [{ signingKey: ZeroHash }, "RelayMissingSigningKey"],
        [{ roles: ROLE.anchor }, "RelayMissingAnchorKey"],
      ] as const) {
        const config = relayConfig({ roles: ROLE.mailbox, ...over });
        await expect(by(alice, relays).register(config, MINIMUM_STAKE, "0x")).to.be.revertedWithCustomError(
          relays,
          error,
        );
      }
    });

    it("lets the operator's own account be the anchor key without a signature", async () => {
      const { relays, alice } = await loadFixture(deployNetwork);
      await by(alice, relays).register(relayConfig({ anchorKey: alice.address }), MINIMUM_STAKE, "0x");
      expect(await relays.activeAnchor(alice.address)).to.equal(1n);
    });

    it("takes an anchor key only with its consent to this operator, on this chain and contract, once", async () => {
      const { relays, alice, bob, anchorKey } = await loadFixture(deployNetwork);
      const config = relayConfig({ anchorKey: anchorKey.address });
      for (const signature of [
        "0x",
        `0x${"00".repeat(65)}`,
        await consent(relays, anchorKey, bob.address),
        await consent(relays, alice, alice.address),
        await consent(relays, anchorKey, alice.address, { chainId: 1n }),
        await consent(relays, anchorKey, alice.address, { verifyingContract: alice.address }),
        mirrored(await consent(relays, anchorKey, alice.address)),
      ]) {
        await expect(by(alice, relays).register(config, MINIMUM_STAKE, signature))
          .to.be.revertedWithCustomError(relays, "RelayInvalidAnchorSignature")
          .withArgs(anchorKey.address);
      }
      await registerRelay(relays, alice, anchorKey);
      await expect(
        by(bob, relays).register(config, MINIMUM_STAKE, await consent(relays, anchorKey, bob.address)),
      ).to.be.revertedWithCustomError(relays, "RelayAnchorKeyTaken");
    });

    it("gives several relays without anchor role to one operator", async () => {
      const { relays, alice } = await loadFixture(deployNetwork);
      for (let i = 0; i < 2; i++) {
        await by(alice, relays).register(relayConfig({ roles: ROLE.mailbox }), MINIMUM_STAKE, "0x");
      }
      expect(await relays.activeRelayCount()).to.equal(2n);
      expect(await relays.relayByAnchorKey(ZeroAddress)).to.equal(0n);
      expect(await relays.activeAnchor(ZeroAddress)).to.equal(0n);
    });
  });

  describe("updating", () => {
    it("changes what the operator decides, and frees the old anchor key", async () => {
      const { relays, alice, anchorKey, otherKey, id } = await loadFixture(withRelay);
      const config = relayConfig({
        roles: ROLE.mailbox | ROLE.anchor | ROLE.storage,
        anchorKey: otherKey.address,
        signingKey: hash("new"),
        endpoint: "https://moved.example",
      });
      await by(alice, relays).update(id, config, await consent(relays, otherKey, alice.address));
      const relay = await relays.relay(id);
      expect(relay.endpoint).to.equal("https://moved.example");
      expect(relay.signingKey).to.equal(hash("new"));
      expect(await relays.relayByAnchorKey(anchorKey.address)).to.equal(0n);
      expect(await relays.activeAnchor(otherKey.address)).to.equal(id);
      // The same key again needs no new signature; without the role it is not an anchor any more.
      await by(alice, relays).update(id, { ...config, roles: ROLE.mailbox }, "0x");
      expect(await relays.activeAnchor(otherKey.address)).to.equal(0n);
      await by(alice, relays).update(id, { ...config, roles: ROLE.mailbox, anchorKey: ZeroAddress }, "0x");
      expect(await relays.relayByAnchorKey(otherKey.address)).to.equal(0n);
    });

    it("is the operator's alone", async () => {
      const { relays, bob, governor, id } = await loadFixture(withRelay);
      for (const stranger of [bob, governor]) {
        const r = by(stranger, relays);
        for (const call of [
          r.update(id, relayConfig(), "0x"),
          r.addStake(id, 1n),
          r.requestUnbond(id),
          r.withdraw(id, stranger.address),
        ]) {
          await expect(call).to.be.revertedWithCustomError(relays, "RelayNotOperator").withArgs(id, stranger.address);
        }
      }
      await expect(by(bob, relays).update(99n, relayConfig(), "0x")).to.be.revertedWithCustomError(
        relays,
        "RelayUnknown",
      );
      await expect(relays.relay(0n)).to.be.revertedWithCustomError(relays, "RelayUnknown");
    });

    it("adds to the stake", async () => {
      const { skm, relays, alice, id } = await loadFixture(withRelay);
      await expect(by(alice, relays).addStake(id, 7n)).to.emit(relays, "RelayStakeAdded").withArgs(id, 7n);
      expect((await relays.relay(id)).stake).to.equal(MINIMUM_STAKE + 7n);
      expect(await skm.balanceOf(relays)).to.equal(MINIMUM_STAKE + 7n);
    });
  });

  describe("leaving", () => {
    it("takes the relay out of service at once and returns the stake after the delay", async () => {
      const { skm, relays, alice, bob, anchorKey, id } = await loadFixture(withRelay);
      await expect(by(alice, relays).requestUnbond(id)).to.emit(relays, "RelayUnbonding");
      const { unbondingAt } = await relays.relay(id);
      expect(unbondingAt).to.equal(BigInt((await now()) + UNBONDING_DELAY));
      expect(await relays.activeRelayCount()).to.equal(0n);
      expect(await relays.activeAnchor(anchorKey.address)).to.equal(0n);
      await time.setNextBlockTimestamp(unbondingAt - 1n);
      await expect(by(alice, relays).withdraw(id, bob.address))
        .to.be.revertedWithCustomError(relays, "RelayStillBonded")
        .withArgs(id, unbondingAt);
      await time.setNextBlockTimestamp(unbondingAt);
      const before = await skm.balanceOf(bob.address);
      await expect(by(alice, relays).withdraw(id, bob.address))
        .to.emit(relays, "RelayWithdrawn")
        .withArgs(id, bob.address, MINIMUM_STAKE);
      expect(await skm.balanceOf(bob.address)).to.equal(before + MINIMUM_STAKE);
      await expect(relays.relay(id)).to.be.revertedWithCustomError(relays, "RelayUnknown");
      await expect(by(alice, relays).withdraw(id, bob.address)).to.be.revertedWithCustomError(relays, "RelayUnknown");
      // The key is free again, the number is not.
      expect(await registerRelay(relays, bob, anchorKey)).to.equal(id + 1n);
    });

    it("cannot be done twice, nor undone, nor skipped", async () => {
      const { relays, alice, id } = await loadFixture(withRelay);
      const r = by(alice, relays);
      await expect(r.withdraw(id, alice.address)).to.be.revertedWithCustomError(relays, "RelayNotUnbonding");
      await r.requestUnbond(id);
      for (const call of [r.requestUnbond(id), r.update(id, relayConfig(), "0x"), r.addStake(id, 1n)]) {
        await expect(call).to.be.revertedWithCustomError(relays, "RelayAlreadyUnbonding").withArgs(id);
      }
    });

    it("does not send the stake nowhere", async () => {
      const { relays, alice, id } = await loadFixture(withRelay);
      await by(alice, relays).requestUnbond(id);
      await time.increase(UNBONDING_DELAY);
      for (const nowhere of [ZeroAddress, await relays.getAddress()]) {
        await expect(by(alice, relays).withdraw(id, nowhere)).to.be.revertedWithCustomError(
          relays,
          "RelayInvalidRecipient",
        );
      }
    });

    it("cannot be hindered by the governor", async () => {
      const { skm, relays, alice, governor, id } = await loadFixture(withRelay);
      await by(governor, relays).setMinimumStake(ethers.MaxUint256);
      expect(await relays.activeRelayCount()).to.equal(1n);
      await by(alice, relays).requestUnbond(id);
      await time.increase(UNBONDING_DELAY);
      await by(alice, relays).withdraw(id, alice.address);
      expect(await skm.balanceOf(relays)).to.equal(0n);
    });
  });

  describe("listing", () => {
    it("is read in pages that stay within what there is", async () => {
      const { relays, alice, bob, carol } = await loadFixture(deployNetwork);
      for (const operator of [alice, bob, carol, alice, bob]) {
        await by(operator, relays).register(relayConfig({ roles: ROLE.mailbox }), MINIMUM_STAKE, "0x");
      }
      await by(bob, relays).requestUnbond(2n);
      const ids = async (offset: bigint, limit: bigint) =>
        (await relays.activeRelays(offset, limit)).map(({ id }: { id: bigint }) => id);
      const all = await ids(0n, ethers.MaxUint256);
      expect([...all].sort()).to.deep.equal([1n, 3n, 4n, 5n]);
      expect([...(await ids(0n, 3n)), ...(await ids(3n, 3n))]).to.deep.equal(all);
      for (const offset of [4n, 5n, ethers.MaxUint256]) expect(await ids(offset, 3n)).to.deep.equal([]);
      expect(await ids(0n, 0n)).to.deep.equal([]);
    });
  });

  describe("administration", () => {
    it("lets the governor set the stake of new relays, and nobody else", async () => {
      const { relays, alice, governor } = await loadFixture(deployNetwork);
      await expect(by(alice, relays).setMinimumStake(1n)).to.be.revertedWithCustomError(
        relays,
        "AccessControlUnauthorizedAccount",
      );
      await expect(by(governor, relays).setMinimumStake(1n)).to.emit(relays, "MinimumStakeChanged").withArgs(1n);
      await by(alice, relays).register(relayConfig({ roles: ROLE.mailbox }), 1n, "0x");
    });

    it("refuses no governor, no delay and a delay of ages", async () => {
      const { skm, relays, governor } = await loadFixture(deployNetwork);
      const deploy = (who: string, delay: number) =>
        ethers.deployContract("RelayRegistry", [skm, who, MINIMUM_STAKE, delay]);
      await expect(deploy(ZeroAddress, DAY)).to.be.revertedWithCustomError(relays, "GovernedInvalidGovernor");
      for (const delay of [0, 366 * DAY]) {
        await expect(deploy(governor.address, delay)).to.be.revertedWithCustomError(relays, "RelayInvalidDelay");
      }
    });
  });

  describe("with a hostile token", () => {
    async function hostile() {
      const [, alice, , , governor] = await ethers.getSigners();
      const token = await ethers.deployContract("HostileToken");
      const relays = await ethers.deployContract("RelayRegistry", [token, governor.address, 90n * SKM, DAY]);
      await token.mint(alice.address, 1_000n * SKM);
      await by(alice, token).approve(relays, ethers.MaxUint256);
      return { token, relays, alice, config: relayConfig({ roles: ROLE.mailbox }) };
    }

    it("counts what arrived, not what was asked for", async () => {
      const { token, relays, alice, config } = await loadFixture(hostile);
      await token.setTakesFee(true);
      await expect(by(alice, relays).register(config, 99n * SKM, "0x")).to.be.revertedWithCustomError(
        relays,
        "RelayStakeTooLow",
      );
      await by(alice, relays).register(config, 100n * SKM, "0x");
      expect((await relays.relay(1n)).stake).to.equal(90n * SKM);
      await by(alice, relays).addStake(1n, 10n * SKM);
      expect((await relays.relay(1n)).stake).to.equal(99n * SKM);
      await by(alice, relays).requestUnbond(1n);
      await time.increase(DAY);
      await by(alice, relays).withdraw(1n, alice.address);
      expect(await token.balanceOf(relays)).to.equal(0n);
    });

    it("does not take a false answer for a payment", async () => {
      const { token, relays, alice, config } = await loadFixture(hostile);
      await token.setAnswersFalse(true);
      await expect(by(alice, relays).register(config, 100n * SKM, "0x")).to.be.revertedWithCustomError(
        relays,
        "SafeERC20FailedOperation",
      );
    });

    it("cannot be entered again from within a transfer", async () => {
      const { token, relays, config } = await loadFixture(hostile);
      const self = await token.getAddress();
      await token.mint(self, 1_000n * SKM);
      await token.approveFrom(self, relays, ethers.MaxUint256);
      const call = (name: string, args: unknown[]) => relays.interface.encodeFunctionData(name, args);
      await token.act(relays, call("register", [config, 100n * SKM, "0x"]));
      for (const [name, args] of [
        ["addStake", [1n, 1n]],
        ["register", [config, 100n * SKM, "0x"]],
      ] as const) {
        await token.setCallback(relays, call(name, [...args]));
        await token.act(relays, call("addStake", [1n, SKM]));
        expect(await token.callbackSucceeded(), name).to.equal(false);
      }
      await token.act(relays, call("requestUnbond", [1n]));
      await time.increase(DAY);
      await token.setCallback(relays, call("withdraw", [1n, self]));
      await token.act(relays, call("withdraw", [1n, self]));
      expect(await token.callbackSucceeded()).to.equal(false);
      expect(await token.balanceOf(self)).to.equal(1_000n * SKM);
    });
  });
});
