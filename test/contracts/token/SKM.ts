import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import { mirrored, split } from "../support/authorisations.ts";
import { by, CAP, DAY, ethers, loadFixture, now, SKM, time } from "../support/chain.ts";
import { bucketName, buckets, deployToken, FLOW, GENESIS, LATE, WINDOW } from "../support/deploy.ts";
import { domainOf, sign } from "../support/typedData.ts";

const { ZeroAddress } = ethers;

describe("SKM", () => {
  describe("construction", () => {
    it("has a name, a symbol, 18 decimals and nothing in circulation", async () => {
      const { skm } = await loadFixture(deployToken);
      expect(await skm.name()).to.equal("Skrumble");
      expect(await skm.symbol()).to.equal("SKM");
      expect(await skm.decimals()).to.equal(18n);
      expect(await skm.CAP()).to.equal(CAP);
      expect(await skm.totalSupply()).to.equal(0n);
      expect(await skm.window()).to.equal(BigInt(WINDOW));
    });

    it("lists its buckets", async () => {
      const { skm, deployer } = await loadFixture(deployToken);
      const list = await skm.buckets();
      expect(list.length).to.equal(3);
      expect(list[FLOW].name).to.equal(bucketName("flow"));
      expect(list[FLOW].controller).to.equal(deployer.address);
    });

    it("refuses caps that do not add up to the cap", async () => {
      const { skm, deployer } = await loadFixture(deployToken);
      const list = await buckets(deployer.address);
      list[0].cap += 1n;
      await expect(ethers.deployContract("SKM", [list, WINDOW]))
        .to.be.revertedWithCustomError(skm, "SKMInvalidBucketCaps")
        .withArgs(CAP + 1n);
    });

    it("refuses a bucket without name, cap or controller, one already emitted from, and two of one name", async () => {
      const { skm, deployer } = await loadFixture(deployToken);
      for (const change of [{ name: ethers.ZeroHash }, { cap: 0n }, { emitted: 1n }, { name: bucketName("genesis") }]) {
        const list = await buckets(deployer.address);
        Object.assign(list[1], change);
        await expect(ethers.deployContract("SKM", [list, WINDOW]))
          .to.be.revertedWithCustomError(skm, "SKMInvalidBucket")
          .withArgs(1n);
      }
      await expect(ethers.deployContract("SKM", [await buckets(ZeroAddress), WINDOW])).to.be.revertedWithCustomError(
        skm,
        "SKMInvalidController",
      );
    });

    it("refuses a window of nothing and more buckets than a number can name", async () => {
      const { skm, deployer } = await loadFixture(deployToken);
      const list = await buckets(deployer.address);
      await expect(ethers.deployContract("SKM", [list, 0])).to.be.revertedWithCustomError(skm, "SKMInvalidWindow");
      await expect(
        ethers.deployContract("SKM", [Array.from({ length: 17 }, () => list[0]), WINDOW]),
      ).to.be.revertedWithCustomError(skm, "SKMTooManyBuckets");
    });
  });

  describe("emission", () => {
    it("mints out of a released bucket", async () => {
      const { skm, alice } = await loadFixture(deployToken);
      await expect(skm.emitFrom(GENESIS, alice.address, 5n * SKM))
        .to.emit(skm, "Emitted")
        .withArgs(GENESIS, alice.address, 5n * SKM)
        .and.to.emit(skm, "Transfer")
        .withArgs(ZeroAddress, alice.address, 5n * SKM);
      expect(await skm.balanceOf(alice.address)).to.equal(5n * SKM);
      expect(await skm.totalSupply()).to.equal(5n * SKM);
      expect((await skm.buckets())[GENESIS].emitted).to.equal(5n * SKM);
    });

    it("releases linearly, nothing early, all of it at the end, and never more", async () => {
      const { skm, alice } = await loadFixture(deployToken);
      const { start, cap } = (await skm.buckets())[FLOW];
      await time.increaseTo(start + BigInt(250 * DAY));
      expect(await skm.releasable(FLOW)).to.equal(cap / 4n);
      await expect(skm.emitFrom(FLOW, alice.address, cap))
        .to.be.revertedWithCustomError(skm, "SKMNotReleased")
        .withArgs(FLOW, anyValue, cap);
      await skm.emitFrom(FLOW, alice.address, cap / 4n);
      await time.increaseTo(start + BigInt(5_000 * DAY));
      expect(await skm.releasable(FLOW)).to.equal(cap - cap / 4n);
      await skm.emitFrom(FLOW, alice.address, cap - cap / 4n);
      await expect(skm.emitFrom(FLOW, alice.address, 1n))
        .to.be.revertedWithCustomError(skm, "SKMNotReleased")
        .withArgs(FLOW, 0n, 1n);
    });

    it("releases nothing before the start", async () => {
      const { skm, alice } = await loadFixture(deployToken);
      expect(await skm.releasable(LATE)).to.equal(0n);
      await expect(skm.emitFrom(LATE, alice.address, 1n)).to.be.revertedWithCustomError(skm, "SKMNotReleased");
    });

    it("refuses amounts that would not fit the bucket's counter", async () => {
      const { skm, alice } = await loadFixture(deployToken);
      for (const amount of [2n ** 128n, 2n ** 128n + 1n, ethers.MaxUint256]) {
        await expect(skm.emitFrom(GENESIS, alice.address, amount)).to.be.revertedWithCustomError(skm, "SKMNotReleased");
      }
    });

    it("refuses everybody but the controller, unknown buckets and the zero address", async () => {
      const { skm, alice } = await loadFixture(deployToken);
      await expect(by(alice, skm).emitFrom(GENESIS, alice.address, 1n))
        .to.be.revertedWithCustomError(skm, "SKMNotController")
        .withArgs(GENESIS, alice.address);
      await expect(skm.emitFrom(3, alice.address, 1n)).to.be.revertedWithCustomError(skm, "SKMUnknownBucket");
      await expect(skm.releasable(255)).to.be.revertedWithCustomError(skm, "SKMUnknownBucket");
      await expect(skm.emitFrom(GENESIS, ZeroAddress, 1n)).to.be.revertedWithCustomError(skm, "ERC20InvalidReceiver");
    });

    it("lets a controller hand its bucket on, and only that", async () => {
      const { skm, deployer, alice, bob } = await loadFixture(deployToken);
      await expect(by(bob, skm).setController(FLOW, bob.address)).to.be.revertedWithCustomError(
        skm,
        "SKMNotController",
      );
      await expect(skm.setController(FLOW, alice.address))
        .to.emit(skm, "BucketControllerChanged")
        .withArgs(FLOW, deployer.address, alice.address);
      await expect(skm.setController(FLOW, bob.address)).to.be.revertedWithCustomError(skm, "SKMNotController");
      await expect(by(alice, skm).setController(FLOW, ZeroAddress)).to.be.revertedWithCustomError(
        skm,
        "SKMInvalidController",
      );
      expect((await skm.buckets())[GENESIS].controller).to.equal(deployer.address);
    });
  });

  describe("transfers", () => {
    async function withTokens() {
      const deployed = await deployToken();
      await deployed.skm.emitFrom(GENESIS, deployed.alice.address, 100n * SKM);
      return deployed;
    }

    it("moves tokens and says so", async () => {
      const { skm, alice, bob } = await loadFixture(withTokens);
      await expect(by(alice, skm).transfer(bob.address, 40n * SKM))
        .to.emit(skm, "Transfer")
        .withArgs(alice.address, bob.address, 40n * SKM);
      expect(await skm.balanceOf(alice.address)).to.equal(60n * SKM);
      expect(await skm.balanceOf(bob.address)).to.equal(40n * SKM);
      expect(await skm.totalSupply()).to.equal(100n * SKM);
    });

    it("refuses more than there is, also to oneself, and the zero address", async () => {
      const { skm, alice, bob } = await loadFixture(withTokens);
      for (const to of [bob.address, alice.address]) {
        await expect(by(alice, skm).transfer(to, 100n * SKM + 1n))
          .to.be.revertedWithCustomError(skm, "ERC20InsufficientBalance")
          .withArgs(alice.address, 100n * SKM, 100n * SKM + 1n);
        await expect(by(alice, skm).transfer(to, ethers.MaxUint256)).to.be.revertedWithCustomError(
          skm,
          "ERC20InsufficientBalance",
        );
      }
      await expect(by(alice, skm).transfer(ZeroAddress, 1n)).to.be.revertedWithCustomError(skm, "ERC20InvalidReceiver");
    });

    it("spends allowances", async () => {
      const { skm, alice, bob, carol } = await loadFixture(withTokens);
      await by(alice, skm).approve(bob.address, 10n * SKM);
      await by(bob, skm).transferFrom(alice.address, carol.address, 7n * SKM);
      expect(await skm.allowance(alice.address, bob.address)).to.equal(3n * SKM);
      await expect(by(bob, skm).transferFrom(alice.address, carol.address, 4n * SKM)).to.be.revertedWithCustomError(
        skm,
        "ERC20InsufficientAllowance",
      );
    });

    it("takes a permit once, from its signer, in time, on this chain and contract only", async () => {
      const { skm, alice, bob } = await loadFixture(withTokens);
      const domain = await domainOf(skm, "Skrumble");
      const deadline = BigInt((await now()) + DAY);
      const message = { owner: alice.address, spender: bob.address, value: 9n, nonce: 0n, deadline };
      const permit = async (signer = alice, over = {}, late = deadline) => {
        const signature = await sign(signer, { ...domain, ...over }, "Permit", { ...message, deadline: late });
        const { v, r, s } = ethers.Signature.from(signature);
        return skm.permit(alice.address, bob.address, 9n, late, v, r, s);
      };
      await expect(permit(bob)).to.be.revertedWithCustomError(skm, "ERC2612InvalidSigner");
      await expect(permit(alice, { chainId: 1n })).to.be.revertedWithCustomError(skm, "ERC2612InvalidSigner");
      await expect(permit(alice, { verifyingContract: bob.address })).to.be.revertedWithCustomError(
        skm,
        "ERC2612InvalidSigner",
      );
      await expect(permit(alice, {}, 1n)).to.be.revertedWithCustomError(skm, "ERC2612ExpiredSignature");
      const [v, r, s] = split(mirrored(await sign(alice, domain, "Permit", message)));
      await expect(skm.permit(alice.address, bob.address, 9n, deadline, v, r, s))
        .to.be.revertedWithCustomError(skm, "ECDSAInvalidSignatureS")
        .withArgs(s);
      await permit();
      expect(await skm.allowance(alice.address, bob.address)).to.equal(9n);
      await expect(permit()).to.be.revertedWithCustomError(skm, "ERC2612InvalidSigner");
    });
  });

  describe("holding window", () => {
    /** Alice holds 100 since long ago; time stands at the beginning of an epoch. */
    async function settled() {
      const deployed = await deployToken();
      await deployed.skm.emitFrom(GENESIS, deployed.alice.address, 100n * SKM);
      await time.increaseTo((Math.floor((await now()) / WINDOW) + 4) * WINDOW);
      return deployed;
    }

    it("counts nothing for somebody new until a whole window has passed", async () => {
      const { skm, alice, bob } = await loadFixture(settled);
      await by(alice, skm).transfer(bob.address, 30n * SKM);
      const received = await now();
      expect(await skm.lowestBalance(bob.address)).to.equal(0n);
      await time.increaseTo(received + WINDOW);
      expect(await skm.lowestBalance(bob.address)).to.equal(0n);
      await time.increaseTo(received + 2 * WINDOW);
      expect(await skm.lowestBalance(bob.address)).to.equal(30n * SKM);
    });

    it("counts what was held all along", async () => {
      const { skm, alice } = await loadFixture(settled);
      expect(await skm.lowestBalance(alice.address)).to.equal(100n * SKM);
    });

    it("remembers a dip that was made good in the same block's time", async () => {
      const { skm, alice, bob } = await loadFixture(settled);
      await by(alice, skm).transfer(bob.address, 90n * SKM);
      await by(bob, skm).transfer(alice.address, 90n * SKM);
      expect(await skm.balanceOf(alice.address)).to.equal(100n * SKM);
      expect(await skm.lowestBalance(alice.address)).to.equal(10n * SKM);
      await time.increase(WINDOW);
      expect(await skm.lowestBalance(alice.address)).to.equal(10n * SKM);
      await time.increase(WINDOW);
      expect(await skm.lowestBalance(alice.address)).to.equal(100n * SKM);
    });

    it("counts the lowest of this epoch and the one before", async () => {
      const { skm, alice, bob } = await loadFixture(settled);
      await by(alice, skm).transfer(bob.address, 40n * SKM);
      await by(alice, skm).transfer(bob.address, 20n * SKM);
      await by(bob, skm).transfer(alice.address, 60n * SKM);
      expect(await skm.lowestBalance(alice.address)).to.equal(40n * SKM);
      await time.increase(WINDOW);
      await by(alice, skm).transfer(bob.address, 10n * SKM);
      expect(await skm.lowestBalance(alice.address)).to.equal(40n * SKM);
      await time.increase(WINDOW);
      expect(await skm.lowestBalance(alice.address)).to.equal(90n * SKM);
    });

    it("never lets one stack of tokens count in two wallets within a window", async () => {
      const { skm, alice, bob, carol } = await loadFixture(settled);
      await by(alice, skm).transfer(bob.address, 100n * SKM);
      await by(bob, skm).transfer(carol.address, 100n * SKM);
      for (let step = 0; step < 4; step++) {
        const counted = await Promise.all([alice, bob, carol].map((who) => skm.lowestBalance(who.address)));
        expect(counted.reduce((a, b) => a + b)).to.be.at.most(100n * SKM);
        await time.increase(WINDOW / 2);
      }
    });

    it("does not take a transfer to oneself for a dip", async () => {
      const { skm, alice } = await loadFixture(settled);
      await by(alice, skm).transfer(alice.address, 100n * SKM);
      expect(await skm.lowestBalance(alice.address)).to.equal(100n * SKM);
    });

    it("rounds down to a billionth of an SKM, and does not lose the dust of the balance", async () => {
      const { skm, alice } = await loadFixture(settled);
      await by(alice, skm).transfer(skm, 1n);
      expect(await skm.balanceOf(alice.address)).to.equal(100n * SKM - 1n);
      expect(await skm.lowestBalance(alice.address)).to.equal(100n * SKM - 10n ** 9n);
    });

    it("holds the whole cap in one account", async () => {
      const { skm, alice } = await loadFixture(settled);
      await time.increase(2_000 * DAY);
      for (const bucket of [GENESIS, FLOW, LATE]) {
        await skm.emitFrom(bucket, alice.address, await skm.releasable(bucket));
      }
      expect(await skm.totalSupply()).to.equal(CAP);
      expect(await skm.balanceOf(alice.address)).to.equal(CAP);
      await time.increase(2 * WINDOW);
      expect(await skm.lowestBalance(alice.address)).to.equal(CAP);
    });
  });
});
