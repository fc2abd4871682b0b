import { expect } from "chai";
import {
  AMOUNTS,
  act,
  balances,
  deployAgreements,
  OUTCOME,
  open,
  REASON,
  RESPONSE,
  REVIEW,
  RULING,
  type Rules,
  relay,
  STATE,
  saleTerms,
  workTerms,
} from "../support/agreements.ts";
import { by, DAY, ethers, loadFixture, now, time } from "../support/chain.ts";

const { MaxUint256 } = ethers;

describe("Escrow of a sale", () => {
  const under = (rules: Partial<Rules> = {}) =>
    async function under() {
      const world = await deployAgreements();
      const escrow = await open(world, await saleTerms(world, { rules }));
      await by(world.payer, world.token).approve(escrow, MaxUint256);
      return { ...world, world, escrow };
    };
  const selling = under();

  it("pays each instalment on, less what is retained, and that after the last and the time to review", async () => {
    const { world, escrow, payer, stranger } = await loadFixture(selling);
    await expect(act(escrow, payer, "fund", [0n, 1n]))
      .to.emit(escrow, "MilestoneFunded")
      .withArgs(0n, 1_000n);
    expect(await balances(world)).to.deep.equal([999_000n, 750n]);
    await expect(by(stranger, escrow).settle(0n)).to.be.revertedWithCustomError(escrow, "EscrowWaits");
    await act(escrow, payer, "fund", [1n, 2n]);
    expect(await balances(world)).to.deep.equal([994_000n, 4_500n]);
    const [deadline, outcome] = await escrow.timeoutOf(0n);
    expect([deadline, outcome]).to.deep.equal([BigInt((await now()) + REVIEW), BigInt(OUTCOME.release)]);
    await expect(by(stranger, escrow).settle(0n)).to.be.revertedWithCustomError(escrow, "EscrowTooEarly");
    await time.setNextBlockTimestamp(deadline + 1n);
    for (const index of AMOUNTS.keys()) await by(stranger, escrow).settle(BigInt(index));
    expect(await balances(world)).to.deep.equal([994_000n, 6_000n]);
    expect(await escrow.isFinished()).to.equal(true);
  });

  it("keeps nothing where nothing is retained, and everything where all is", async () => {
    const nothing = await under({ retainedShare: 0 })();
    await act(nothing.escrow, nothing.payer, "fund", [0n, 3n]);
    expect(await balances(nothing.world)).to.deep.equal([994_000n, 6_000n]);
    expect(await nothing.escrow.isFinished()).to.equal(true);
    const all = await under({ retainedShare: 10_000 })();
    await act(all.escrow, all.payer, "fund", [0n, 3n]);
    expect(await balances(all.world)).to.deep.equal([994_000n, 0n]);
  });

  it("in default divides what was retained as the terms say, and takes nothing more", async () => {
    const { world, escrow, payer, payee } = await loadFixture(selling);
    await act(escrow, payer, "fund", [0n, 2n]);
    const deadline = (await escrow.milestone(2n)).due + BigInt(RESPONSE);
    await time.setNextBlockTimestamp(deadline);
    await expect(act(escrow, payee, "declareDefault", [2n]))
      .to.be.revertedWithCustomError(escrow, "EscrowTooEarly")
      .withArgs(2n, deadline);
    await time.setNextBlockTimestamp(deadline + 1n);
    await expect(act(escrow, payee, "declareDefault", [2n]))
      .to.emit(escrow, "SaleDefaulted")
      .withArgs(2n, 450n, 300n);
    expect(await balances(world)).to.deep.equal([997_300n, 2_700n]);
    expect(await escrow.isFinished()).to.equal(true);
    await expect(act(escrow, payer, "fund", [2n, 1n])).to.be.revertedWithCustomError(escrow, "EscrowWrongState");
  });

  it("in default does not touch what was released before", async () => {
    const { world, escrow, payer, payee } = await loadFixture(selling);
    await act(escrow, payer, "fund", [0n, 2n]);
    await act(escrow, payer, "accept", [0n, 250n]);
    const before = await escrow.milestone(0n);
    expect(before.state).to.equal(STATE.settled);
    await time.increaseTo((await escrow.milestone(2n)).due + BigInt(RESPONSE) + 1n);
    await expect(act(escrow, payee, "declareDefault", [2n]))
      .to.emit(escrow, "SaleDefaulted")
      .withArgs(2n, 300n, 200n);
    expect(await escrow.milestone(0n)).to.deep.equal(before);
    expect(await balances(world)).to.deep.equal([997_200n, 2_800n]);
  });

  it("says what it is, and that nothing runs for an instalment that was not paid", async () => {
    const { escrow } = await loadFixture(selling);
    expect((await escrow.terms()).kind).to.equal(2n);
    expect([...(await escrow.timeoutOf(0n))]).to.deep.equal([0n, BigInt(OUTCOME.unset)]);
  });

  it("is in default because somebody says so, never by itself: a late payment still counts until then", async () => {
    const { escrow, payer, payee, arbiter, stranger } = await loadFixture(selling);
    await time.increase(100 * DAY);
    for (const account of [stranger, arbiter]) {
      await expect(act(escrow, account, "declareDefault", [0n])).to.be.revertedWithCustomError(
        escrow,
        "EscrowNotAllowed",
      );
    }
    await act(escrow, payer, "fund", [0n, 1n]);
    await expect(act(escrow, payee, "declareDefault", [0n])).to.be.revertedWithCustomError(escrow, "EscrowWrongState");
    await relay(escrow, payer, stranger, "declareDefault", [1n]);
    expect(await escrow.isFinished()).to.equal(true);
  });

  it("gives more time by consent", async () => {
    const { escrow, payer, payee } = await loadFixture(selling);
    const due = BigInt((await now()) + 90 * DAY);
    for (const account of [payer, payee]) await act(escrow, account, "extend", [0n, due]);
    await time.increase(40 * DAY);
    await expect(act(escrow, payee, "declareDefault", [0n])).to.be.revertedWithCustomError(escrow, "EscrowTooEarly");
  });

  it("can be disputed as far as money was retained, and stays so when the rest is in default", async () => {
    const { world, escrow, payer, payee, arbiter } = await loadFixture(selling);
    await act(escrow, payer, "fund", [0n, 2n]);
    await act(escrow, payer, "dispute", [0n, REASON]);
    await time.increase(34 * DAY - RULING / 2);
    await expect(act(escrow, arbiter, "rule", [0n, 1n])).to.be.revertedWithCustomError(escrow, "EscrowTooLate");
    await act(escrow, payer, "dispute", [1n, REASON]);
    await time.increase(RULING / 2);
    await act(escrow, payee, "declareDefault", [2n]);
    expect((await escrow.milestone(1n)).state).to.equal(STATE.disputed);
    await act(escrow, arbiter, "rule", [1n, 0n]);
    await by(payer, escrow).settle(0n);
    expect(await balances(world)).to.deep.equal([997_600n, 2_400n]);
    expect(await escrow.isFinished()).to.equal(true);
  });

  it("cannot be disputed once what was retained is the payee's", async () => {
    const { escrow, payer } = await loadFixture(selling);
    await act(escrow, payer, "fund", [0n, 3n]);
    await time.increase(REVIEW + 1);
    await expect(act(escrow, payer, "dispute", [0n, REASON])).to.be.revertedWithCustomError(escrow, "EscrowTooLate");
  });

  it("knows no submissions, and work no default", async () => {
    const { escrow, payer, payee } = await loadFixture(selling);
    await act(escrow, payer, "fund", [0n, 1n]);
    await expect(act(escrow, payee, "submit", [0n, REASON])).to.be.revertedWithCustomError(escrow, "EscrowWrongKind");
    const world = await deployAgreements();
    const work = await open(world, await workTerms(world));
    await time.increase(20 * DAY);
    await expect(act(work, world.payee, "declareDefault", [0n])).to.be.revertedWithCustomError(work, "EscrowWrongKind");
  });

  it("lets either side give way, and both end it", async () => {
    const { world, escrow, payer, payee } = await loadFixture(selling);
    await act(escrow, payer, "fund", [0n, 3n]);
    await act(escrow, payer, "accept", [0n, 250n]);
    await act(escrow, payee, "refund", [1n, 500n]);
    for (const account of [payer, payee]) await act(escrow, account, "cancel", [700n]);
    expect(await balances(world)).to.deep.equal([994_550n, 5_450n]);
  });
});
