import { expect } from "chai";
import {
  ascending,
  deployAgreements,
  FAR,
  OUTCOME,
  open,
  plainTerms,
  type Rules,
  saleTerms,
  signatures,
  signTerms,
  type Terms,
  termsDomain,
  workTerms,
} from "../support/agreements.ts";
import { by, DAY, ethers, loadFixture, now, time } from "../support/chain.ts";
import { sign } from "../support/typedData.ts";

const { ZeroAddress, ZeroHash } = ethers;

describe("Agreements", () => {
  async function plain() {
    const world = await deployAgreements();
    const terms = await plainTerms(world);
    const { payer, payee, witness } = world;
    const signing = { [payer.address]: payer, [payee.address]: payee, [witness.address]: witness };
    const signed = await signatures(world.agreements, terms, signing);
    return { ...world, world, terms, signing, signed };
  }

  describe("concluding", () => {
    it("records a plain agreement of three people and deploys nothing", async () => {
      const { agreements, stranger, terms, signed } = await loadFixture(plain);
      const id = await agreements.idOf(terms);
      expect(await agreements.escrowOf(terms)).to.equal(ZeroAddress);
      await expect(by(stranger, agreements).conclude(terms, signed))
        .to.emit(agreements, "AgreementConcluded")
        .withArgs(id, ZeroAddress, (seen: Terms) => seen.textHash === terms.textHash);
      const { escrow, concludedAt } = await agreements.agreement(id);
      expect([escrow, Number(concludedAt)]).to.deep.equal([ZeroAddress, await now()]);
    });

    it("deploys the escrow where it was said to be, with the terms in it", async () => {
      const { world, agreements, payer, payee } = await loadFixture(plain);
      const terms = await workTerms(world);
      const [id, address] = [await agreements.idOf(terms), await agreements.escrowOf(terms)];
      const escrow = await open(world, terms);
      expect(await escrow.getAddress()).to.equal(address);
      expect((await agreements.agreement(id)).escrow).to.equal(address);
      const kept = await escrow.terms();
      expect(kept.agreementId).to.equal(id);
      expect(kept.agreements).to.equal(await agreements.getAddress());
      expect([kept.kind, kept.payer, kept.payee]).to.deep.equal([1n, payer.address, payee.address]);
      expect([kept.arbiter, kept.token]).to.deep.equal([terms.arbiter, terms.token]);
      expect(kept.rules.toObject()).to.deep.equal(
        Object.fromEntries(Object.entries(terms.rules).map(([key, value]) => [key, BigInt(value)])),
      );
      expect(kept.milestones.map((m: { toObject(): unknown }) => m.toObject())).to.deep.equal(
        terms.milestones.map(({ amount, due }) => ({ amount, due: BigInt(due) })),
      );
      expect(await escrow.isFinished()).to.equal(false);
    });

    it("takes the caller's own signature as given", async () => {
      const { agreements, witness, terms, signed } = await loadFixture(plain);
      const mine = terms.signers.indexOf(witness.address);
      const without = signed.map((signature, i) => (i === mine ? "0x" : signature));
      await expect(agreements.conclude(terms, without)).to.be.revertedWithCustomError(
        agreements,
        "AgreementInvalidSignature",
      );
      await by(witness, agreements).conclude(terms, without);
    });

    it("computes the id as EIP-712 says", async () => {
      const { world, agreements } = await loadFixture(plain);
      for (const terms of [await plainTerms(world), await workTerms(world), await saleTerms(world)]) {
        const signature = await signTerms(agreements, world.payer, terms);
        expect(ethers.recoverAddress(await agreements.idOf(terms), signature)).to.equal(world.payer.address);
      }
    });

    it("happens once, in time, with every signature", async () => {
      const { agreements, stranger, terms, signed } = await loadFixture(plain);
      const conclude = (signatures: string[]) => by(stranger, agreements).conclude(terms, signatures);
      await expect(conclude(signed.slice(1)))
        .to.be.revertedWithCustomError(agreements, "AgreementSignatureCount")
        .withArgs(2n, 3n);
      await expect(conclude([...signed].reverse())).to.be.revertedWithCustomError(
        agreements,
        "AgreementInvalidSignature",
      );
      await conclude(signed);
      await expect(conclude(signed)).to.be.revertedWithCustomError(agreements, "AgreementExists");
    });

    it("is refused after the last moment to sign", async () => {
      const { agreements, terms, signed } = await loadFixture(plain);
      await time.setNextBlockTimestamp(terms.signBy + 1);
      await expect(agreements.conclude(terms, signed))
        .to.be.revertedWithCustomError(agreements, "AgreementDeadlinePassed")
        .withArgs(terms.signBy);
    });
  });

  describe("signatures", () => {
    it("do not serve another chain, contract or text", async () => {
      const { world, agreements, implementation, payer, terms, signed } = await loadFixture(plain);
      const other = await ethers.deployContract("Agreements", [implementation]);
      await expect(other.conclude(terms, signed)).to.be.revertedWithCustomError(other, "AgreementInvalidSignature");
      const mine = terms.signers.indexOf(payer.address);
      const { chainId } = await termsDomain(agreements);
      const elsewhere = await signTerms(agreements, payer, terms, { chainId: chainId + 1n });
      const otherText = await signTerms(agreements, payer, await plainTerms(world, { textHash: ZeroHash }));
      for (const signature of [elsewhere, otherText]) {
        await expect(agreements.conclude(terms, signed.with(mine, signature)))
          .to.be.revertedWithCustomError(agreements, "AgreementInvalidSignature")
          .withArgs(payer.address);
      }
    });

    it("are refused in their malleable form, cut or lengthened", async () => {
      const { agreements, terms, signed } = await loadFixture(plain);
      const { r, s, v } = ethers.Signature.from(signed[0]);
      const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const flipped = ethers.concat([r, ethers.toBeHex(ORDER - BigInt(s), 32), ethers.toBeHex(v === 27 ? 28 : 27, 1)]);
      for (const signature of [flipped, ethers.Signature.from(signed[0]).compactSerialized, `${signed[0]}00`]) {
        await expect(agreements.conclude(terms, signed.with(0, signature))).to.be.revertedWithCustomError(
          agreements,
          "AgreementInvalidSignature",
        );
      }
    });

    it("of a contract wallet count while it says so, and not after it changed its key", async () => {
      const { world, agreements, payer, payee, witness } = await loadFixture(plain);
      const wallet = await ethers.deployContract("AccountMock", [witness.address]);
      const address = await wallet.getAddress();
      const terms = await workTerms(world, { payer: address });
      const signed = await signatures(agreements, terms, { [address]: witness, [payee.address]: payee });
      await wallet.setSigner(payer.address);
      await expect(agreements.conclude(terms, signed))
        .to.be.revertedWithCustomError(agreements, "AgreementInvalidSignature")
        .withArgs(address);
      await wallet.setSigner(witness.address);
      await agreements.conclude(terms, signed);
    });

    it("can be retracted until the agreement is concluded, by their author only", async () => {
      const { agreements, payer, payee, stranger, terms, signed } = await loadFixture(plain);
      const id = await agreements.idOf(terms);
      const domain = await termsDomain(agreements);
      const signature = await sign(payee, domain, "Retract", { agreementId: id, deadline: FAR });
      await expect(by(stranger, agreements).retract(id, payer.address, FAR, signature)).to.be.revertedWithCustomError(
        agreements,
        "AgreementInvalidSignature",
      );
      await expect(by(stranger, agreements).retract(id, payee.address, 1n, signature)).to.be.revertedWithCustomError(
        agreements,
        "AgreementDeadlinePassed",
      );
      await expect(by(stranger, agreements).retract(id, payee.address, FAR, signature))
        .to.emit(agreements, "AgreementRetracted")
        .withArgs(id, payee.address);
      expect(await agreements.isRetracted(id, payee.address)).to.equal(true);
      await expect(agreements.conclude(terms, signed))
        .to.be.revertedWithCustomError(agreements, "AgreementIsRetracted")
        .withArgs(id, payee.address);
    });

    it("cannot be retracted afterwards", async () => {
      const { agreements, payer, terms, signed } = await loadFixture(plain);
      const id = await agreements.idOf(terms);
      await by(payer, agreements).conclude(terms, signed);
      await expect(by(payer, agreements).retract(id, payer.address, FAR, "0x")).to.be.revertedWithCustomError(
        agreements,
        "AgreementExists",
      );
    });
  });

  describe("terms that are refused", () => {
    const refuses = async (make: (world: Awaited<ReturnType<typeof plain>>) => Promise<Terms>, error: string) => {
      const fixture = await loadFixture(plain);
      const terms = await make(fixture);
      const signed = await Promise.all(terms.signers.map(() => "0x"));
      await expect(fixture.agreements.conclude(terms, signed)).to.be.revertedWithCustomError(fixture.agreements, error);
    };
    type Case = [string, string, (fixture: Awaited<ReturnType<typeof plain>>) => Promise<Terms>];
    const due = async (...dues: number[]) => dues.map((value) => ({ amount: 1n, due: value }));
    const cases: Case[] = [
      ["no text", "AgreementMissingText", ({ world }) => plainTerms(world, { textHash: ZeroHash })],
      ["one signer", "AgreementInvalidSigners", ({ world, payer }) => plainTerms(world, { signers: [payer.address] })],
      [
        "a signer twice",
        "AgreementInvalidSigners",
        ({ world, payer }) => plainTerms(world, { signers: [payer.address, payer.address] }),
      ],
      [
        "signers out of order",
        "AgreementInvalidSigners",
        ({ world, terms }) => plainTerms(world, { signers: [...terms.signers].reverse() }),
      ],
      [
        "nobody as a signer",
        "AgreementInvalidSigners",
        ({ world, payer }) => plainTerms(world, { signers: [ZeroAddress, payer.address] }),
      ],
      [
        "65 signers",
        "AgreementInvalidSigners",
        ({ world }) => plainTerms(world, { signers: Array.from({ length: 65 }, (_, i) => ethers.toBeHex(i + 1, 20)) }),
      ],
      [
        "a payer of nothing",
        "AgreementUnexpectedMoney",
        ({ world, payer }) => plainTerms(world, { payer: payer.address }),
      ],
      [
        "a token without use",
        "AgreementUnexpectedMoney",
        async ({ world, token }) => plainTerms(world, { token: await token.getAddress() }),
      ],
      [
        "rules without use",
        "AgreementUnexpectedMoney",
        async ({ world, terms }) => plainTerms(world, { rules: { ...terms.rules, reviewTime: 1 } }),
      ],
      [
        "outcomes without use",
        "AgreementUnexpectedMoney",
        async ({ world, terms }) => plainTerms(world, { rules: { ...terms.rules, onNoReview: OUTCOME.release } }),
      ],
      [
        "milestones without money",
        "AgreementUnexpectedMoney",
        async ({ world }) => plainTerms(world, { milestones: await due(await now()) }),
      ],
      [
        "a payer who does not sign",
        "AgreementInvalidParty",
        async ({ world, stranger, payee, witness }) => ({
          ...(await workTerms(world)),
          payer: stranger.address,
          signers: ascending([payee.address, witness.address]),
        }),
      ],
      [
        "a payee who does not sign",
        "AgreementInvalidParty",
        async ({ world, payer, witness }) => ({
          ...(await workTerms(world)),
          signers: ascending([payer.address, witness.address]),
        }),
      ],
      [
        "paying oneself",
        "AgreementInvalidParty",
        async ({ world, payer }) => ({ ...(await workTerms(world)), payee: payer.address }),
      ],
      [
        "the payer as arbiter",
        "AgreementInvalidArbiter",
        ({ world, payer }) => workTerms(world, { arbiter: payer.address }),
      ],
      [
        "the payee as arbiter",
        "AgreementInvalidArbiter",
        ({ world, payee }) => workTerms(world, { arbiter: payee.address }),
      ],
      [
        "a token that is no contract",
        "AgreementInvalidToken",
        ({ world, payer }) => workTerms(world, { token: payer.address }),
      ],
      ["no milestone", "AgreementInvalidMilestones", ({ world }) => workTerms(world, { milestones: [] })],
      [
        "33 milestones",
        "AgreementInvalidMilestones",
        async ({ world }) => workTerms(world, { milestones: await due(...Array(33).fill((await now()) + DAY)) }),
      ],
      [
        "an amount of 0",
        "AgreementInvalidAmount",
        async ({ world }) => workTerms(world, { milestones: [{ amount: 0n, due: (await now()) + DAY }] }),
      ],
      [
        "a sum above 2^128 - 1",
        "AgreementInvalidAmount",
        async ({ world }) =>
          workTerms(world, {
            milestones: [2n ** 128n - 1n, 1n].map((amount) => ({ amount, due: 2_000_000_000 })),
          }),
      ],
      [
        "a due date that has passed",
        "AgreementInvalidDue",
        async ({ world }) => workTerms(world, { milestones: await due(await now()) }),
      ],
      [
        "a due date too far away",
        "AgreementInvalidDue",
        async ({ world }) => workTerms(world, { milestones: await due((await now()) + 3651 * DAY) }),
      ],
    ];
    const rules: [string, string, Partial<Rules>, ("no arbiter" | "sale")?][] = [
      ["silence without a written effect", "AgreementInvalidOutcome", { onNoReview: OUTCOME.unset }],
      ["no effect of a missing submission", "AgreementInvalidOutcome", { onNoSubmission: OUTCOME.unset }],
      ["no effect of a rejection", "AgreementInvalidOutcome", { onRejection: OUTCOME.unset }],
      ["a sale with reviews", "AgreementInvalidOutcome", { onNoReview: OUTCOME.refund }, "sale"],
      [
        "going to an arbiter there is not",
        "AgreementInvalidOutcome",
        { onRejection: OUTCOME.arbiter, rulingTime: 0 },
        "no arbiter",
      ],
      [
        "waiting where nobody could end it",
        "AgreementInvalidOutcome",
        { onRejection: OUTCOME.wait, rulingTime: 0 },
        "no arbiter",
      ],
      ["time for an arbiter there is not", "AgreementInvalidTime", { onRejection: OUTCOME.split }, "no arbiter"],
      ["a share above all", "AgreementInvalidShare", { fallbackShare: 10_001 }],
      ["retaining in work", "AgreementInvalidShare", { retainedShare: 1 }],
      ["retaining more than all", "AgreementInvalidShare", { retainedShare: 10_001 }, "sale"],
      ["no time to review", "AgreementInvalidTime", { reviewTime: 3_599 }],
      ["no time to respond", "AgreementInvalidTime", { responseTime: 0 }],
      ["no time to rule", "AgreementInvalidTime", { rulingTime: 0 }],
      ["a time without end", "AgreementInvalidTime", { rulingTime: 3651 * DAY }],
    ];
    for (const [name, error, make] of cases) it(name, () => refuses(make, error));
    for (const [name, error, change, where] of rules) {
      const make = where === "sale" ? saleTerms : workTerms;
      const over = where === "no arbiter" ? { arbiter: ZeroAddress } : {};
      it(name, () => refuses(({ world }) => make(world, { ...over, rules: change }), error));
    }

    it("of a kind or outcome that does not exist", async () => {
      const { world, agreements } = await loadFixture(plain);
      const terms = await workTerms(world);
      await expect(agreements.conclude({ ...terms, kind: 3 }, ["0x", "0x"])).to.revert(ethers);
      const wrong = { ...terms, rules: { ...terms.rules, onNoReview: 6 } };
      await expect(agreements.conclude(wrong, ["0x", "0x"])).to.revert(ethers);
    });

    it("takes the largest: 64 signers, 32 milestones, all units there are", async () => {
      const { world, agreements, payer, payee } = await loadFixture(plain);
      const wallet = await ethers.deployContract("AccountMock", [payer.address]);
      const others = Array.from({ length: 62 }, (_, i) => new ethers.Wallet(ethers.toBeHex(i + 1, 32)));
      const signers = ascending([payee.address, await wallet.getAddress(), ...others.map(({ address }) => address)]);
      const start = await now();
      const milestones = Array.from({ length: 32 }, (_, i) => ({
        amount: i === 0 ? 2n ** 128n - 32n : 1n,
        due: start + DAY,
      }));
      const terms = { ...(await workTerms(world, { payer: await wallet.getAddress(), milestones })), signers };
      const signing = Object.fromEntries(others.map((other) => [other.address, other]));
      await open(world, terms, { ...signing, [await wallet.getAddress()]: payer });
      expect((await agreements.agreement(await agreements.idOf(terms))).concludedAt).to.not.equal(0n);
    });
  });

  describe("money sent before the agreement is concluded", () => {
    it("is there when the escrow opens", async () => {
      const { world, agreements, token, payer, stranger } = await loadFixture(plain);
      const terms = await workTerms(world);
      await by(payer, token).transfer(await agreements.escrowOf(terms), 3_000n);
      const escrow = await open(world, terms);
      const nobody = { signer: ZeroAddress, step: 0n, deadline: 0n, signature: "0x" };
      await by(stranger, escrow).fund(0n, 2n, nobody);
      expect(await escrow.accounted()).to.equal(3_000n);
    });

    it("returns to the payer when it never is", async () => {
      const { world, agreements, token, payer, stranger, signing } = await loadFixture(plain);
      const terms = await workTerms(world);
      const address = await agreements.escrowOf(terms);
      await by(payer, token).transfer(address, 3_000n);
      await payer.sendTransaction({ to: address, value: 7n });
      await expect(agreements.reclaim(terms))
        .to.be.revertedWithCustomError(agreements, "AgreementStillOpen")
        .withArgs(terms.signBy);
      await time.increase(40 * DAY);
      await expect(by(stranger, agreements).reclaim(terms)).to.emit(agreements, "AgreementLapsed");
      const escrow = await ethers.getContractAt("Escrow", address);
      expect(await escrow.isFinished()).to.equal(true);
      const nobody = { signer: ZeroAddress, step: 0n, deadline: 0n, signature: "0x" };
      await expect(escrow.fund(0n, 1n, nobody)).to.be.revertedWithCustomError(escrow, "EscrowWrongState");
      await escrow.sweep(token, nobody);
      expect(await token.balanceOf(payer.address)).to.equal(1_000_000n);
      const before = await ethers.provider.getBalance(payer.address);
      await escrow.sweep(ZeroAddress, nobody);
      expect(await ethers.provider.getBalance(payer.address)).to.equal(before + 7n);
      await expect(agreements.reclaim(terms)).to.be.revertedWithCustomError(agreements, "AgreementExists");
      const signed = await signatures(agreements, terms, signing);
      await expect(agreements.conclude(terms, signed)).to.be.revertedWithCustomError(
        agreements,
        "AgreementDeadlinePassed",
      );
      expect((await agreements.agreement(await agreements.idOf(terms))).concludedAt).to.equal(0n);
    });

    it("cannot be reclaimed out of an agreement that was concluded, nor of one without money", async () => {
      const { world, agreements, payer, terms: friends } = await loadFixture(plain);
      const terms = await workTerms(world);
      const escrow = await open(world, terms);
      await time.increase(40 * DAY);
      await expect(agreements.reclaim(terms)).to.be.revertedWithCustomError(agreements, "AgreementExists");
      await expect(agreements.reclaim(friends)).to.be.revertedWithCustomError(agreements, "AgreementUnexpectedMoney");
      await expect(by(payer, escrow).lapse())
        .to.be.revertedWithCustomError(escrow, "EscrowNotAllowed")
        .withArgs(payer.address);
    });
  });
});
