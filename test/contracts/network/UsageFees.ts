import { expect } from "chai";
import { argsOf, mirrored, SPLIT, signMove, WHOLE } from "../support/authorisations.ts";
import { by, DAY, ethers, loadFixture, SKM, time } from "../support/chain.ts";
import { GENESIS, STARTING_CREDIT } from "../support/deploy.ts";
import { byController, byWallet, deployFees, FEATURE, type Fee, moveOf, PRICE } from "../support/fees.ts";
import { authorise, controllerOf, keysOf, register } from "../support/identities.ts";
import { domainOf, TYPES } from "../support/typedData.ts";

const DUE = 3n * PRICE;
const ANOTHER = ethers.encodeBytes32String("another");

describe("UsageFees", () => {
  describe("paid by the wallet", () => {
    it("takes what was signed, whoever submits, once, and the beneficiary withdraws it", async () => {
      const { skm, fees, membership, alice, bob, carol, fee } = await loadFixture(deployFees);
      const args = await byWallet(skm, fees, alice, fee);
      const receipt = await fees.receiptOf(fee);
      expect(await fees.isPaid(fee)).to.equal(false);
      await expect(by(carol, fees).pay(...args))
        .to.emit(fees, "FeePaid")
        .withArgs(receipt, alice.address, bob.address, FEATURE, 3n, DUE, 0n);
      expect(await fees.isPaid(fee)).to.equal(true);
      expect(await fees.isPaid({ ...fee, units: 2n })).to.equal(false);
      expect(await fees.receipts(alice.address, fee.salt)).to.equal(receipt);
      expect(await skm.balanceOf(alice.address)).to.equal(1_000n * SKM - DUE);
      expect(await membership.creditOf(alice.address)).to.equal(STARTING_CREDIT);
      await expect(fees.pay(...args))
        .to.be.revertedWithCustomError(fees, "UsageFeeAlreadyPaid")
        .withArgs(alice.address, fee.salt);

      await expect(by(carol, fees).withdraw(carol.address)).to.be.revertedWithCustomError(
        fees,
        "UsageFeeNothingToWithdraw",
      );
      for (const to of [ethers.ZeroAddress, await fees.getAddress()]) {
        await expect(by(bob, fees).withdraw(to)).to.be.revertedWithCustomError(fees, "UsageFeeInvalidRecipient");
      }
      await expect(by(bob, fees).withdraw(carol.address))
        .to.emit(fees, "FeesWithdrawn")
        .withArgs(bob.address, carol.address, DUE);
      expect(await skm.balanceOf(carol.address)).to.equal(DUE);
      expect(await skm.balanceOf(fees)).to.equal(0n);
      await expect(by(bob, fees).withdraw(bob.address)).to.be.revertedWithCustomError(
        fees,
        "UsageFeeNothingToWithdraw",
      );
    });

    it("holds for each beneficiary what was paid to them, whoever paid, and nobody else's when one withdraws", async () => {
      const { skm, fees, alice, bob, carol, deployer, fee } = await loadFixture(deployFees);
      await skm.emitFrom(GENESIS, carol.address, 100n * SKM);
      const supply = await skm.totalSupply();
      const pay = async (payer: typeof alice, beneficiary: string, units: bigint, salt: string) => {
        const one = { ...fee, payer: payer.address, beneficiary, units, salt: ethers.id(salt) };
        await fees.pay(...(await byWallet(skm, fees, payer, one)));
      };
      await pay(alice, bob.address, 3n, "one");
      await pay(carol, bob.address, 1n, "two");
      await pay(alice, carol.address, 5n, "three");
      await pay(alice, alice.address, 2n, "four");
      const owed = async () =>
        Promise.all([alice, bob, carol].map(async ({ address }) => (await fees.claimable(address)) / PRICE));
      expect(await owed()).to.deep.equal([2n, 4n, 5n]);
      expect(await skm.balanceOf(fees)).to.equal(11n * PRICE);
      await by(bob, fees).withdraw(deployer.address);
      expect(await skm.balanceOf(deployer.address)).to.equal(4n * PRICE);
      expect(await owed()).to.deep.equal([2n, 0n, 5n]);
      expect(await skm.balanceOf(fees)).to.equal(7n * PRICE);
      for (const person of [carol, alice]) await by(person, fees).withdraw(person.address);
      expect(await skm.balanceOf(fees)).to.equal(0n);
      expect(await skm.totalSupply()).to.equal(supply);
    });

    it("takes the credit that was signed first, and SKM for the rest; of the credit nobody can withdraw anything", async () => {
      const { skm, fees, membership, alice, bob, fee } = await loadFixture(deployFees);
      const both = { ...fee, credit: 5n * SKM };
      await expect(fees.pay(...(await byWallet(skm, fees, alice, both))))
        .to.emit(membership, "CreditSpent")
        .withArgs(1n, alice.address, await fees.getAddress(), 5n * SKM);
      expect(await membership.creditOf(alice.address)).to.equal(STARTING_CREDIT - 5n * SKM);
      expect(await fees.claimable(bob.address)).to.equal(SKM);
      expect(await skm.balanceOf(fees)).to.equal(SKM);
    });

    it("takes nothing at a price that rose, and gives back what one that fell leaves", async () => {
      const { skm, fees, membership, alice, bob, governor, fee } = await loadFixture(deployFees);
      const both = { ...fee, credit: 4n * SKM };
      const args = await byWallet(skm, fees, alice, both);
      await by(governor, fees).setPrice(FEATURE, PRICE + 1n);
      await expect(fees.pay(...args))
        .to.be.revertedWithCustomError(fees, "UsageFeePriceRose")
        .withArgs(FEATURE, PRICE + 1n, PRICE);
      expect(await skm.balanceOf(alice.address)).to.equal(1_000n * SKM);

      const less = (PRICE * 3n) / 4n;
      await by(governor, fees).setPrice(FEATURE, less);
      await fees.pay(...args);
      expect(await skm.balanceOf(alice.address)).to.equal(1_000n * SKM - (3n * less - 4n * SKM));
      expect(await fees.claimable(bob.address)).to.equal(3n * less - 4n * SKM);
      expect(await membership.creditOf(alice.address)).to.equal(STARTING_CREDIT - 4n * SKM);

      // Now credit alone is enough: all of the SKM comes back, and no more credit goes than it costs.
      await by(governor, fees).setPrice(FEATURE, SKM);
      const had = await skm.balanceOf(alice.address);
      await fees.pay(...(await byWallet(skm, fees, alice, { ...both, salt: ethers.id("second") })));
      expect(await skm.balanceOf(alice.address)).to.equal(had);
      expect(await membership.creditOf(alice.address)).to.equal(STARTING_CREDIT - 7n * SKM);
      expect(await skm.balanceOf(fees)).to.equal(await fees.claimable(bob.address));
    });

    it("is paid once for a salt, whatever was signed under it", async () => {
      const { skm, fees, alice, governor, fee } = await loadFixture(deployFees);
      const before = await byWallet(skm, fees, alice, fee);
      await by(governor, fees).setPrice(FEATURE, PRICE + 1n);
      await fees.pay(...(await byWallet(skm, fees, alice, { ...fee, price: PRICE + 1n })));
      // The price falls again: the earlier signature, which was seen, is worth nothing any more.
      await by(governor, fees).setPrice(FEATURE, PRICE);
      await expect(fees.pay(...before)).to.be.revertedWithCustomError(fees, "UsageFeeAlreadyPaid");
      const free = { ...fee, credit: DUE };
      await expect(fees.payFromCredit(...(await byController(fees, free)))).to.be.revertedWithCustomError(
        fees,
        "UsageFeeAlreadyPaid",
      );
    });

    it("has a receipt that is the digest of everything in it, on this chain, for this contract", async () => {
      const { skm, membership, fees, governor, carol, fee } = await loadFixture(deployFees);
      const domain = { version: "1", ...(await domainOf(fees, "Skrumble UsageFees")) };
      const digest = ethers.TypedDataEncoder.hash(domain, { Fee: [...TYPES.Fee] }, fee);
      expect(await fees.receiptOf(fee)).to.equal(digest);
      const elsewhere = await ethers.deployContract("UsageFees", [skm, membership, governor.address, []]);
      const all = [digest, await elsewhere.receiptOf(fee)];
      for (const over of changes(carol.address)) all.push(await fees.receiptOf({ ...fee, ...over }));
      expect(new Set(all).size).to.equal(10);
    });

    it("pays nothing else, for nobody else, nowhere else, by the same signature", async () => {
      const { skm, membership, fees, governor, alice, carol, fee } = await loadFixture(deployFees);
      const both = { ...fee, credit: SKM };
      const [, signature] = await byWallet(skm, fees, alice, both);
      await by(governor, fees).setPrice(ANOTHER, 1n);
      const refused = (paid: Promise<unknown>) =>
        expect(paid).to.be.revertedWithCustomError(skm, "ERC3009InvalidSignature");
      for (const over of changes(carol.address)) await refused(fees.pay({ ...both, ...over }, signature));
      const prices = [{ feature: FEATURE, price: PRICE }];
      const elsewhere = await ethers.deployContract("UsageFees", [skm, membership, governor.address, prices]);
      await refused(elsewhere.pay(both, signature));
      const move = await moveOf(fees, both);
      const abroad = await signMove(skm, alice, "ReceiveWithAuthorization", move, { chainId: 1n });
      // The right transfer, for a fee of another chain or contract: its digest is the nonce.
      const domain = { version: "1", ...(await domainOf(fees, "Skrumble UsageFees")) };
      const other = (over: object) =>
        ethers.TypedDataEncoder.hash({ ...domain, ...over }, { Fee: [...TYPES.Fee] }, both);
      const nonces = [other({ chainId: 1n }), other({ verifyingContract: await elsewhere.getAddress() })];
      const forOther = await Promise.all(
        nonces.map((nonce) => signMove(skm, alice, "ReceiveWithAuthorization", { ...move, nonce })),
      );
      const asTransfer = await signMove(skm, alice, "TransferWithAuthorization", move);
      const byAnother = await signMove(skm, carol, "ReceiveWithAuthorization", move);
      for (const wrong of [abroad, ...forOther, asTransfer, byAnother, mirrored(signature), "0x"])
        await refused(fees.pay(both, wrong));
      expect(await membership.creditOf(alice.address)).to.equal(STARTING_CREDIT);
      await fees.pay(both, signature);
    });

    it("cannot be robbed of its money by who takes the signature out of it", async () => {
      const { skm, fees, alice, carol, fee } = await loadFixture(deployFees);
      const [, signature] = await byWallet(skm, fees, alice, fee);
      const thief = by(carol, skm);
      const move = await moveOf(fees, fee);
      await expect(thief[WHOLE.receive](...argsOf(move), signature)).to.be.revertedWithCustomError(
        skm,
        "ERC3009NotRecipient",
      );
      await expect(thief[WHOLE.transfer](...argsOf(move), signature)).to.be.revertedWithCustomError(
        skm,
        "ERC3009InvalidSignature",
      );
    });

    it("is void when the wallet takes it back, and when it is too late", async () => {
      const { skm, fees, alice, fee } = await loadFixture(deployFees);
      const { cancelled, late } = { cancelled: { ...fee, credit: SKM }, late: { ...fee, salt: ethers.id("late") } };
      const nonce = await fees.receiptOf(cancelled);
      const domain = { version: "1", ...(await domainOf(skm, "Skrumble")) };
      const types = { CancelAuthorization: [...TYPES.CancelAuthorization] };
      const word = ethers.Signature.from(
        await alice.signTypedData(domain, types, { authorizer: alice.address, nonce }),
      );
      await skm[SPLIT.cancel](alice.address, nonce, word.v, word.r, word.s);
      await expect(fees.pay(...(await byWallet(skm, fees, alice, cancelled)))).to.be.revertedWithCustomError(
        skm,
        "ERC3009NonceUsed",
      );
      expect(await fees.isPaid(cancelled)).to.equal(false);
      const args = await byWallet(skm, fees, alice, late);
      await time.increaseTo(late.deadline);
      await expect(fees.pay(...args))
        .to.be.revertedWithCustomError(fees, "UsageFeeExpired")
        .withArgs(late.deadline);
    });

    it("takes nothing when the credit or the SKM that was signed is not there", async () => {
      const { skm, fees, membership, alice, carol, fee } = await loadFixture(deployFees);
      const much = { ...fee, units: 60n, credit: STARTING_CREDIT + 1n };
      await expect(fees.pay(...(await byWallet(skm, fees, alice, much)))).to.be.revertedWithCustomError(
        membership,
        "MembershipInsufficientCredit",
      );
      const dear = { ...fee, units: 501n };
      await expect(fees.pay(...(await byWallet(skm, fees, alice, dear)))).to.be.revertedWithCustomError(
        skm,
        "ERC20InsufficientBalance",
      );
      await skm.emitFrom(GENESIS, carol.address, 10n * SKM);
      const stranger = { ...fee, payer: carol.address, credit: 1n };
      await expect(fees.pay(...(await byWallet(skm, fees, carol, stranger)))).to.be.revertedWithCustomError(
        membership,
        "MembershipInsufficientCredit",
      );
      expect(await skm.balanceOf(alice.address)).to.equal(1_000n * SKM);
      expect(await membership.creditOf(alice.address)).to.equal(STARTING_CREDIT);
    });

    it("is paid by contract wallets", async () => {
      const { skm, fees, alice, bob, fee } = await loadFixture(deployFees);
      const wallet = await ethers.deployContract("WalletMock", [alice.address]);
      const payer = await wallet.getAddress();
      await skm.emitFrom(GENESIS, payer, DUE);
      await wallet.setTemper(4);
      const [own, short] = await byWallet(skm, fees, alice, { ...fee, payer });
      await fees.pay(own, ethers.concat([short, ethers.ZeroHash]));
      expect(await fees.claimable(bob.address)).to.equal(DUE);
    });
  });

  describe("paid from credit alone", () => {
    it("takes credit by the controller's word, once, and brings nobody SKM", async () => {
      const { skm, fees, membership, alice, bob, carol, fee } = await loadFixture(deployFees);
      const free = { ...fee, credit: DUE };
      const receipt = await fees.receiptOf(free);
      const args = await byController(fees, free);
      await expect(by(carol, fees).payFromCredit(...args))
        .to.emit(fees, "FeePaid")
        .withArgs(receipt, alice.address, bob.address, FEATURE, 3n, 0n, DUE);
      expect(await membership.creditOf(alice.address)).to.equal(STARTING_CREDIT - DUE);
      expect(await skm.totalSupply()).to.equal(1_000n * SKM);
      expect(await fees.claimable(bob.address)).to.equal(0n);
      await expect(fees.payFromCredit(...args)).to.be.revertedWithCustomError(fees, "UsageFeeAlreadyPaid");
      await expect(fees.pay(...(await byWallet(skm, fees, alice, free)))).to.be.revertedWithCustomError(
        fees,
        "UsageFeeAlreadyPaid",
      );
    });

    it("takes no SKM by the controller's word, and costs what it costs where the price fell", async () => {
      const { fees, membership, alice, governor, fee } = await loadFixture(deployFees);
      const short = { ...fee, credit: DUE - 1n };
      const args = await byController(fees, short);
      await expect(fees.payFromCredit(...args))
        .to.be.revertedWithCustomError(fees, "UsageFeeNeedsWallet")
        .withArgs(1n);
      await by(governor, fees).setPrice(FEATURE, SKM);
      await fees.payFromCredit(...args);
      expect(await membership.creditOf(alice.address)).to.equal(STARTING_CREDIT - 3n * SKM);
    });

    it("listens to the controller alone, for exactly what it signed, on this chain, for this contract", async () => {
      const { registry, skm, fees, membership, governor, alice, bob, carol, fee } = await loadFixture(deployFees);
      await register(registry, carol, "carol");
      await by(governor, fees).setPrice(ANOTHER, PRICE);
      // With room in price and credit, so that each can be changed alone.
      const free = { ...fee, price: PRICE + 2n, credit: DUE };
      const [, r, vs] = await byController(fees, free);
      const refused = (paid: Promise<unknown>, person = "alice", contract = fees) =>
        expect(paid)
          .to.be.revertedWithCustomError(contract, "UsageFeeInvalidSignature")
          .withArgs(keysOf(person).controller);
      for (const over of changes(carol.address)) {
        // What the price in force makes of it; of the change in credit, one more than was signed.
        const credit = over.credit === undefined ? (over.units ?? 3n) * PRICE : DUE + 1n;
        const person = over.payer === undefined ? "alice" : "carol";
        await refused(fees.payFromCredit({ ...free, ...over, credit }, r, vs), person);
      }
      for (const signer of [alice, carol])
        await refused(fees.payFromCredit(...(await byController(fees, free, signer))));
      await refused(fees.payFromCredit(free, ethers.ZeroHash, ethers.ZeroHash));
      await refused(fees.payFromCredit(...(await byController(fees, free, undefined, { chainId: 1n }))));
      const prices = [{ feature: FEATURE, price: PRICE }];
      const elsewhere = await ethers.deployContract("UsageFees", [skm, membership, governor.address, prices]);
      const role = await membership.FEE_SPENDER_ROLE();
      await by(governor, membership).grantRole(role, await elsewhere.getAddress());
      await refused(elsewhere.payFromCredit(free, r, vs), "alice", elsewhere);
      for (const person of [alice, carol]) expect(await membership.creditOf(person.address)).to.equal(STARTING_CREDIT);
      expect(await fees.claimable(bob.address)).to.equal(0n);
      await fees.payFromCredit(free, r, vs);
    });

    it("is not helped by the mirrored signature, nor by a controller that was replaced", async () => {
      const { registry, fees, alice, fee } = await loadFixture(deployFees);
      const free = { ...fee, credit: DUE };
      const [, r, vs] = await byController(fees, free);
      const { s, yParity } = ethers.Signature.from({ r, yParityAndS: vs });
      const other = ethers.dataSlice(mirrored(ethers.Signature.from({ r, yParityAndS: vs }).serialized), 32, 64);
      const parity = BigInt(1 - yParity) << 255n;
      for (const wrong of [BigInt(s) | parity, BigInt(other) | parity, BigInt(other)]) {
        await expect(fees.payFromCredit(free, r, ethers.toBeHex(wrong, 32))).to.be.revertedWithCustomError(
          fees,
          "UsageFeeInvalidSignature",
        );
      }
      const { address } = controllerOf("alice", 2);
      const fields = { controller: address, deviceRoot: ethers.ZeroHash };
      const { deadline, signature } = await authorise(registry, alice, "SetController", 1n, fields);
      await registry.setController(1n, address, [], deadline, signature);
      await expect(fees.payFromCredit(free, r, vs))
        .to.be.revertedWithCustomError(fees, "UsageFeeInvalidSignature")
        .withArgs(address);
      await fees.payFromCredit(...(await byController(fees, free, controllerOf("alice", 2))));
    });

    it("has no credit to take of who has no identity, or revoked it, or has used it up", async () => {
      const { registry, fees, membership, alice, carol, fee } = await loadFixture(deployFees);
      const nobody = { ...fee, payer: carol.address, credit: DUE };
      const none = (paid: Promise<unknown>) => expect(paid).to.be.revertedWithCustomError(fees, "UsageFeeNoIdentity");
      await none(fees.payFromCredit(...(await byController(fees, nobody, carol))));
      // What is no signature recovers to the zero address, which is the controller of nobody.
      await none(fees.payFromCredit(nobody, ethers.ZeroHash, ethers.ZeroHash));
      const dear = { ...fee, units: 51n, credit: 51n * PRICE };
      await expect(fees.payFromCredit(...(await byController(fees, dear)))).to.be.revertedWithCustomError(
        membership,
        "MembershipInsufficientCredit",
      );
      const { deadline, signature } = await authorise(registry, alice, "Revoke", 1n);
      await registry.revoke(1n, deadline, signature);
      await none(fees.payFromCredit(...(await byController(fees, { ...fee, credit: DUE }))));
    });
  });

  it("refuses fees that make no sense", async () => {
    const { skm, fees, alice, fee } = await loadFixture(deployFees);
    for (const [over, error] of [
      [{ feature: ethers.encodeBytes32String("unknown") }, "UsageFeeNotForSale"],
      [{ price: PRICE - 1n }, "UsageFeePriceRose"],
      [{ units: 0n }, "UsageFeeNoUnits"],
      [{ beneficiary: ethers.ZeroAddress }, "UsageFeeInvalidBeneficiary"],
      // It could never withdraw.
      [{ beneficiary: await fees.getAddress() }, "UsageFeeInvalidBeneficiary"],
      [{ deadline: 0n }, "UsageFeeExpired"],
    ] as [Partial<Fee>, string][]) {
      const wrong = { ...fee, ...over };
      await expect(fees.pay(...(await byWallet(skm, fees, alice, wrong))), error).to.be.revertedWithCustomError(
        fees,
        error,
      );
      await expect(fees.payFromCredit(...(await byController(fees, wrong))), error).to.be.revertedWithCustomError(
        fees,
        error,
      );
    }
    const over = { ...fee, credit: DUE + 1n };
    await expect(fees.payFromCredit(...(await byController(fees, over))))
      .to.be.revertedWithCustomError(fees, "UsageFeeCreditTooLarge")
      .withArgs(DUE + 1n, DUE);
  });

  describe("the governor", () => {
    it("sets prices within bounds, and nobody else does", async () => {
      const { fees, governor, alice } = await loadFixture(deployFees);
      const most = await fees.MAX_PRICE();
      await expect(by(governor, fees).setPrice(FEATURE, most))
        .to.emit(fees, "PriceChanged")
        .withArgs(FEATURE, PRICE, most);
      await expect(by(governor, fees).setPrice(FEATURE, most + 1n))
        .to.be.revertedWithCustomError(fees, "UsageFeePriceTooLarge")
        .withArgs(most + 1n, most);
      await expect(by(governor, fees).setPrice(ethers.ZeroHash, 1n)).to.be.revertedWithCustomError(
        fees,
        "UsageFeeInvalidFeature",
      );
      await expect(by(alice, fees).setPrice(FEATURE, 1n)).to.be.revertedWithCustomError(
        fees,
        "AccessControlUnauthorizedAccount",
      );
      await by(governor, fees).setPrice(FEATURE, 0n);
      expect(await fees.priceOf(FEATURE)).to.equal(0n);
    });

    it("cannot keep anybody from withdrawing, whatever it does to prices and credit", async () => {
      const { skm, fees, membership, alice, bob, governor, fee } = await loadFixture(deployFees);
      await fees.pay(...(await byWallet(skm, fees, alice, fee)));
      await by(governor, fees).setPrice(FEATURE, 0n);
      const role = await membership.FEE_SPENDER_ROLE();
      await by(governor, membership).revokeRole(role, await fees.getAddress());
      await by(bob, fees).withdraw(bob.address);
      expect(await skm.balanceOf(bob.address)).to.equal(DUE);
    });

    it("that takes the fees' right to credit away stops credit, and nothing else", async () => {
      const { skm, fees, membership, alice, governor, fee } = await loadFixture(deployFees);
      await by(governor, membership).revokeRole(await membership.FEE_SPENDER_ROLE(), await fees.getAddress());
      await expect(
        fees.payFromCredit(...(await byController(fees, { ...fee, credit: DUE }))),
      ).to.be.revertedWithCustomError(membership, "AccessControlUnauthorizedAccount");
      await fees.pay(...(await byWallet(skm, fees, alice, fee)));
    });
  });

  describe("with a token that lies", () => {
    const signature = `0x${"11".repeat(65)}`;

    async function lying() {
      const world = await deployFees();
      const token = await ethers.deployContract("LyingToken");
      const prices = [{ feature: FEATURE, price: PRICE }];
      const { membership, governor, alice, carol, fee } = world;
      const own = await ethers.deployContract("UsageFees", [token, membership, governor.address, prices]);
      await by(governor, membership).grantRole(await membership.FEE_SPENDER_ROLE(), await own.getAddress());
      await token.mint(alice.address, 100n * SKM);
      // Money of Bob's, which nobody else may be paid with, and of the token's, who could withdraw it.
      await own.pay(fee, signature);
      await own.pay({ ...fee, beneficiary: await token.getAddress(), salt: ethers.id("token") }, signature);
      const more = { ...fee, beneficiary: carol.address, salt: ethers.id("more") };
      return { ...world, token, own, more };
    }
    it("counts what arrived, and pays for nothing with what is another's or nobody's", async () => {
      const { own, token, bob, carol, more } = await loadFixture(lying);
      await token.mint(own, 100n * SKM);
      await token.setTakesFee(true);
      await expect(own.pay(more, signature))
        .to.be.revertedWithCustomError(own, "UsageFeeNotReceived")
        .withArgs(DUE - DUE / 10n, DUE);
      await token.setMovesNothing(true);
      for (const any of [signature, `${signature}00`]) {
        await expect(own.pay(more, any)).to.be.revertedWithCustomError(own, "UsageFeeNotReceived").withArgs(0n, DUE);
      }
      expect(await own.isPaid(more)).to.equal(false);
      expect(await own.claimable(carol.address)).to.equal(0n);
      await by(bob, own).withdraw(bob.address);
      expect(await token.balanceOf(bob.address)).to.equal(DUE);
      expect(await token.balanceOf(own)).to.equal(100n * SKM + DUE);
    });

    it("is not entered again from within, while it takes, gives back or pays out", async () => {
      const { own, token, membership, governor, alice, bob, carol, fee, more } = await loadFixture(lying);
      const refusal = own.interface.getError("ReentrancyGuardReentrantCall")?.selector;
      // Each would be right by itself.
      const calls: [string, readonly unknown[]][] = [
        ["pay", [{ ...more, salt: ethers.id("within") }, signature]],
        ["payFromCredit", await byController(own, { ...more, credit: DUE }, controllerOf("alice"))],
        ["withdraw", [carol.address]],
      ];
      await token.setCallsBackOnTransfer(true);
      await by(governor, own).setPrice(FEATURE, PRICE - 1n);
      for (const [index, [name, args]] of calls.entries()) {
        await token.setCallback(own, own.interface.encodeFunctionData(name, args));
        await own.pay({ ...fee, salt: ethers.id(`outer ${index}`) }, signature);
        await by(bob, own).withdraw(bob.address);
        expect(await token.callbacks(), name).to.equal(BigInt(3 * (index + 1)));
        expect(await token.callbackSucceeded(), name).to.equal(false);
        expect(await token.callbackAnswer(), name).to.equal(refusal);
      }
      expect(await membership.creditOf(alice.address)).to.equal(STARTING_CREDIT);
      expect(await token.balanceOf(bob.address)).to.equal(DUE + 3n * (DUE - 3n));
      expect(await own.claimable(token)).to.equal(DUE);
      expect(await token.balanceOf(own)).to.equal(DUE);
    });
  });
});

/** One field at a time. */
const changes = (somebody: string): Partial<Fee>[] => [
  { payer: somebody },
  { beneficiary: somebody },
  { feature: ANOTHER },
  { units: 4n },
  { price: PRICE + 1n },
  { credit: 2n },
  { deadline: BigInt(10 * DAY) + 10n ** 10n },
  { salt: ethers.ZeroHash },
];
