import { expect } from "chai";
import {
  act,
  balances,
  deployAgreements,
  EVIDENCE,
  OUTCOME,
  open,
  REASON,
  RESPONSE,
  REVIEW,
  RULING,
  STATE,
  state,
  unfunded,
  working,
  workingUnder,
  workTerms,
} from "../support/agreements.ts";
import { by, DAY, loadFixture, time } from "../support/chain.ts";

describe("Escrow of work, when people disagree", () => {
  describe("the arbiter", () => {
    it("divides one milestone between the two, and nothing else", async () => {
      const { world, escrow, payer, payee, arbiter } = await loadFixture(working);
      await expect(act(escrow, payer, "dispute", [1n, REASON]))
        .to.emit(escrow, "MilestoneDisputed")
        .withArgs(1n, payer.address, REASON);
      await expect(act(escrow, payee, "dispute", [1n, REASON])).to.be.revertedWithCustomError(
        escrow,
        "EscrowWrongState",
      );
      await expect(act(escrow, arbiter, "rule", [0n, 1n])).to.be.revertedWithCustomError(escrow, "EscrowWrongState");
      await expect(act(escrow, arbiter, "rule", [1n, 2_001n])).to.be.revertedWithCustomError(
        escrow,
        "EscrowAmountTooHigh",
      );
      await expect(act(escrow, arbiter, "rule", [1n, 1_999n]))
        .to.emit(escrow, "MilestoneSettled")
        .withArgs(1n, 1_999n, 1n);
      expect(await balances(world)).to.deep.equal([994_001n, 1_999n]);
      expect(await world.token.balanceOf(arbiter.address)).to.equal(0n);
    });

    it("who vanishes is replaced by what both wrote down, and comes too late then", async () => {
      const { world, escrow, payer, arbiter, stranger } = await loadFixture(working);
      await act(escrow, payer, "dispute", [1n, REASON]);
      const deadline = (await escrow.milestone(1n)).since + BigInt(RULING);
      expect(await escrow.timeoutOf(1n)).to.deep.equal([deadline, BigInt(OUTCOME.split)]);
      await time.setNextBlockTimestamp(deadline);
      await expect(by(stranger, escrow).settle(1n))
        .to.be.revertedWithCustomError(escrow, "EscrowTooEarly")
        .withArgs(1n, deadline);
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(act(escrow, arbiter, "rule", [1n, 1n]))
        .to.be.revertedWithCustomError(escrow, "EscrowTooLate")
        .withArgs(1n, deadline);
      await by(stranger, escrow).settle(1n);
      expect(await balances(world)).to.deep.equal([994_800n, 1_200n]);
    });

    it("is not needed when one side gives way in the meantime", async () => {
      const { world, escrow, payer, payee } = await loadFixture(working);
      for (const index of [0n, 1n]) await act(escrow, payer, "dispute", [index, REASON]);
      await act(escrow, payer, "accept", [0n, 1_000n]);
      await act(escrow, payee, "refund", [1n, 2_000n]);
      expect(await balances(world)).to.deep.equal([996_000n, 1_000n]);
    });

    it("cannot be asked where the terms name none, nor about money that is not there", async () => {
      const { escrow, payer } = await workingUnder({ onRejection: OUTCOME.split, rulingTime: 0 });
      await expect(act(escrow, payer, "dispute", [0n, REASON])).to.be.revertedWithCustomError(
        escrow,
        "EscrowNoArbiter",
      );
      const world = await deployAgreements();
      const empty = await open(world, await workTerms(world));
      await expect(act(empty, world.payer, "dispute", [0n, REASON])).to.be.revertedWithCustomError(
        empty,
        "EscrowWrongState",
      );
    });
  });

  describe("silence", () => {
    const OUTCOMES = [
      ["refund", [1_000n, 0n]],
      ["release", [0n, 1_000n]],
      ["split", [400n, 600n]],
      ["arbiter", undefined],
      ["wait", undefined],
    ] as const;
    const SILENCES = [
      ["onNoSubmission", "nothing is submitted by the due date", async () => {}, 10 * DAY],
      [
        "onNoReview",
        "the payer does not answer a submission",
        async ({ escrow, payee }: Fixture) => void (await act(escrow, payee, "submit", [0n, EVIDENCE])),
        REVIEW,
      ],
      [
        "onRejection",
        "the payee does not answer a rejection",
        async ({ escrow, payee, payer }: Fixture) => {
          await act(escrow, payee, "submit", [0n, EVIDENCE]);
          await act(escrow, payer, "reject", [0n, REASON]);
        },
        RESPONSE,
      ],
    ] as const;
    type Fixture = Awaited<ReturnType<typeof working>>;

    for (const [rule, sentence, prepare] of SILENCES) {
      for (const [outcome, expected] of OUTCOMES) {
        it(`when ${sentence}: ${outcome}, as the terms say`, async () => {
          const fixture = await workingUnder({ [rule]: OUTCOME[outcome] });
          const { world, escrow, payee, stranger } = fixture;
          await prepare(fixture);
          const [deadline, told] = await escrow.timeoutOf(0n);
          expect(told).to.equal(BigInt(OUTCOME[outcome]));
          await time.setNextBlockTimestamp(deadline);
          const settle = () => by(stranger, escrow).settle(0n);
          if (outcome !== "wait") await expect(settle()).to.be.revertedWithCustomError(escrow, "EscrowTooEarly");
          await time.setNextBlockTimestamp(deadline + 1n);
          const before = await balances(world);
          if (outcome === "wait") {
            await expect(settle()).to.be.revertedWithCustomError(escrow, "EscrowWaits");
            await act(escrow, payee, "dispute", [0n, REASON]);
            expect(await state(escrow)).to.equal(STATE.disputed);
            return;
          }
          await settle();
          if (outcome === "arbiter") {
            expect(await state(escrow)).to.equal(STATE.disputed);
            return;
          }
          const after = await balances(world);
          expect(after.map((value, i) => value - (before[i] as bigint))).to.deep.equal(expected);
          await expect(settle()).to.be.revertedWithCustomError(escrow, "EscrowWrongState");
          expect(await escrow.timeoutOf(0n)).to.deep.equal([0n, 0n]);
        });
      }
    }

    it("does not decide before its time, and nothing else is taken in after it", async () => {
      const { escrow, payer, payee } = await loadFixture(working);
      await act(escrow, payee, "submit", [0n, EVIDENCE]);
      await act(escrow, payee, "submit", [1n, EVIDENCE]);
      await act(escrow, payer, "reject", [1n, REASON]);
      await time.increase(31 * DAY);
      for (const [account, verb, args] of [
        [payer, "reject", [0n, REASON]],
        [payer, "dispute", [0n, REASON]],
        [payee, "submit", [1n, EVIDENCE]],
        [payee, "dispute", [1n, REASON]],
        [payee, "submit", [2n, EVIDENCE]],
        [payee, "dispute", [2n, REASON]],
      ] as const) {
        await expect(act(escrow, account, verb, [...args])).to.be.revertedWithCustomError(escrow, "EscrowTooLate");
      }
      // Giving way is possible at any time.
      await act(escrow, payer, "accept", [0n, 1n]);
      await act(escrow, payee, "refund", [1n, 1n]);
    });

    it("settles nothing that holds no money", async () => {
      const { escrow } = await loadFixture(unfunded);
      await time.increase(100 * DAY);
      await expect(escrow.settle(0n)).to.be.revertedWithCustomError(escrow, "EscrowWrongState");
    });
  });
});
