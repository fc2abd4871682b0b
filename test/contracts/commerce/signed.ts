import { expect } from "chai";
import {
  act,
  authorisation,
  balances,
  deployAgreements,
  EVIDENCE,
  escrowDomain,
  FAR,
  funded,
  open,
  REASON,
  relay,
  working,
  workTerms,
} from "../support/agreements.ts";
import { by, ethers, loadFixture, now } from "../support/chain.ts";
import { hash } from "../support/identities.ts";

const { ZeroAddress } = ethers;

describe("Signed actions of an escrow", () => {
  it("do the same as calls, whoever submits them", async () => {
    const { world, escrow, payer, payee, arbiter, stranger } = await loadFixture(working);
    await relay(escrow, payee, stranger, "submit", [0n, EVIDENCE]);
    await relay(escrow, payer, stranger, "reject", [0n, REASON]);
    await relay(escrow, payee, stranger, "dispute", [0n, REASON]);
    await relay(escrow, arbiter, stranger, "rule", [0n, 400n]);
    await relay(escrow, payer, stranger, "accept", [1n, 2_000n]);
    await relay(escrow, payee, stranger, "refund", [2n, 1_000n]);
    await relay(escrow, payer, stranger, "cancel", [500n]);
    await relay(escrow, payee, stranger, "cancel", [500n]);
    expect(await balances(world)).to.deep.equal([997_100n, 2_900n]);
    expect(await world.token.balanceOf(stranger.address)).to.equal(0n);
  });

  it("are good once, and only for what their author saw", async () => {
    const { escrow, payer, payee, stranger } = await loadFixture(working);
    const auth = await authorisation(escrow, payer, "accept", [0n, 300n]);
    await by(stranger, escrow).accept(0n, 300n, auth);
    await expect(by(stranger, escrow).accept(0n, 300n, auth))
      .to.be.revertedWithCustomError(escrow, "EscrowWrongStep")
      .withArgs(1n, 2n);
    // Rejecting what was submitted first does not reject what was submitted afterwards.
    await act(escrow, payee, "submit", [1n, EVIDENCE]);
    const reject = await authorisation(escrow, payer, "reject", [1n, REASON]);
    await by(stranger, escrow).reject(1n, REASON, reject);
    await act(escrow, payee, "submit", [1n, EVIDENCE]);
    await expect(by(stranger, escrow).reject(1n, REASON, reject)).to.be.revertedWithCustomError(
      escrow,
      "EscrowWrongStep",
    );
  });

  it("do not serve another amount, milestone, escrow, chain or time", async () => {
    const { world, escrow, payer, stranger } = await loadFixture(working);
    const other = await funded(world, await workTerms(world, { salt: hash("another") }));
    const { chainId } = await escrowDomain(escrow);
    const auth = await authorisation(escrow, payer, "accept", [0n, 300n]);
    const elsewhere = { domain: { chainId: chainId + 1n } };
    const foreign = await authorisation(escrow, payer, "accept", [0n, 300n], elsewhere);
    const late = { deadline: BigInt(await now()) };
    const submitter = by(stranger, escrow);
    for (const call of [
      () => submitter.accept(0n, 301n, auth),
      () => submitter.accept(1n, 300n, auth),
      () => submitter.accept(0n, 300n, { ...auth, deadline: FAR + 1n }),
      () => submitter.accept(0n, 300n, foreign),
      () => submitter.refund(0n, 300n, auth),
      () => by(stranger, other).accept(0n, 300n, auth),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(escrow, "EscrowInvalidSignature").withArgs(payer.address);
    }
    await expect(relay(escrow, payer, stranger, "accept", [0n, 300n], late))
      .to.be.revertedWithCustomError(escrow, "EscrowDeadlinePassed")
      .withArgs(late.deadline);
    await expect(act(escrow, payer, "accept", [0n, 300n], late)).to.be.revertedWithCustomError(
      escrow,
      "EscrowDeadlinePassed",
    );
  });

  it("are refused in their malleable form and for nobody", async () => {
    const { escrow, payer, stranger } = await loadFixture(working);
    const auth = await authorisation(escrow, payer, "accept", [0n, 300n]);
    const { r, s, v } = ethers.Signature.from(auth.signature);
    const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const flipped = ethers.concat([r, ethers.toBeHex(ORDER - BigInt(s), 32), ethers.toBeHex(v === 27 ? 28 : 27, 1)]);
    for (const change of [{ signature: flipped }, { signature: "0x" }, { signer: ZeroAddress, signature: "0x" }]) {
      await expect(by(stranger, escrow).accept(0n, 300n, { ...auth, ...change })).to.be.revertedWithCustomError(
        escrow,
        "EscrowInvalidSignature",
      );
    }
  });

  it("of a contract wallet stop counting when it changes its key, and the new key goes on", async () => {
    const world = await loadFixture(deployAgreements);
    const { token, payer, payee, witness, stranger } = world;
    const wallet = await ethers.deployContract("AccountMock", [witness.address]);
    const signer = await wallet.getAddress();
    await token.mint(signer, 6_000n);
    const escrow = await open(world, await workTerms(world, { payer: signer }), { [signer]: witness });
    await wallet.act(token, 0n, token.interface.encodeFunctionData("approve", [await escrow.getAddress(), 6_000n]));
    await relay(escrow, witness, stranger, "fund", [0n, 3n], { signer });
    const auth = await authorisation(escrow, witness, "accept", [0n, 1_000n], { signer });
    await wallet.setSigner(payer.address);
    await expect(by(stranger, escrow).accept(0n, 1_000n, auth))
      .to.be.revertedWithCustomError(escrow, "EscrowInvalidSignature")
      .withArgs(signer);
    await relay(escrow, payer, stranger, "accept", [0n, 1_000n], { signer });
    expect(await token.balanceOf(payee.address)).to.equal(1_000n);
  });
});
