import { expect } from "chai";
import type { Contract, Signer } from "ethers";
import { argsOf, type Move, mirrored, NEVER, SPLIT, signMove, split, WHOLE } from "../support/authorisations.ts";
import { by, DAY, ethers, loadFixture, now, time } from "../support/chain.ts";
import { deployToken, GENESIS } from "../support/deploy.ts";
import { claim, deployPackets, hashChain, PACKET_KEY, termsOf } from "../support/packets.ts";
import { domainOf, TYPES } from "../support/typedData.ts";

type Terms = Awaited<ReturnType<typeof termsOf>>;

describe("RedPackets, made by signature", () => {
  async function withTerms() {
    const world = await deployPackets();
    // Nothing is allowed to the packets: the signature alone is enough.
    await by(world.creator, world.skm).approve(world.packets, 0n);
    const terms = await termsOf({ token: await world.skm.getAddress(), chainHead: hashChain(5)[0] });
    return { ...world, terms };
  }

  async function lying() {
    const world = await deployPackets();
    const token = await ethers.deployContract("LyingToken");
    await token.mint(world.creator.address, 10_000n);
    const terms = await termsOf({ token: await token.getAddress() });
    return { ...world, token, terms };
  }

  const moveOf = async (packets: Contract, from: string, terms: Terms): Promise<Move> => ({
    from,
    to: await packets.getAddress(),
    value: BigInt(terms.amount),
    validAfter: 0n,
    validBefore: NEVER,
    nonce: await packets.nonceOf(terms),
  });

  /** Arguments of `createFor`, signed. */
  async function signed(skm: Contract, packets: Contract, creator: Signer, terms: Terms, from?: string) {
    const who = from ?? (await creator.getAddress());
    const signature = await signMove(skm, creator, "ReceiveWithAuthorization", await moveOf(packets, who, terms));
    return [terms, who, 0n, NEVER, signature] as const;
  }

  it("takes the money and makes the packet of who signed, whoever submits, once", async () => {
    const { skm, packets, creator, stranger, terms } = await loadFixture(withTerms);
    const args = await signed(skm, packets, creator, terms);
    const had = await skm.balanceOf(creator.address);
    await expect(by(stranger, packets).createFor(...args))
      .to.emit(packets, "PacketCreated")
      .withArgs(1n, creator.address, terms.token, 1_000n, 5n, terms.expiresAt, terms.key, terms.chainHead);
    const made = await packets.packet(1n);
    expect([made.creator, made.total, made.lucky]).to.deep.equal([creator.address, 1_000n, true]);
    expect(await skm.balanceOf(await packets.vaultOf(1n))).to.equal(1_000n);
    expect(await skm.balanceOf(packets)).to.equal(0n);
    expect(await skm.balanceOf(creator.address)).to.equal(had - 1_000n);
    await expect(packets.createFor(...args)).to.be.revertedWithCustomError(skm, "ERC3009NonceUsed");
    expect(await packets.packetCount()).to.equal(1n);
  });

  it("has a nonce that is the digest of all its terms, on this chain, for this contract", async () => {
    const { registry, packets, terms } = await loadFixture(withTerms);
    const domain = { version: "1", ...(await domainOf(packets, "Skrumble RedPackets")) };
    const nonce = ethers.TypedDataEncoder.hash(domain, { Packet: [...TYPES.Packet] }, terms);
    expect(await packets.nonceOf(terms)).to.equal(nonce);
    const elsewhere = await ethers.deployContract("RedPackets", [registry]);
    const all = [await elsewhere.nonceOf(terms)];
    for (const over of [
      { token: ethers.ZeroAddress },
      { amount: 1_001n },
      { shares: 6 },
      { expiresAt: terms.expiresAt + 1 },
      { key: terms.token },
      { chainHead: ethers.ZeroHash },
    ]) {
      all.push(await packets.nonceOf({ ...terms, ...over }));
    }
    expect(new Set([...all, nonce]).size).to.equal(8);
  });

  it("makes no other packet of a signature, for nobody else, nowhere else", async () => {
    const { registry, skm, packets, creator, stranger, terms } = await loadFixture(withTerms);
    const [, who, after, before, signature] = await signed(skm, packets, creator, terms);
    for (const over of [
      { amount: 999n },
      { shares: 1 },
      { expiresAt: terms.expiresAt + 1 },
      { key: stranger.address },
    ]) {
      await expect(
        packets.createFor({ ...terms, ...over }, who, after, before, signature),
      ).to.be.revertedWithCustomError(skm, "ERC3009InvalidSignature");
    }
    for (const [creatorOf, from, until] of [
      [stranger.address, after, before],
      [who, 1n, before],
      [who, after, before - 1n],
    ] as const) {
      await expect(packets.createFor(terms, creatorOf, from, until, signature)).to.be.revertedWithCustomError(
        skm,
        "ERC3009InvalidSignature",
      );
    }
    const elsewhere = await ethers.deployContract("RedPackets", [registry]);
    const twin = (await deployToken()).skm;
    await twin.emitFrom(GENESIS, creator.address, 1_000n);
    await expect(elsewhere.createFor(terms, who, after, before, signature)).to.be.revertedWithCustomError(
      skm,
      "ERC3009InvalidSignature",
    );
    await expect(
      packets.createFor({ ...terms, token: await twin.getAddress() }, who, after, before, signature),
    ).to.be.revertedWithCustomError(twin, "ERC3009InvalidSignature");
    const move = await moveOf(packets, who, terms);
    const abroad = await signMove(skm, creator, "ReceiveWithAuthorization", move, { chainId: 1n });
    const asTransfer = await signMove(skm, creator, "TransferWithAuthorization", move);
    for (const wrong of [abroad, asTransfer, mirrored(signature), "0x"]) {
      await expect(packets.createFor(terms, who, after, before, wrong)).to.be.revertedWithCustomError(
        skm,
        "ERC3009InvalidSignature",
      );
    }
    await packets.createFor(terms, who, after, before, signature);
  });

  it("cannot be robbed of its money by who takes the signature out of it", async () => {
    const { skm, packets, creator, stranger, terms } = await loadFixture(withTerms);
    const signature = (await signed(skm, packets, creator, terms))[4];
    const move = await moveOf(packets, creator.address, terms);
    const thief = by(stranger, skm);
    await expect(thief[WHOLE.receive](...argsOf(move), signature)).to.be.revertedWithCustomError(
      skm,
      "ERC3009NotRecipient",
    );
    await expect(
      thief[SPLIT.receive](...argsOf({ ...move, to: stranger.address }), ...split(signature)),
    ).to.be.revertedWithCustomError(skm, "ERC3009InvalidSignature");
    await expect(thief[WHOLE.transfer](...argsOf(move), signature)).to.be.revertedWithCustomError(
      skm,
      "ERC3009InvalidSignature",
    );
    expect(await skm.authorizationState(creator.address, move.nonce)).to.equal(false);
  });

  it("pays shares, and the rest back to who signed", async () => {
    const { skm, packets, creator, stranger, people, terms } = await loadFixture(withTerms);
    const equal = { ...terms, chainHead: ethers.ZeroHash };
    const had = await skm.balanceOf(creator.address);
    await by(stranger, packets).createFor(...(await signed(skm, packets, creator, equal)));
    await claim(packets, 1n, people[0]);
    expect(await skm.balanceOf(people[0].address)).to.equal(200n);
    await time.increase(2 * DAY);
    await expect(by(stranger, packets).refund(1n, stranger.address)).to.be.revertedWithCustomError(
      packets,
      "PacketInvalidRecipient",
    );
    await by(stranger, packets).refund(1n, creator.address);
    expect(await skm.balanceOf(creator.address)).to.equal(had - 200n);
  });

  it("refuses what `create` refuses, coin, nobody, and a signature that came too late", async () => {
    const { skm, packets, creator, terms } = await loadFixture(withTerms);
    const soon = await now();
    for (const [over, error] of [
      [{ shares: 0 }, "PacketInvalidShares"],
      [{ shares: 101 }, "PacketInvalidShares"],
      [{ expiresAt: soon }, "PacketInvalidExpiry"],
      [{ expiresAt: soon + 366 * DAY }, "PacketInvalidExpiry"],
      [{ key: ethers.ZeroAddress }, "PacketMissingKey"],
      [{ amount: 4n }, "PacketDust"],
      [{ token: ethers.ZeroAddress }, "PacketMissingToken"],
    ] as const) {
      const args = await signed(skm, packets, creator, { ...terms, ...over } as Terms);
      await expect(packets.createFor(...args), error).to.be.revertedWithCustomError(packets, error);
    }
    const signature = (await signed(skm, packets, creator, terms))[4];
    await expect(packets.createFor(terms, ethers.ZeroAddress, 0n, NEVER, signature)).to.be.revertedWithCustomError(
      packets,
      "PacketMissingCreator",
    );
    await expect(packets.createFor(terms, creator.address, 0n, soon, signature)).to.be.revertedWithCustomError(
      skm,
      "ERC3009Expired",
    );
    const poor = ethers.Wallet.createRandom();
    await expect(packets.createFor(...(await signed(skm, packets, poor, terms)))).to.be.revertedWithCustomError(
      skm,
      "ERC20InsufficientBalance",
    );
    await expect(
      packets.createFor({ ...terms, token: creator.address }, creator.address, 0n, NEVER, signature),
    ).to.be.revert(ethers);
  });

  it("is made by contract wallets, with signatures of 65 bytes and of more", async () => {
    const { skm, packets, creator, terms } = await loadFixture(withTerms);
    const wallet = await ethers.deployContract("WalletMock", [creator.address]);
    const self = await wallet.getAddress();
    await skm.emitFrom(GENESIS, self, 2_000n);
    await packets.createFor(...(await signed(skm, packets, creator, terms, self)));
    await wallet.setTemper(4);
    const [next, who, after, before, short] = await signed(skm, packets, creator, { ...terms, shares: 4 }, self);
    await expect(packets.createFor(next, who, after, before, short)).to.be.revertedWithCustomError(
      skm,
      "ERC3009InvalidSignature",
    );
    await packets.createFor(next, who, after, before, ethers.concat([short, ethers.ZeroHash]));
    expect((await packets.packet(2n)).creator).to.equal(self);
    expect(await skm.balanceOf(self)).to.equal(0n);
  });

  describe("of a token that lies", () => {
    const signature = `0x${"11".repeat(65)}`;

    it("makes nothing of nothing, and touches nothing that lies about", async () => {
      const { packets, creator, token, terms } = await loadFixture(lying);
      // Sent here by mistake, and allowed long ago.
      await token.mint(packets, 5_000n);
      await by(creator, token).approve(packets, ethers.MaxUint256);
      await token.setMovesNothing(true);
      const dust = (words: string) =>
        expect(packets.createFor(terms, creator.address, 0n, NEVER, words))
          .to.be.revertedWithCustomError(packets, "PacketDust")
          .withArgs(0n, 5n);
      await dust(signature);
      await token.setMovesNothing(false);
      // It lacks the function for longer signatures, and answers all the same.
      await dust(`${signature}00`);
      expect(await token.balanceOf(packets)).to.equal(5_000n);
      expect(await token.balanceOf(creator.address)).to.equal(10_000n);
    });

    it("counts what arrived", async () => {
      const { packets, creator, token, terms } = await loadFixture(lying);
      await token.mint(packets, 5_000n);
      await token.setTakesFee(true);
      await packets.createFor(terms, creator.address, 0n, NEVER, signature);
      expect((await packets.packet(1n)).total).to.equal(900n);
      expect(await token.balanceOf(await packets.vaultOf(1n))).to.equal(900n);
      expect(await token.balanceOf(packets)).to.equal(5_000n);
    });

    it("is not entered again from within", async () => {
      const { packets, creator, token, people, terms } = await loadFixture(lying);
      await packets.createFor(terms, creator.address, 0n, NEVER, signature);
      const calls: [string, unknown[]][] = [
        ["createFor", [terms, creator.address, 0n, NEVER, signature]],
        ["create", [terms]],
        ["refund", [1n, creator.address]],
        ["settle", [1n, [people[0].id]]],
      ];
      for (const [name, args] of calls) {
        await token.setCallback(packets, packets.interface.encodeFunctionData(name, args));
        await packets.createFor({ ...terms, key: PACKET_KEY.address }, creator.address, 0n, NEVER, signature);
        expect(await token.callbackSucceeded(), name).to.equal(false);
      }
      expect(await token.balanceOf(packets)).to.equal(0n);
    });

    it("speaks for its own units only: the rest goes to whom it named", async () => {
      const { packets, stranger, token, terms } = await loadFixture(lying);
      await token.mint(stranger.address, 1_000n);
      await packets.createFor(terms, stranger.address, 0n, NEVER, signature);
      await time.increase(2 * DAY);
      await packets.refund(1n, stranger.address);
      expect(await token.balanceOf(stranger.address)).to.equal(1_000n);
    });
  });
});
