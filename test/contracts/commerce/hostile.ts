import { expect } from "chai";
import type { Contract } from "ethers";
import {
  act,
  authorisation,
  deployAgreements,
  funded,
  open,
  relay,
  STATE,
  WHOLE,
  workTerms,
} from "../support/agreements.ts";
import { by, DAY, ethers, loadFixture, time } from "../support/chain.ts";

const { MaxUint256, ZeroAddress } = ethers;

describe("Escrow under attack", () => {
  /** Work paid in a HostileToken, of which the payer has plenty. */
  async function hostile() {
    const world = await deployAgreements();
    const token = await ethers.deployContract("HostileToken");
    await token.mint(world.payer.address, 100_000n);
    const escrow = await open(world, await workTerms(world, { token: await token.getAddress() }));
    await by(world.payer, token).approve(escrow, MaxUint256);
    return { ...world, world, token, escrow };
  }

  /** Work paid to a contract wallet whose temper the test chooses; signed for by `witness`. */
  const paidTo = (coin: boolean, party: "payer" | "payee" = "payee") =>
    async function paidTo() {
      const world = await deployAgreements();
      const wallet = await ethers.deployContract("AccountMock", [world.witness.address]);
      const address = await wallet.getAddress();
      const over = coin ? { token: ZeroAddress } : {};
      const terms = await workTerms(world, { ...over, [party]: address });
      const signing = { [address]: world.witness };
      const escrow = party === "payee" ? await funded(world, terms, signing) : await open(world, terms, signing);
      return { ...world, world, wallet, address, escrow };
    };

  describe("tokens", () => {
    it("that take a fee on the way in are refused; what arrived otherwise counts", async () => {
      const { token, escrow, payer } = await loadFixture(hostile);
      await token.setTakesFee(true);
      await expect(act(escrow, payer, "fund", [0n, 1n]))
        .to.be.revertedWithCustomError(escrow, "EscrowUnderfunded")
        .withArgs(900n, 1_000n);
      await by(payer, token).transfer(escrow, 1_112n);
      await act(escrow, payer, "fund", [0n, 1n]);
      expect(await escrow.accounted()).to.equal(1_000n);
    });

    it("that answer false pay nobody: what was to be sent stays owed", async () => {
      const { token, escrow, payer, payee } = await loadFixture(hostile);
      await act(escrow, payer, "fund", [0n, 3n]);
      await token.setAnswersFalse(true);
      await expect(act(escrow, payer, "accept", [0n, 1_000n]))
        .to.emit(escrow, "PaymentOwed")
        .withArgs(payee.address, 1_000n);
      await expect(escrow.withdraw(payee.address)).to.be.revertedWithCustomError(escrow, "SafeERC20FailedOperation");
      expect((await escrow.account(payee.address)).owed).to.equal(1_000n);
      await token.setAnswersFalse(false);
      await escrow.withdraw(payee.address);
      expect(await token.balanceOf(payee.address)).to.equal(1_000n);
      const world = await deployAgreements();
      const other = await open(world, await workTerms(world, { token: await token.getAddress() }));
      await by(payer, token).approve(other, MaxUint256);
      await token.setAnswersFalse(true);
      await expect(act(other, payer, "fund", [0n, 1n])).to.be.revertedWithCustomError(
        other,
        "SafeERC20FailedOperation",
      );
    });

    it("that call back in the middle find every door shut", async () => {
      const { token, escrow, payer, payee } = await loadFixture(hostile);
      const call = async (verb: string, args: unknown[]) =>
        escrow.interface.encodeFunctionData(verb, [...args, await authorisation(escrow, payer, verb, args)]);
      await token.setCallback(escrow, await call("fund", [0n, 1n]));
      await act(escrow, payer, "fund", [0n, 3n]);
      expect(await token.callbackSucceeded()).to.equal(false);
      expect(await escrow.accounted()).to.equal(WHOLE);
      for (const [verb, args] of [
        ["accept", [1n, 1n]],
        ["sweep", [await token.getAddress()]],
        ["dispute", [1n, ethers.ZeroHash]],
        ["cancel", [0n]],
        ["withdrawTo", [payer.address]],
      ] as const) {
        await token.setCallback(escrow, await call(verb, [...args]));
        await act(escrow, payer, "accept", [0n, 10n]);
        expect(await token.callbackSucceeded(), verb).to.equal(false);
      }
      for (const data of [
        escrow.interface.encodeFunctionData("settle", [0n]),
        escrow.interface.encodeFunctionData("withdraw", [payee.address]),
      ]) {
        await token.setCallback(escrow, data);
        await act(escrow, payer, "accept", [0n, 10n]);
        expect(await token.callbackSucceeded()).to.equal(false);
      }
      expect(await token.balanceOf(payee.address)).to.equal(70n);
      expect(await token.balanceOf(escrow)).to.equal(WHOLE - 70n);
    });

    it("that answer nothing are fine, with 0 decimals or 77, down to the last unit and up to all of them", async () => {
      for (const decimals of [0, 77]) {
        const world = await deployAgreements();
        const { payer, payee } = world;
        const token = await ethers.deployContract("TemperToken", [decimals]);
        await token.setAnswersNothing(true);
        await token.mint(payer.address, MaxUint256);
        const start = await time.latest();
        const milestones = [1n, 2n ** 128n - 2n].map((amount) => ({ amount, due: start + DAY }));
        const escrow = await open(world, await workTerms(world, { token: await token.getAddress(), milestones }));
        await by(payer, token).approve(escrow, MaxUint256);
        await act(escrow, payer, "fund", [0n, 2n]);
        await act(escrow, payer, "accept", [0n, 1n]);
        await time.increase(2 * DAY);
        await escrow.settle(1n);
        expect(await token.balanceOf(payee.address)).to.equal(1n);
        expect(await token.balanceOf(payer.address)).to.equal(MaxUint256 - 1n);
      }
    });

    it("that refuse the payee leave the money to the payee, who names another account", async () => {
      const world = await loadFixture(deployAgreements);
      const { token, payer, payee, stranger, witness } = world;
      const escrow = await funded(world, await workTerms(world));
      await token.setRefused(payee.address, true);
      await act(escrow, payer, "accept", [0n, 1_000n]);
      await expect(escrow.withdraw(payee.address)).to.be.revertedWithCustomError(token, "Refused");
      await expect(act(escrow, stranger, "withdrawTo", [stranger.address])).to.be.revertedWithCustomError(
        escrow,
        "EscrowNothingOwed",
      );
      for (const to of [ZeroAddress, await escrow.getAddress()]) {
        await expect(act(escrow, payee, "withdrawTo", [to]))
          .to.be.revertedWithCustomError(escrow, "EscrowInvalidRecipient")
          .withArgs(to);
      }
      const auth = await authorisation(escrow, payee, "withdrawTo", [witness.address]);
      await expect(by(stranger, escrow).withdrawTo(stranger.address, auth)).to.be.revertedWithCustomError(
        escrow,
        "EscrowInvalidSignature",
      );
      await by(stranger, escrow).withdrawTo(witness.address, auth);
      expect(await token.balanceOf(witness.address)).to.equal(1_000n);
      await act(escrow, payer, "accept", [1n, 2_000n]);
      await expect(by(stranger, escrow).withdrawTo(witness.address, auth))
        .to.be.revertedWithCustomError(escrow, "EscrowWrongStep")
        .withArgs(0n, 1n);
    });

    it("that lose units pay what there is; that gain some, the payer has the gain", async () => {
      const world = await loadFixture(deployAgreements);
      const { token, payer, payee } = world;
      const escrow = await funded(world, await workTerms(world));
      await token.burn(escrow, 4_500n);
      await act(escrow, payer, "accept", [0n, 1_000n]);
      await act(escrow, payer, "accept", [1n, 2_000n]);
      expect(await token.balanceOf(payee.address)).to.equal(1_000n);
      await escrow.withdraw(payee.address);
      expect(await token.balanceOf(payee.address)).to.equal(1_500n);
      await expect(escrow.withdraw(payee.address)).to.be.revertedWithCustomError(escrow, "EscrowNothingOwed");
      // Nobody who pays later makes up for what was lost.
      const second = await workTerms(world, { salt: ethers.id("second") });
      const other = await open(world, second);
      await by(payer, token).approve(other, MaxUint256);
      await act(other, payer, "fund", [0n, 1n]);
      await token.burn(other, 1n);
      await expect(act(other, payer, "fund", [1n, 1n]))
        .to.be.revertedWithCustomError(other, "EscrowUnderfunded")
        .withArgs(999n, 3_000n);
      await token.mint(other, 51n);
      await act(other, payer, "sweep", [await token.getAddress()]);
      expect(await token.balanceOf(other)).to.equal(1_000n);
      await token.burn(other, 1n);
      await expect(act(other, payer, "sweep", [await token.getAddress()]))
        .to.emit(other, "Swept")
        .withArgs(await token.getAddress(), 0n);
    });
  });

  describe("the chain's own coin", () => {
    it("is funded by value, exactly or less what lies there", async () => {
      const world = await loadFixture(deployAgreements);
      const { payer, payee, stranger } = world;
      const escrow = await open(world, await workTerms(world, { token: ZeroAddress }));
      const to = await escrow.getAddress();
      await expect(act(escrow, payer, "fund", [0n, 1n], { value: 1_001n }))
        .to.be.revertedWithCustomError(escrow, "EscrowWrongValue")
        .withArgs(1_001n, 1_000n);
      await expect(act(escrow, payer, "fund", [0n, 1n], { value: 999n }))
        .to.be.revertedWithCustomError(escrow, "EscrowUnderfunded")
        .withArgs(999n, 1_000n);
      await payer.sendTransaction({ to, value: 999n });
      await act(escrow, stranger, "fund", [0n, 1n], { value: 1n });
      await expect(act(escrow, payer, "accept", [0n, 1_000n])).to.changeEtherBalance(ethers, payee, 1_000n);
    });

    it("that a wallet refuses, or burns all gas over, waits for it; the other side is paid", async () => {
      for (const temper of ["REFUSING", "BURNING_GAS"] as const) {
        const { wallet, address, escrow, payer, arbiter, witness, stranger } = await loadFixture(paidTo(true));
        await wallet.setTemper(await wallet[temper]());
        await act(escrow, payer, "dispute", [0n, ethers.ZeroHash]);
        await expect(act(escrow, arbiter, "rule", [0n, 600n])).to.changeEtherBalance(ethers, payer, 400n);
        expect((await escrow.account(address)).owed).to.equal(600n);
        expect(await escrow.accounted()).to.equal(5_600n);
        if (temper === "REFUSING") {
          await expect(escrow.withdraw(address))
            .to.be.revertedWithCustomError(escrow, "EscrowTransferFailed")
            .withArgs(address);
        }
        await expect(
          relay(escrow, witness, stranger, "withdrawTo", [witness.address], { signer: address }),
        ).to.changeEtherBalance(ethers, witness, 600n);
        await wallet.setTemper(await wallet.ACCEPTING());
        await act(escrow, payer, "accept", [1n, 2_000n]);
        expect(await ethers.provider.getBalance(address)).to.equal(2_000n);
      }
    });

    it("cannot be had twice by a wallet that calls back", async () => {
      const { wallet, address, escrow, payer } = await loadFixture(paidTo(true));
      await wallet.setTemper(await wallet.REFUSING());
      await act(escrow, payer, "accept", [0n, 1_000n]);
      await wallet.setCallback(escrow, escrow.interface.encodeFunctionData("withdraw", [address]));
      await escrow.withdraw(address);
      expect([await wallet.called(), await wallet.callbackSucceeded()]).to.deep.equal([true, false]);
      await act(escrow, payer, "accept", [1n, 500n]);
      expect(await wallet.callbackSucceeded()).to.equal(false);
      expect(await ethers.provider.getBalance(address)).to.equal(1_500n);
      expect(await ethers.provider.getBalance(escrow)).to.equal(4_500n);
    });
  });

  describe("a token that calls its recipient", () => {
    it("does not let the payee hold up the payer's part", async () => {
      for (const temper of ["REFUSING", "BURNING_GAS"] as const) {
        const { wallet, address, token, escrow, payer } = await loadFixture(paidTo(false));
        await token.setCallsRecipient(true);
        await wallet.setTemper(await wallet[temper]());
        await time.increase(11 * DAY);
        await act(escrow, payer, "accept", [0n, 400n]);
        expect((await escrow.account(address)).owed).to.equal(400n);
        const before = await token.balanceOf(payer.address);
        await escrow.settle(0n);
        expect(await token.balanceOf(payer.address)).to.equal(before + 600n);
      }
    });

    it("does not let the payer hold up the end of it", async () => {
      const { wallet, address, world, escrow } = await loadFixture(paidTo(false, "payer"));
      const { token, payee } = world;
      await token.mint(escrow, WHOLE);
      const nobody = { signer: ZeroAddress, step: 0n, deadline: 0n, signature: "0x" };
      await escrow.fund(0n, 3n, nobody);
      await token.setCallsRecipient(true);
      await wallet.setTemper(await wallet.REFUSING());
      await act(escrow as Contract, payee, "refund", [0n, 1_000n]);
      expect((await escrow.milestone(0n)).state).to.equal(STATE.settled);
      expect((await escrow.account(address)).owed).to.equal(1_000n);
    });
  });
});
