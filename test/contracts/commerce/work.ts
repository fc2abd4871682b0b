import { anyValue } from "@nomicfoundation/hardhat-ethers-chai-matchers/withArgs";
import { expect } from "chai";
import type { Signer } from "ethers";
import {
  AMOUNTS,
  act,
  authorisation,
  balances,
  deployAgreements,
  EVIDENCE,
  FAR,
  REASON,
  relay,
  STATE,
  state,
  unfunded,
  working,
} from "../support/agreements.ts";
import { by, DAY, ethers, loadFixture, now, time } from "../support/chain.ts";

const { MaxUint256, ZeroAddress } = ethers;

describe("Escrow of work", () => {
  describe("funding", () => {
    it("takes one milestone, then the rest", async () => {
      const { escrow, token, payer } = await loadFixture(unfunded);
      await expect(act(escrow, payer, "fund", [1n, 1n]))
        .to.emit(escrow, "MilestoneFunded")
        .withArgs(1n, 2_000n);
      expect(await token.balanceOf(escrow)).to.equal(2_000n);
      await expect(act(escrow, payer, "fund", [0n, 3n]))
        .to.be.revertedWithCustomError(escrow, "EscrowWrongState")
        .withArgs(1n, STATE.funded);
      await act(escrow, payer, "fund", [0n, 1n]);
      await act(escrow, payer, "fund", [2n, 1n]);
      expect(await escrow.accounted()).to.equal(6_000n);
      for (const index of [0n, 1n, 2n]) expect(await state(escrow, index)).to.equal(STATE.funded);
    });

    it("by signature takes from who signed, once", async () => {
      const { escrow, token, payer, stranger } = await loadFixture(unfunded);
      const auth = await authorisation(escrow, payer, "fund", [0n, 2n]);
      await by(stranger, escrow).fund(0n, 2n, auth);
      expect(await token.balanceOf(escrow)).to.equal(3_000n);
      await expect(by(stranger, escrow).fund(0n, 2n, auth)).to.be.revertedWithCustomError(escrow, "EscrowWrongState");
      await expect(by(stranger, escrow).fund(2n, 1n, auth)).to.be.revertedWithCustomError(escrow, "EscrowWrongStep");
    });

    it("by somebody else takes their own money, which would return to the payer", async () => {
      const { escrow, token, payer, payee, stranger } = await loadFixture(unfunded);
      await token.mint(stranger.address, 1_000n);
      await expect(act(escrow, stranger, "fund", [0n, 1n], { signer: payer.address })).to.be.revertedWithCustomError(
        escrow,
        "EscrowInvalidSignature",
      );
      await by(stranger, token).approve(escrow, 1_000n);
      await act(escrow, stranger, "fund", [0n, 1n]);
      await act(escrow, payee, "refund", [0n, 1_000n]);
      expect(await token.balanceOf(payer.address)).to.equal(1_001_000n);
    });

    it("counts what lies there and takes only what is missing", async () => {
      const { escrow, token, payer } = await loadFixture(unfunded);
      await by(payer, token).transfer(escrow, 400n);
      await act(escrow, payer, "fund", [0n, 1n]);
      expect(await token.balanceOf(escrow)).to.equal(1_000n);
      expect(await token.balanceOf(payer.address)).to.equal(999_000n);
    });

    it("refuses no milestone, unknown ones, more than there is, coins where tokens are due", async () => {
      const { escrow, token, payer } = await loadFixture(unfunded);
      await expect(act(escrow, payer, "fund", [0n, 0n])).to.be.revertedWithCustomError(escrow, "EscrowInvalidAmount");
      await expect(act(escrow, payer, "fund", [2n, 2n]))
        .to.be.revertedWithCustomError(escrow, "EscrowUnknownMilestone")
        .withArgs(3n);
      await expect(act(escrow, payer, "fund", [MaxUint256, 1n])).to.revert(ethers);
      await expect(act(escrow, payer, "fund", [0n, 1n], { value: 1n }))
        .to.be.revertedWithCustomError(escrow, "EscrowWrongValue")
        .withArgs(1n, 1_000n);
      await by(payer, token).transfer(escrow, 1n);
      await token.burn(payer.address, 999_001n);
      await expect(act(escrow, payer, "fund", [0n, 1n])).to.be.revertedWithCustomError(
        token,
        "ERC20InsufficientBalance",
      );
    });
  });

  describe("submitting, accepting, rejecting", () => {
    it("pays the payee what was accepted, in parts or at once", async () => {
      const { world, escrow, token, payer, payee } = await loadFixture(working);
      await expect(act(escrow, payee, "submit", [0n, EVIDENCE]))
        .to.emit(escrow, "MilestoneSubmitted")
        .withArgs(0n, EVIDENCE);
      await expect(act(escrow, payer, "accept", [0n, 300n]))
        .to.emit(escrow, "MilestoneReleased")
        .withArgs(0n, 300n);
      expect(await token.balanceOf(payee.address)).to.equal(300n);
      expect(await state(escrow)).to.equal(STATE.submitted);
      await act(escrow, payer, "accept", [0n, 700n]);
      expect(await state(escrow)).to.equal(STATE.settled);
      // Nobody has to have submitted anything for the payer to give it away.
      await act(escrow, payer, "accept", [1n, 2_000n]);
      await act(escrow, payer, "accept", [2n, 3_000n]);
      expect(await escrow.isFinished()).to.equal(true);
      expect(await balances(world)).to.deep.equal([994_000n, 6_000n]);
      expect(await token.balanceOf(escrow)).to.equal(0n);
    });

    it("pays no more than remains, and not nothing", async () => {
      const { escrow, payer } = await loadFixture(working);
      await expect(act(escrow, payer, "accept", [0n, 1_001n]))
        .to.be.revertedWithCustomError(escrow, "EscrowAmountTooHigh")
        .withArgs(1_001n, 1_000n);
      await expect(act(escrow, payer, "accept", [0n, MaxUint256])).to.be.revertedWithCustomError(
        escrow,
        "EscrowAmountTooHigh",
      );
      await expect(act(escrow, payer, "accept", [0n, 0n])).to.be.revertedWithCustomError(escrow, "EscrowInvalidAmount");
      await act(escrow, payer, "accept", [0n, 1_000n]);
      await expect(act(escrow, payer, "accept", [0n, 1n])).to.be.revertedWithCustomError(escrow, "EscrowWrongState");
    });

    it("lets a rejected milestone be submitted again", async () => {
      const { escrow, payer, payee } = await loadFixture(working);
      await expect(act(escrow, payer, "reject", [0n, REASON])).to.be.revertedWithCustomError(
        escrow,
        "EscrowWrongState",
      );
      await act(escrow, payee, "submit", [0n, EVIDENCE]);
      await expect(act(escrow, payee, "submit", [0n, EVIDENCE])).to.be.revertedWithCustomError(
        escrow,
        "EscrowWrongState",
      );
      await expect(act(escrow, payer, "reject", [0n, REASON]))
        .to.emit(escrow, "MilestoneRejected")
        .withArgs(0n, REASON);
      await act(escrow, payee, "submit", [0n, EVIDENCE]);
      expect(await state(escrow)).to.equal(STATE.submitted);
    });

    it("gives back what the payee gives up", async () => {
      const { world, escrow, payee } = await loadFixture(working);
      await expect(act(escrow, payee, "refund", [1n, 500n]))
        .to.emit(escrow, "MilestoneRefunded")
        .withArgs(1n, 500n);
      await act(escrow, payee, "refund", [1n, 1_500n]);
      expect(await state(escrow, 1n)).to.equal(STATE.settled);
      expect(await balances(world)).to.deep.equal([996_000n, 0n]);
    });

    it("asks the right person for each", async () => {
      const { escrow, payer, payee, arbiter, stranger } = await loadFixture(working);
      await act(escrow, payee, "submit", [0n, EVIDENCE]);
      await act(escrow, payer, "dispute", [2n, REASON]);
      const everybody = { payer, payee, arbiter, stranger } as Record<string, Signer>;
      for (const [verb, args, ...allowed] of [
        ["submit", [1n, EVIDENCE], "payee"],
        ["accept", [0n, 1n], "payer"],
        ["reject", [0n, REASON], "payer"],
        ["refund", [0n, 1n], "payee"],
        ["dispute", [0n, REASON], "payer", "payee"],
        ["rule", [2n, 1n], "arbiter"],
        ["extend", [1n, BigInt((await now()) + 50 * DAY)], "payer", "payee"],
        ["cancel", [1n], "payer", "payee"],
        ["sweep", [ZeroAddress], "payer"],
      ] as const) {
        for (const [name, account] of Object.entries(everybody)) {
          if ((allowed as readonly string[]).includes(name)) continue;
          await expect(act(escrow, account, verb, [...args]), `${name} ${verb}`)
            .to.be.revertedWithCustomError(escrow, "EscrowNotAllowed")
            .withArgs(await account.getAddress());
          await expect(
            relay(escrow, account, stranger, verb, [...args]),
            `${name} ${verb}`,
          ).to.be.revertedWithCustomError(escrow, "EscrowNotAllowed");
        }
      }
    });
  });

  describe("extending", () => {
    it("takes both, whoever is first, and lets late work be submitted", async () => {
      const { escrow, payer, payee } = await loadFixture(working);
      const due = BigInt((await now()) + 60 * DAY);
      await expect(act(escrow, payee, "extend", [0n, due])).to.emit(escrow, "Consented");
      await act(escrow, payee, "extend", [0n, due]);
      await time.increase(11 * DAY);
      await expect(act(escrow, payee, "submit", [0n, EVIDENCE])).to.be.revertedWithCustomError(escrow, "EscrowTooLate");
      await expect(act(escrow, payer, "extend", [0n, due]))
        .to.emit(escrow, "MilestoneExtended")
        .withArgs(0n, due);
      expect((await escrow.milestone(0n)).due).to.equal(due);
      await act(escrow, payee, "submit", [0n, EVIDENCE]);
      await act(escrow, payer, "reject", [0n, REASON]);
      for (const account of [payer, payee]) await act(escrow, account, "extend", [0n, due + 1n]);
      expect(await state(escrow)).to.equal(STATE.funded);
    });

    it("needs consent to the same date, at the same step, while it is good", async () => {
      const { escrow, payer, payee } = await loadFixture(working);
      const due = BigInt((await now()) + 60 * DAY);
      await act(escrow, payee, "extend", [0n, due]);
      await act(escrow, payer, "extend", [0n, due + 1n]);
      expect((await escrow.milestone(0n)).due).to.not.equal(due);
      await act(escrow, payer, "accept", [0n, 1n]);
      await act(escrow, payer, "extend", [0n, due]);
      expect((await escrow.milestone(0n)).due).to.not.equal(due);
      const deadline = BigInt(await now()) + 100n;
      await act(escrow, payee, "extend", [1n, due], { deadline });
      await time.increase(200);
      await act(escrow, payer, "extend", [1n, due]);
      expect((await escrow.milestone(1n)).due).to.not.equal(due);
      await act(escrow, payee, "extend", [1n, due], { deadline: MaxUint256 });
      expect((await escrow.milestone(1n)).due).to.equal(due);
      // For ever is as long as a number of 64 bits goes.
      await expect(act(escrow, payee, "extend", [2n, due + 1n], { deadline: MaxUint256 }))
        .to.emit(escrow, "Consented")
        .withArgs(anyValue, payee.address, 2n ** 64n - 1n);
    });

    it("only ever gives more time, and not for ever", async () => {
      const { escrow, payer, payee } = await loadFixture(working);
      const { due } = await escrow.milestone(0n);
      for (const wrong of [due, due - 1n, BigInt((await now()) + 3651 * DAY), MaxUint256]) {
        await expect(act(escrow, payer, "extend", [0n, wrong])).to.be.revertedWithCustomError(
          escrow,
          "EscrowInvalidDue",
        );
      }
      await time.increase(20 * DAY);
      await expect(act(escrow, payer, "extend", [0n, due + 1n])).to.be.revertedWithCustomError(
        escrow,
        "EscrowInvalidDue",
      );
      await act(escrow, payer, "dispute", [2n, REASON]);
      await expect(act(escrow, payee, "extend", [2n, due * 2n])).to.be.revertedWithCustomError(
        escrow,
        "EscrowWrongState",
      );
    });
  });

  describe("cancelling", () => {
    it("divides what is held as both say", async () => {
      const { world, escrow, payer, payee, token } = await loadFixture(working);
      await act(escrow, payer, "accept", [0n, 1_000n]);
      await act(escrow, payer, "cancel", [1_234n]);
      await expect(act(escrow, payee, "cancel", [1_234n]))
        .to.emit(escrow, "EscrowCancelled")
        .withArgs(1_234n, 3_766n);
      expect(await balances(world)).to.deep.equal([997_766n, 2_234n]);
      expect(await token.balanceOf(escrow)).to.equal(0n);
      expect(await escrow.isFinished()).to.equal(true);
      await expect(act(escrow, payer, "fund", [0n, 1n])).to.be.revertedWithCustomError(escrow, "EscrowWrongState");
    });

    it("is about what was held when it was consented to", async () => {
      const { escrow, payer, payee } = await loadFixture(working);
      await act(escrow, payee, "cancel", [3_000n]);
      await act(escrow, payer, "accept", [1n, 2_000n]);
      await act(escrow, payer, "cancel", [3_000n]);
      expect(await escrow.isFinished()).to.equal(false);
      await act(escrow, payer, "cancel", [4_001n]);
      await expect(act(escrow, payee, "cancel", [4_001n]))
        .to.be.revertedWithCustomError(escrow, "EscrowAmountTooHigh")
        .withArgs(4_001n, 4_000n);
    });
  });

  describe("what belongs to no milestone", () => {
    it("returns to the payer, who asks for it, or to whom anybody sends it at the end", async () => {
      const { escrow, token, payer, stranger } = await loadFixture(working);
      await token.mint(escrow, 55n);
      const nobody = { signer: ZeroAddress, step: 0n, deadline: 0n, signature: "0x" };
      await expect(by(stranger, escrow).sweep(token, nobody)).to.be.revertedWithCustomError(escrow, "EscrowWrongStep");
      await expect(act(escrow, payer, "sweep", [await token.getAddress()]))
        .to.emit(escrow, "Swept")
        .withArgs(await token.getAddress(), 55n);
      expect(await token.balanceOf(escrow)).to.equal(6_000n);
      const other = await ethers.deployContract("TemperToken", [77]);
      await other.mint(escrow, 9n);
      await stranger.sendTransaction({ to: await escrow.getAddress(), value: 3n });
      await relay(escrow, payer, stranger, "sweep", [await other.getAddress()]);
      expect(await other.balanceOf(payer.address)).to.equal(9n);
      for (const [index, amount] of AMOUNTS.entries()) await act(escrow, payer, "accept", [BigInt(index), amount]);
      await expect(by(stranger, escrow).sweep(ZeroAddress, nobody)).to.changeEtherBalance(ethers, payer, 3n);
    });
  });

  it("has an implementation that does nothing itself", async () => {
    const { implementation, payer } = await loadFixture(deployAgreements);
    const auth = { signer: payer.address, step: 0n, deadline: FAR, signature: "0x" };
    for (const call of [
      () => implementation.terms(),
      () => implementation.settle(0n),
      () => implementation.withdraw(payer.address),
      () => by(payer, implementation).fund(0n, 1n, auth),
      () => by(payer, implementation).sweep(ZeroAddress, auth),
      () => by(payer, implementation).withdrawTo(payer.address, auth),
      () => implementation.lapse(),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(implementation, "EscrowNotAClone");
    }
  });
});
