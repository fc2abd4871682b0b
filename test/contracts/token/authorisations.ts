import { expect } from "chai";
import type { Contract, Signer } from "ethers";
import { argsOf, type Move, mirrored, NEVER, SPLIT, signMove, split, WHOLE } from "../support/authorisations.ts";
import { by, ethers, inOneBlock, loadFixture, now, SKM, time } from "../support/chain.ts";
import { deployToken, GENESIS, WINDOW } from "../support/deploy.ts";
import { hash } from "../support/identities.ts";
import { domainOf, sign, TYPES } from "../support/typedData.ts";

const NONCE = hash("an authorisation");
const TRANSFER = "TransferWithAuthorization";
const RECEIVE = "ReceiveWithAuthorization";

describe("SKM, transfers by signature (EIP-3009)", () => {
  async function withTokens() {
    const deployed = await deployToken();
    const { skm, alice, bob } = deployed;
    await skm.emitFrom(GENESIS, alice.address, 100n * SKM);
    const move: Move = {
      from: alice.address,
      to: bob.address,
      value: 40n * SKM,
      validAfter: 0n,
      validBefore: NEVER,
      nonce: NONCE,
    };
    return { ...deployed, move };
  }

  /** Both ways to submit a transfer; both must always answer alike. */
  const transfers = (skm: Contract, move: Move, signature: string) => [
    () => skm[SPLIT.transfer](...argsOf(move), ...split(signature)),
    () => skm[WHOLE.transfer](...argsOf(move), signature),
  ];

  async function refused(sends: readonly (() => Promise<unknown>)[], on: Contract, error: string, what = error) {
    for (const send of sends) await expect(send(), what).to.be.revertedWithCustomError(on, error);
  }

  it("has the types that the standard publishes", () => {
    for (const [type, published] of [
      [TRANSFER, "0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267"],
      [RECEIVE, "0xd099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8"],
      ["CancelAuthorization", "0x158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429"],
    ] as const) {
      const encoder = ethers.TypedDataEncoder.from({ [type]: [...TYPES[type]] });
      expect(ethers.id(encoder.encodeType(type))).to.equal(published);
    }
  });

  it("takes the digest built from the standard's bytes, without a library for typed data", async () => {
    const { skm, move } = await loadFixture(withTokens);
    const signer = new ethers.Wallet(hash("a wallet"));
    await skm.emitFrom(GENESIS, signer.address, 100n * SKM);
    const fields = argsOf({ ...move, from: signer.address });
    const structHash = ethers.keccak256(
      ethers.AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "address", "address", "uint256", "uint256", "uint256", "bytes32"],
        ["0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267", ...fields],
      ),
    );
    const digest = ethers.keccak256(ethers.concat(["0x1901", await skm.DOMAIN_SEPARATOR(), structHash]));
    await skm[WHOLE.transfer](...fields, signer.signingKey.sign(digest).serialized);
    expect(await skm.balanceOf(move.to)).to.equal(move.value);
  });

  it("moves what its owner signed, once, whoever submits it", async () => {
    const { skm, alice, bob, carol, move } = await loadFixture(withTokens);
    const [first, second] = transfers(by(carol, skm), move, await signMove(skm, alice, TRANSFER, move));
    expect(await skm.authorizationState(alice.address, NONCE)).to.equal(false);
    await expect(first())
      .to.emit(skm, "AuthorizationUsed")
      .withArgs(alice.address, NONCE)
      .and.to.emit(skm, "Transfer")
      .withArgs(alice.address, bob.address, move.value);
    expect(await skm.authorizationState(alice.address, NONCE)).to.equal(true);
    expect(await skm.balanceOf(bob.address)).to.equal(move.value);
    await refused([first, second], skm, "ERC3009NonceUsed");
    const next = { ...move, nonce: hash("the next") };
    const [, whole] = transfers(by(carol, skm), next, await signMove(skm, alice, TRANSFER, next));
    await whole();
    expect(await skm.balanceOf(bob.address)).to.equal(2n * move.value);
    // Nothing was allowed to anybody, and no permit was used up.
    expect(await skm.allowance(alice.address, carol.address)).to.equal(0n);
    expect(await skm.nonces(alice.address)).to.equal(0n);
  });

  it("is good for one chain, contract, payer, payee, amount, time, nonce and kind", async () => {
    const { skm, alice, bob, carol, move } = await loadFixture(withTokens);
    const twin = (await deployToken()).skm;
    const signature = await signMove(skm, alice, TRANSFER, move);
    const changes: [string, Partial<Move>][] = [
      ["payer", { from: carol.address }],
      ["payee", { to: carol.address }],
      ["amount", { value: move.value + 1n }],
      ["less", { value: move.value - 1n }],
      ["beginning", { validAfter: 1n }],
      ["end", { validBefore: NEVER + 1n }],
      ["nonce", { nonce: hash("another") }],
    ];
    await skm.emitFrom(GENESIS, carol.address, 100n * SKM);
    for (const [what, over] of changes) {
      await refused(transfers(skm, { ...move, ...over }, signature), skm, "ERC3009InvalidSignature", what);
    }
    for (const [what, over] of [
      ["chain", { chainId: 1n }],
      ["contract", { verifyingContract: await twin.getAddress() }],
      ["name", { name: "Skrumble RedPackets" }],
    ] as const) {
      const other = await signMove(skm, alice, TRANSFER, move, over);
      await refused(transfers(skm, move, other), skm, "ERC3009InvalidSignature", what);
    }
    await refused(transfers(twin, move, signature), twin, "ERC3009InvalidSignature");
    const receipt = await signMove(skm, alice, RECEIVE, move);
    await refused(transfers(skm, move, receipt), skm, "ERC3009InvalidSignature", "a receipt");
    await expect(by(bob, skm)[WHOLE.receive](...argsOf(move), signature)).to.be.revertedWithCustomError(
      skm,
      "ERC3009InvalidSignature",
    );
    await transfers(skm, move, signature)[0]();
  });

  it("is good between its two times, both excluded", async () => {
    const { skm, alice, move } = await loadFixture(withTokens);
    const start = BigInt((await now()) + 100);
    const at = async (seconds: bigint, nonce: string) => {
      const timed = { ...move, value: 1n, validAfter: start, validBefore: start + 10n, nonce };
      const [send] = transfers(skm, timed, await signMove(skm, alice, TRANSFER, timed));
      await time.setNextBlockTimestamp(seconds);
      return send();
    };
    await expect(at(start, hash("at")))
      .to.be.revertedWithCustomError(skm, "ERC3009NotYetValid")
      .withArgs(start);
    await at(start + 1n, hash("first"));
    await at(start + 9n, hash("last"));
    await expect(at(start + 10n, hash("at")))
      .to.be.revertedWithCustomError(skm, "ERC3009Expired")
      .withArgs(start + 10n);
  });

  it("lets only the payee receive, both ways", async () => {
    const { skm, alice, bob, carol, move } = await loadFixture(withTokens);
    for (const way of ["split", "whole"]) {
      const one = { ...move, nonce: hash(way) };
      const signature = await signMove(skm, alice, RECEIVE, one);
      const send = (who: Signer) =>
        way === "split"
          ? by(who, skm)[SPLIT.receive](...argsOf(one), ...split(signature))
          : by(who, skm)[WHOLE.receive](...argsOf(one), signature);
      for (const who of [carol, alice]) {
        await expect(send(who))
          .to.be.revertedWithCustomError(skm, "ERC3009NotRecipient")
          .withArgs(who.address, bob.address);
      }
      await expect(send(bob)).to.emit(skm, "AuthorizationUsed").withArgs(alice.address, one.nonce);
      await expect(send(bob)).to.be.revertedWithCustomError(skm, "ERC3009NonceUsed");
    }
    expect(await skm.balanceOf(bob.address)).to.equal(2n * move.value);
  });

  it("can be cancelled by its author, before it is used", async () => {
    const { skm, alice, bob, move } = await loadFixture(withTokens);
    const domain = await domainOf(skm, "Skrumble");
    const cancel = async (way: "split" | "whole", nonce: string, signer: Signer = alice, over = {}) => {
      const message = { authorizer: alice.address, nonce };
      const signature = await sign(signer, { ...domain, ...over }, "CancelAuthorization", message);
      return way === "split"
        ? skm[SPLIT.cancel](alice.address, nonce, ...split(signature))
        : skm[WHOLE.cancel](alice.address, nonce, signature);
    };
    for (const way of ["split", "whole"] as const) {
      const one = { ...move, nonce: hash(way) };
      const signature = await signMove(skm, alice, TRANSFER, one);
      for (const wrong of [cancel(way, one.nonce, bob), cancel(way, one.nonce, alice, { chainId: 1n })]) {
        await expect(wrong).to.be.revertedWithCustomError(skm, "ERC3009InvalidSignature");
      }
      await expect(cancel(way, one.nonce)).to.emit(skm, "AuthorizationCanceled").withArgs(alice.address, one.nonce);
      expect(await skm.authorizationState(alice.address, one.nonce)).to.equal(true);
      await refused(transfers(skm, one, signature), skm, "ERC3009NonceUsed");
      await expect(cancel(way, one.nonce)).to.be.revertedWithCustomError(skm, "ERC3009NonceUsed");
    }
    const [send] = transfers(skm, move, await signMove(skm, alice, TRANSFER, move));
    await send();
    await expect(cancel("whole", NONCE)).to.be.revertedWithCustomError(skm, "ERC3009NonceUsed");
  });

  it("refuses malleable, mangled and empty signatures", async () => {
    const { skm, alice, move } = await loadFixture(withTokens);
    const signature = await signMove(skm, alice, TRANSFER, move);
    const { compactSerialized } = ethers.Signature.from(signature);
    const [v] = split(signature);
    const zeroBased = ethers.concat([ethers.dataSlice(signature, 0, 64), ethers.toBeHex(v - 27n)]);
    const flipped = ethers.concat([ethers.dataSlice(signature, 0, 64), ethers.toBeHex(v === 27n ? 28 : 27)]);
    const zeros = `0x${"00".repeat(65)}`;
    for (const bad of [mirrored(signature), zeroBased, flipped, zeros]) {
      await refused(transfers(skm, move, bad), skm, "ERC3009InvalidSignature", bad);
    }
    for (const bad of ["0x", compactSerialized, `${signature}00`]) {
      await refused([transfers(skm, move, bad)[1]], skm, "ERC3009InvalidSignature", bad);
    }
    // Nothing that was refused has used the nonce up.
    await transfers(skm, move, signature)[0]();
  });

  it("takes the word of a contract wallet (EIP-1271), as long as it gives it", async () => {
    const { skm, alice, bob, move } = await loadFixture(withTokens);
    const wallet = await ethers.deployContract("WalletMock", [alice.address]);
    await skm.emitFrom(GENESIS, await wallet.getAddress(), 100n * SKM);
    const of = (name: string): Move => ({ ...move, from: String(wallet.target), value: SKM, nonce: hash(name) });
    for (const [index, name] of ["split", "whole"].entries()) {
      const one = of(name);
      const signature = await signMove(skm, alice, TRANSFER, one);
      for (const temper of [1, 2, 3]) {
        await wallet.setTemper(temper);
        await refused(transfers(skm, one, signature), skm, "ERC3009InvalidSignature", `temper ${temper}`);
      }
      await wallet.setTemper(0);
      await refused(transfers(skm, one, await signMove(skm, bob, TRANSFER, one)), skm, "ERC3009InvalidSignature");
      await transfers(skm, one, signature)[index]();
    }
    await wallet.setTemper(4);
    const long = of("long");
    const signature = ethers.concat([await signMove(skm, alice, TRANSFER, long), ethers.ZeroHash]);
    await transfers(skm, long, signature)[1]();
    expect(await skm.balanceOf(bob.address)).to.equal(3n * SKM);
  });

  it("does not queue: nonces are each person's own, in any order, many in a block", async () => {
    const { skm, alice, bob, carol, move } = await loadFixture(withTokens);
    await skm.emitFrom(GENESIS, bob.address, SKM);
    const all = await Promise.all(
      ["c", "a", "b", "a"].map(async (name, index) => {
        const who = index === 3 ? bob : alice;
        const one = { ...move, from: who.address, to: carol.address, value: SKM, nonce: hash(name) };
        return { one, signature: await signMove(skm, who, TRANSFER, one) };
      }),
    );
    const options = { gasLimit: 200_000n };
    const again = all[1];
    const states = await inOneBlock(async () => {
      const sent = [];
      for (const { one, signature } of [...all, again]) {
        sent.push(await skm[WHOLE.transfer](...argsOf(one), signature, options));
      }
      return sent;
    });
    expect(states).to.deep.equal(["success", "success", "success", "success", "reverted"]);
    expect(await skm.balanceOf(carol.address)).to.equal(4n * SKM);
  });

  it("keeps the rules of any transfer, and the nonce when it fails", async () => {
    const { skm, alice, bob, move } = await loadFixture(withTokens);
    const tries: [Partial<Move>, string][] = [
      [{ value: 100n * SKM + 1n }, "ERC20InsufficientBalance"],
      [{ value: ethers.MaxUint256 }, "ERC20InsufficientBalance"],
      [{ to: ethers.ZeroAddress }, "ERC20InvalidReceiver"],
    ];
    for (const [over, error] of tries) {
      const bad = { ...move, ...over };
      await refused(transfers(skm, bad, await signMove(skm, alice, TRANSFER, bad)), skm, error);
    }
    const nobody = { ...move, from: ethers.ZeroAddress, value: 0n };
    await refused(transfers(skm, nobody, `0x${"00".repeat(65)}`), skm, "ERC3009InvalidSignature");
    expect(await skm.authorizationState(alice.address, NONCE)).to.equal(false);
    // It counts as a dip of the holding window, like every transfer.
    await time.increaseTo((Math.floor((await now()) / WINDOW) + 4) * WINDOW);
    const [send] = transfers(skm, move, await signMove(skm, alice, TRANSFER, move));
    await send();
    await by(bob, skm).transfer(alice.address, move.value);
    expect(await skm.lowestBalance(alice.address)).to.equal(60n * SKM);
  });
});
