import { expect } from "chai";
import { act, open, plainTerms, saleTerms, signatures, workTerms } from "../support/agreements.ts";
import { mirrored } from "../support/authorisations.ts";
import { by, DAY, ethers, loadFixture, now, time } from "../support/chain.ts";
import { authorise as authoriseIdentity, hash, keysOf, register } from "../support/identities.ts";
import {
  agreed,
  authorise,
  COMMENT,
  deployJobs,
  FAR_DEADLINE,
  finished,
  hired,
  jobDomain,
  LISTING,
  post,
  rate,
  SECRET,
  STATE,
  saltOf,
} from "../support/jobs.ts";

const { ZeroHash } = ethers;

describe("JobBoard", () => {
  async function posted() {
    const world = await deployJobs();
    return { ...world, jobId: await post(world) };
  }

  describe("offering", () => {
    it("keeps who offers what, and until when", async () => {
      const { board, client, jobId } = await loadFixture(posted);
      const job = await board.job(jobId);
      expect([job.poster, job.listing, job.state, job.agreement]).to.deep.equal([
        client,
        LISTING,
        STATE.open,
        ZeroHash,
      ]);
      expect(job.postedAt).to.equal(BigInt(await now()));
      expect([await board.jobCount(), await board.nonceOf(client)]).to.deep.equal([1n, 1n]);
      expect((await board.jobs(1n, 9n)).map((one: { listing: string }) => one.listing)).to.deep.equal([LISTING]);
    });

    it("takes a signature once, for what was signed, by the owner, in time", async () => {
      const { board, payer, payee, witness, client, outsider, registry } = await loadFixture(posted);
      const applyBy = BigInt((await now()) + DAY);
      const nonce = await board.nonceOf(client);
      const message = { poster: client, listing: LISTING, applyBy, nonce };
      const signature = await authorise(board, payer, "Post", message);
      const send = (given = signature, who = client, listing = LISTING, until = applyBy, deadline = FAR_DEADLINE) =>
        by(witness, board).post(who, listing, until, deadline, given);
      const refused = (sent: Promise<unknown>) =>
        expect(sent).to.be.revertedWithCustomError(board, "JobInvalidSignature");
      await refused(send(signature, outsider));
      await refused(send(signature, client, hash("another")));
      await refused(send(signature, client, LISTING, applyBy + 1n));
      await refused(send(await authorise(board, payee, "Post", message)));
      await refused(send(await authorise(board, payer, "Post", { ...message, nonce: nonce + 1n })));
      const elsewhere = { ...(await jobDomain(board)), verifyingContract: await registry.getAddress() };
      await refused(send(await authorise(board, payer, "Post", message, elsewhere)));
      await refused(send(await authorise(board, payer, "Post", message, { chainId: 1n })));
      await refused(send(mirrored(signature)));
      const late = await authorise(board, payer, "Post", { ...message, deadline: 5n });
      await expect(send(late, client, LISTING, applyBy, 5n))
        .to.be.revertedWithCustomError(board, "JobDeadlinePassed")
        .withArgs(5n);
      await expect(send()).to.emit(board, "JobPosted").withArgs(2n, client, LISTING, applyBy);
      await refused(send());
    });

    it("takes what the owner's wallet calls itself", async () => {
      const { board, payer, client } = await loadFixture(posted);
      await by(payer, board).post(client, LISTING, BigInt((await now()) + DAY), FAR_DEADLINE, "0x");
      expect(await board.jobCount()).to.equal(2n);
    });

    it("refuses no listing, and days in the past or beyond a year", async () => {
      const { board, payer, client } = await loadFixture(posted);
      const send = async (listing: string, days: number) =>
        by(payer, board).post(client, listing, BigInt((await now()) + days * DAY), FAR_DEADLINE, "0x");
      await expect(send(ZeroHash, 1)).to.be.revertedWithCustomError(board, "JobMissingListing");
      for (const days of [0, 367]) {
        await expect(send(LISTING, days)).to.be.revertedWithCustomError(board, "JobInvalidApplyBy");
      }
    });

    it("lets nobody act for an identity that does not exist or was revoked", async () => {
      const { board, payer, client, registry } = await loadFixture(posted);
      const applyBy = BigInt((await now()) + DAY);
      const send = (who: bigint) => by(payer, board).post(who, LISTING, applyBy, FAR_DEADLINE, "0x");
      await expect(send(99n)).to.be.revertedWithCustomError(board, "JobNobodyActs").withArgs(99n);
      const { deadline, signature } = await authoriseIdentity(registry, payer, "Revoke", client, {});
      await registry.revoke(client, deadline, signature);
      await expect(send(client)).to.be.revertedWithCustomError(board, "JobNobodyActs").withArgs(client);
    });

    it("is changed and closed by its poster alone, while it is open", async () => {
      const { board, payer, payee, witness, client, jobId } = await loadFixture(posted);
      const applyBy = BigInt((await now()) + 2 * DAY);
      const listing = hash("a better listing");
      const edit = async (as = payer) => {
        const signature = await authorise(board, as, "Edit", {
          jobId,
          listing,
          applyBy,
          nonce: await board.nonceOf(client),
        });
        return by(witness, board).edit(jobId, listing, applyBy, FAR_DEADLINE, signature);
      };
      const close = async (as = payer) => {
        const signature = await authorise(board, as, "Close", { jobId, nonce: await board.nonceOf(client) });
        return by(witness, board).close(jobId, FAR_DEADLINE, signature);
      };
      for (const verb of [edit, close]) {
        await expect(verb(payee)).to.be.revertedWithCustomError(board, "JobInvalidSignature").withArgs(payer.address);
      }
      await expect(edit()).to.emit(board, "JobEdited").withArgs(jobId, listing, applyBy);
      await expect(by(payer, board).edit(jobId, ZeroHash, applyBy, FAR_DEADLINE, "0x")).to.be.revertedWithCustomError(
        board,
        "JobMissingListing",
      );
      expect((await board.job(jobId)).listing).to.equal(listing);
      await expect(close()).to.emit(board, "JobClosed").withArgs(jobId);
      for (const verb of [edit, close]) {
        await expect(verb()).to.be.revertedWithCustomError(board, "JobNotOpen").withArgs(jobId, STATE.closed);
      }
      await expect(by(payer, board).close(9n, FAR_DEADLINE, "0x")).to.be.revertedWithCustomError(board, "JobUnknown");
    });

    it("is read in pages of a hundred at most", async () => {
      const { board, payer, client } = await loadFixture(posted);
      const applyBy = BigInt((await now()) + DAY);
      for (let i = 0; i < 101; i++) await by(payer, board).post(client, LISTING, applyBy, FAR_DEADLINE, "0x");
      const lengths = async (first: bigint, count: bigint) => (await board.jobs(first, count)).length;
      expect(await lengths(1n, 1_000n)).to.equal(100);
      expect(await lengths(101n, 1_000n)).to.equal(2);
      expect(await lengths(7n, 5n)).to.equal(5);
      expect(await lengths(103n, 1n)).to.equal(0);
      expect(await lengths(2n ** 64n - 1n, 2n ** 64n - 1n)).to.equal(0);
      await expect(board.jobs(0n, 1n)).to.be.revertedWithCustomError(board, "JobUnknown");
    });
  });

  describe("hiring", () => {
    it("is shown by an agreement whose salt names the job; anybody may show it, once", async () => {
      const { board, jobId, terms, agreementId, freelancer, client, stranger } = await loadFixture(agreed);
      const hire = () => by(stranger, board).hire(jobId, terms, SECRET);
      await expect(hire()).to.emit(board, "JobHired").withArgs(jobId, agreementId, freelancer);
      const job = await board.job(jobId);
      expect([job.state, job.agreement]).to.deep.equal([STATE.hired, agreementId]);
      expect([...(await board.hireOf(agreementId))]).to.deep.equal([jobId, client, freelancer, 0n, 0n]);
      await expect(hire()).to.be.revertedWithCustomError(board, "JobAlreadyHired").withArgs(agreementId);
    });

    it("needs this job, this secret, and an agreement that was concluded", async () => {
      const { all, board, jobId, terms, agreementId } = await loadFixture(agreed);
      const other = await post(all);
      for (const [job, secret] of [
        [other, SECRET],
        [jobId, hash("a guess")],
      ] as const) {
        await expect(board.hire(job, terms, secret)).to.be.revertedWithCustomError(board, "JobNotItsAgreement");
      }
      await expect(board.hire(9n, terms, SECRET)).to.be.revertedWithCustomError(board, "JobUnknown");
      const open = { ...terms, textHash: hash("something else") };
      await expect(board.hire(jobId, open, SECRET)).to.be.revertedWithCustomError(board, "JobAgreementNotConcluded");
      await board.hire(jobId, terms, SECRET);
      expect((await board.hireOf(agreementId)).jobId).to.equal(jobId);
    });

    it("counts no lapsed agreement, no sale, no plain one, and none that another pays for", async () => {
      const { all, agreements, board, jobId, payer, payee, witness, stranger } = await loadFixture(agreed);
      const salt = saltOf(jobId);
      const signing = {
        [payer.address]: payer,
        [payee.address]: payee,
        [witness.address]: witness,
        [stranger.address]: stranger,
      };
      const sale = await saleTerms(all, { salt });
      const plain = await plainTerms(all, { salt });
      const paidByOther = await workTerms(all, { salt, payer: stranger.address });
      for (const terms of [sale, plain, paidByOther]) {
        await agreements.conclude(terms, await signatures(agreements, terms, signing));
        await expect(board.hire(jobId, terms, SECRET)).to.be.revertedWithCustomError(board, "JobNotItsAgreement");
      }
      const lapsed = await workTerms(all, { salt, textHash: hash("late") });
      await time.increase(2 * DAY);
      await agreements.reclaim(lapsed);
      await expect(board.hire(jobId, lapsed, SECRET)).to.be.revertedWithCustomError(board, "JobAgreementNotConcluded");
    });

    it("is of somebody registered", async () => {
      const { all, board, jobId, witness } = await loadFixture(agreed);
      const terms = await workTerms(all, { salt: saltOf(jobId), payee: witness.address });
      await open(all, terms, { [witness.address]: witness });
      await expect(board.hire(jobId, terms, SECRET))
        .to.be.revertedWithCustomError(board, "JobUnregistered")
        .withArgs(witness.address);
    });

    it("counts also after the job was closed, and a second time for a second person", async () => {
      const { all, board, payer, stranger, jobId, terms, agreementId, outsider } = await loadFixture(agreed);
      await by(payer, board).close(jobId, FAR_DEADLINE, "0x");
      await board.hire(jobId, terms, SECRET);
      const second = await workTerms(all, { salt: saltOf(jobId, hash("second")), payee: stranger.address });
      await open(all, second, { [stranger.address]: stranger });
      await board.hire(jobId, second, hash("second"));
      expect((await board.job(jobId)).agreement).to.equal(agreementId);
      expect((await board.hireOf(await all.agreements.idOf(second))).freelancer).to.equal(outsider);
    });
  });

  describe("rating", () => {
    it("is of each other, once, when all is settled", async () => {
      const found = await loadFixture(finished);
      const { board, payer, payee, client, freelancer, agreementId } = found;
      await expect(rate(found, payer, client, 5))
        .to.emit(board, "PartyRated")
        .withArgs(agreementId, freelancer, client, 5n, COMMENT);
      await rate(found, payee, freelancer, 2, ZeroHash);
      expect([...(await board.reputationOf(freelancer))]).to.deep.equal([1n, 5n]);
      expect([...(await board.reputationOf(client))]).to.deep.equal([1n, 2n]);
      const [given] = await board.ratingsOf(freelancer, 0n, 10n);
      expect([given.rater, given.score, given.agreementId, given.comment]).to.deep.equal([
        client,
        5n,
        agreementId,
        COMMENT,
      ]);
      expect((await board.ratingsOf(freelancer, 1n, 10n)).length).to.equal(0);
      const hire = await board.hireOf(agreementId);
      expect([hire.byClient, hire.byFreelancer]).to.deep.equal([5n, 2n]);
      for (const [who, id] of [
        [payer, client],
        [payee, freelancer],
      ] as const) {
        await expect(rate(found, who, id, 1))
          .to.be.revertedWithCustomError(board, "RatingGiven")
          .withArgs(agreementId, id);
      }
    });

    it("waits for the last milestone", async () => {
      const found = await loadFixture(hired);
      const { board, payer, payee, client, escrow } = found;
      await expect(rate(found, payer, client, 5)).to.be.revertedWithCustomError(board, "RatingTooEarly");
      await act(escrow, payer, "cancel", [0n]);
      await expect(rate(found, payer, client, 5)).to.be.revertedWithCustomError(board, "RatingTooEarly");
      await act(escrow, payee, "cancel", [0n]);
      await rate(found, payer, client, 5);
    });

    it("is nobody else's, for nobody else, and from 1 to 5", async () => {
      const found = await loadFixture(finished);
      const { board, payer, payee, stranger, client, freelancer, outsider, agreementId } = found;
      const refused = (sent: Promise<unknown>, error: string) =>
        expect(sent).to.be.revertedWithCustomError(board, error);
      await refused(rate(found, stranger, outsider, 5), "RatingNotAParty");
      await refused(rate(found, payee, client, 5), "JobInvalidSignature");
      await refused(rate(found, stranger, freelancer, 5), "JobInvalidSignature");
      for (const score of [0, 6, 255]) await refused(rate(found, payer, client, score), "RatingInvalidScore");
      await refused(rate({ ...found, agreementId: hash("none") }, payer, client, 5), "RatingWithoutHire");
      const signature = await authorise(board, payer, "Rate", {
        agreementId,
        rater: client,
        score: 5,
        comment: COMMENT,
      });
      await refused(board.rate(agreementId, client, 4, COMMENT, FAR_DEADLINE, signature), "JobInvalidSignature");
      await refused(board.rate(agreementId, client, 5, ZeroHash, FAR_DEADLINE, signature), "JobInvalidSignature");
      const late = await authorise(board, payer, "Rate", {
        agreementId,
        rater: client,
        score: 5,
        comment: COMMENT,
        deadline: 9n,
      });
      await refused(board.rate(agreementId, client, 5, COMMENT, 9n, late), "JobDeadlinePassed");
    });

    it("is the identity's: whoever owns it now, not the wallet that signed the agreement", async () => {
      const found = await loadFixture(finished);
      const { board, registry, payer, arbiter: recovery, client } = found;
      const auth = (as: typeof payer, type: "SetRecovery" | "StartRecovery" | "AcceptRecovery", fields = {}) =>
        authoriseIdentity(registry, as, type, client, fields);
      const set = await auth(payer, "SetRecovery", { recovery: recovery.address });
      await registry.setRecovery(client, recovery.address, set.deadline, set.signature);
      const start = await auth(recovery, "StartRecovery", { newOwner: recovery.address });
      await registry.startRecovery(client, recovery.address, start.deadline, start.signature);
      await time.increase(8 * DAY);
      const accept = await auth(recovery, "AcceptRecovery");
      await registry.finishRecovery(client, accept.deadline, accept.signature);
      await expect(rate(found, payer, client, 5)).to.be.revertedWithCustomError(board, "JobInvalidSignature");
      await rate(found, recovery, client, 5);
    });

    it("is signed by a contract wallet too", async () => {
      const world = await loadFixture(deployJobs);
      const { board, registry, witness } = world;
      const wallet = await ethers.deployContract("WalletMock", [witness.address]);
      const owner = await wallet.getAddress();
      const identity = await register(registry, witness, "contract", { owner, ...keysOf("contract") });
      const applyBy = BigInt((await now()) + DAY);
      const message = { poster: identity, listing: LISTING, applyBy, nonce: 0n };
      const signature = await authorise(board, witness, "Post", message);
      await board.post(identity, LISTING, applyBy, FAR_DEADLINE, signature);
      await wallet.setTemper(1);
      const again = await authorise(board, witness, "Post", { ...message, nonce: 1n });
      await expect(board.post(identity, LISTING, applyBy, FAR_DEADLINE, again)).to.be.revertedWithCustomError(
        board,
        "JobInvalidSignature",
      );
    });
  });
});
