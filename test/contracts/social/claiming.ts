import { expect } from "chai";
import { by, DAY, ethers, inOneBlock, loadFixture, mine, now, time } from "../support/chain.ts";
import { authorise, controllerOf, hash, register } from "../support/identities.ts";
import {
  claim,
  claimAll,
  claimOf,
  create,
  deployPackets,
  deployWithoutPeople,
  enrol,
  hashChain,
  idsOf,
  PACKET_KEY,
  termsOf,
} from "../support/packets.ts";

const { ZeroAddress, ZeroHash } = ethers;

describe("RedPackets, making and claiming", () => {
  async function withPackets() {
    const world = await deployPackets();
    const chain = hashChain(5);
    const equal = await create(world.packets, world.creator);
    const lucky = await create(world.packets, world.creator, { chainHead: chain[0] });
    return { ...world, chain, equal, lucky };
  }

  describe("making", () => {
    it("takes coin or tokens and shows what was made", async () => {
      const { skm, packets, creator } = await loadFixture(deployPackets);
      const terms = await termsOf({ chainHead: hash("head") });
      await expect(by(creator, packets).create(terms, { value: 1_000n }))
        .to.emit(packets, "PacketCreated")
        .withArgs(1n, creator.address, ZeroAddress, 1_000n, 5n, terms.expiresAt, terms.key, terms.chainHead);
      const made = await packets.packet(1n);
      expect(made.creator).to.equal(creator.address);
      expect(made.key).to.equal(PACKET_KEY.address);
      expect(made.chainHead).to.equal(terms.chainHead);
      expect([made.total, made.left, made.kept]).to.deep.equal([1_000n, 1_000n, 0n]);
      expect([made.shares, made.issued, made.paid, made.lucky]).to.deep.equal([5n, 0n, 0n, true]);
      expect(made.expiresAt).to.equal(BigInt(terms.expiresAt));
      expect(await ethers.provider.getBalance(packets)).to.equal(1_000n);
      expect(await packets.vaultOf(1n)).to.equal(await packets.getAddress());

      const id = await create(packets, creator, { token: await skm.getAddress(), amount: 77n });
      expect(id).to.equal(2n);
      expect(await skm.balanceOf(await packets.vaultOf(id))).to.equal(77n);
      expect((await packets.packet(id)).lucky).to.equal(false);
      // What holds the tokens is an account that can do nothing of its own.
      expect(await ethers.provider.getCode(await packets.vaultOf(id))).to.equal("0x");
    });

    it("refuses terms that make no sense", async () => {
      const { skm, packets, creator } = await loadFixture(deployPackets);
      const token = await skm.getAddress();
      const soon = await now();
      for (const [over, error, value] of [
        [{ shares: 0 }, "PacketInvalidShares"],
        [{ shares: 101 }, "PacketInvalidShares"],
        [{ expiresAt: soon }, "PacketInvalidExpiry"],
        [{ expiresAt: soon + 366 * DAY }, "PacketInvalidExpiry"],
        [{ key: ZeroAddress }, "PacketMissingKey"],
        [{ amount: 4n }, "PacketDust"],
        [{ amount: 0n }, "PacketDust"],
        [{ amount: 999n }, "PacketInvalidValue", 1_000n],
        [{ amount: 1_001n }, "PacketInvalidValue", 1_000n],
        [{ token }, "PacketInvalidValue", 1n],
        [{ token, amount: 4n }, "PacketDust", 0n],
      ] as const) {
        const terms = await termsOf(over);
        await expect(
          by(creator, packets).create(terms, { value: value ?? terms.amount }),
          error,
        ).to.be.revertedWithCustomError(packets, error);
      }
      expect(await packets.packetCount()).to.equal(0n);
    });

    it("refuses more than 128 bits hold, and tokens that are none or not there", async () => {
      const { skm, packets, creator, stranger } = await loadFixture(deployPackets);
      const huge = await ethers.deployContract("SilentToken", [77]);
      await huge.mint(creator.address, 2n ** 255n);
      await by(creator, huge).approve(packets, ethers.MaxUint256);
      const token = await huge.getAddress();
      await expect(create(packets, creator, { token, amount: 2n ** 128n })).to.be.revertedWithCustomError(
        packets,
        "PacketAmountTooLarge",
      );
      expect(await create(packets, creator, { token, amount: 2n ** 128n - 1n })).to.equal(1n);
      await expect(create(packets, creator, { token: stranger.address })).to.be.revert(ethers);
      await expect(create(packets, stranger, { token: await skm.getAddress() })).to.be.revertedWithCustomError(
        skm,
        "ERC20InsufficientAllowance",
      );
    });

    it("lets a contract wallet make a packet, be paid and take back the rest", async () => {
      const { registry, packets, stranger, people } = await loadFixture(deployPackets);
      const account = await ethers.deployContract("AccountMock", [stranger.address]);
      const self = await account.getAddress();
      const id = await register(registry, stranger, "account", { owner: self });
      const terms = await termsOf();
      const call = packets.interface.encodeFunctionData("create", [terms]);
      await account.act(packets, 1_000n, call, { value: 1_000n });
      expect((await packets.packet(1n)).creator).to.equal(self);
      await claim(packets, 1n, { id, name: "account", address: self, controller: controllerOf("account") });
      expect(await ethers.provider.getBalance(self)).to.equal(200n);
      await claim(packets, 1n, people[0]);
      await time.increase(2 * DAY);
      await packets.refund(1n, self);
      expect(await ethers.provider.getBalance(self)).to.equal(800n);
    });
  });

  describe("an equal packet", () => {
    it("pays with the claim, to the owner's wallet, whoever submits", async () => {
      const { packets, stranger, people, equal } = await loadFixture(withPackets);
      const sent = by(stranger, packets).claim(...(await claimOf(packets, equal, people[0])));
      await expect(sent)
        .to.emit(packets, "PacketClaimed")
        .withArgs(equal, people[0].id, people[0].address, 1n)
        .and.to.emit(packets, "PacketPaid")
        .withArgs(equal, [people[0].id], [200n]);
      expect(await ethers.provider.getBalance(people[0].address)).to.equal(200n);
      const ticket = await packets.ticket(equal, people[0].id);
      expect([ticket.recipient, ticket.ordinal]).to.deep.equal([people[0].address, 1n]);
    });

    it("gives every unit, and nobody more than one unit more than another", async () => {
      const { skm, packets, creator, people } = await loadFixture(deployPackets);
      const id = await create(packets, creator, { token: await skm.getAddress(), amount: 13n });
      for (const person of people) await claim(packets, id, person);
      const got = await Promise.all(people.map(({ address }) => skm.balanceOf(address)));
      expect(got.reduce((a, b) => a + b)).to.equal(13n);
      expect(new Set(got)).to.deep.equal(new Set([2n, 3n]));
      expect((await packets.packet(id)).left).to.equal(0n);
    });

    it("knows no draws", async () => {
      const { packets, people, equal, chain } = await loadFixture(withPackets);
      await claim(packets, equal, people[0]);
      await expect(packets.draw(equal, chain[1], [people[0].id])).to.be.revertedWithCustomError(
        packets,
        "PacketLuckIsOver",
      );
      await expect(packets.settle(equal, [people[0].id])).to.be.revertedWithCustomError(packets, "PacketNotNext");
    });
  });

  describe("who may claim", () => {
    it("holds the packet key and the identity's controller, for this packet, identity, owner, contract and chain", async () => {
      const { registry, packets, people, equal, lucky } = await loadFixture(withPackets);
      const [person, other] = people;
      const elsewhere = await ethers.deployContract("RedPackets", [registry]);
      for (const [what, options] of [
        ["another packet key", { key: new ethers.Wallet(hash("another key")) }],
        ["another controller", { controller: other.controller }],
        ["the packet key for both", { controller: PACKET_KEY }],
        ["another packet", { signedFor: lucky }],
        ["another recipient", { recipient: other.address }],
        ["another chain", { domain: { chainId: 1n } }],
        ["another contract", { domain: { verifyingContract: await elsewhere.getAddress() } }],
        ["another name of the domain", { domain: { name: "Skrumble IdentityRegistry" } }],
      ] as const) {
        await expect(claim(packets, equal, person, options), what).to.be.revertedWithCustomError(
          packets,
          "PacketInvalidSignature",
        );
      }
      // What one person signed does not serve another.
      const [, , byKey, byController] = await claimOf(packets, equal, person);
      await expect(packets.claim(equal, other.id, byKey, byController)).to.be.revertedWithCustomError(
        packets,
        "PacketInvalidSignature",
      );
      await claim(packets, equal, person);
    });

    it("is not helped by malleable, swapped or empty signatures", async () => {
      const { packets, people, equal } = await loadFixture(withPackets);
      const [id, identityId, byKey, byController] = await claimOf(packets, equal, people[0]);
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const { r, s, yParity } = ethers.Signature.from({ r: byKey.r, yParityAndS: byKey.vs });
      // The other signature that ECDSA takes for the same: s mirrored, parity flipped.
      const mirrored = order - BigInt(s);
      const high = ethers.toBeHex(mirrored | (BigInt(1 - yParity) << 255n), 32);
      const flipped = ethers.toBeHex(BigInt(s) | (BigInt(1 - yParity) << 255n), 32);
      const empty = { r: ZeroHash, vs: ZeroHash };
      for (const [first, second] of [
        [{ r, vs: high }, byController],
        [{ r, vs: flipped }, byController],
        [byController, byKey],
        [byKey, byKey],
        [empty, byController],
        [byKey, empty],
        [empty, empty],
      ]) {
        await expect(packets.claim(id, identityId, first, second)).to.be.revertedWithCustomError(
          packets,
          "PacketInvalidSignature",
        );
      }
    });

    it("has an identity that is not revoked", async () => {
      const { registry, packets, people, equal } = await loadFixture(withPackets);
      const [person] = people;
      const ghost = { ...person, id: 99n };
      await expect(claim(packets, equal, ghost))
        .to.be.revertedWithCustomError(packets, "PacketNotEligible")
        .withArgs(99n);
      await expect(claim(packets, equal, { ...person, id: 0n })).to.be.revertedWithCustomError(
        packets,
        "PacketNotEligible",
      );
      const before = await claimOf(packets, equal, person);
      const wallet = new ethers.Wallet(hash(`wallet of ${person.name}`));
      const { deadline, signature } = await authorise(registry, wallet, "Revoke", person.id);
      await registry.revoke(person.id, deadline, signature);
      await expect(packets.claim(...before)).to.be.revertedWithCustomError(packets, "PacketNotEligible");
    });

    it("signs with the controller of now: what the one before signed is worth nothing", async () => {
      const { registry, packets, people, equal } = await loadFixture(withPackets);
      const [person] = people;
      const before = await claimOf(packets, equal, person);
      const controller = controllerOf(person.name, 2);
      const wallet = new ethers.Wallet(hash(`wallet of ${person.name}`));
      const fields = { controller: controller.address, deviceRoot: ZeroHash };
      const { deadline, signature } = await authorise(registry, wallet, "SetController", person.id, fields);
      await registry.setController(person.id, controller.address, [], deadline, signature);
      await expect(packets.claim(...before))
        .to.be.revertedWithCustomError(packets, "PacketInvalidSignature")
        .withArgs(controller.address);
      await claim(packets, equal, { ...person, controller });
    });

    it("claims once, in one packet, with one identity", async () => {
      const { packets, people, equal, lucky } = await loadFixture(withPackets);
      for (const id of [equal, lucky]) {
        const args = await claimOf(packets, id, people[0]);
        await packets.claim(...args);
        await expect(packets.claim(...args))
          .to.be.revertedWithCustomError(packets, "PacketAlreadyClaimed")
          .withArgs(id, people[0].id);
      }
    });

    it("comes before the packet is empty or expired", async () => {
      const { registry, packets, creator, people, equal } = await loadFixture(withPackets);
      await claimAll(packets, equal, people);
      const wallet = ethers.Wallet.createRandom();
      const id = await register(registry, wallet, "latecomer");
      const late = { id, name: "latecomer", address: wallet.address, controller: controllerOf("latecomer") };
      await expect(claim(packets, equal, late))
        .to.be.revertedWithCustomError(packets, "PacketEmpty")
        .withArgs(equal);
      const expiresAt = (await now()) + DAY;
      const next = await create(packets, creator, { expiresAt });
      const [first, second] = await Promise.all(people.slice(0, 2).map((who) => claimOf(packets, next, who)));
      await time.setNextBlockTimestamp(expiresAt - 1);
      await packets.claim(...first);
      await time.setNextBlockTimestamp(expiresAt);
      await expect(packets.claim(...second))
        .to.be.revertedWithCustomError(packets, "PacketExpired")
        .withArgs(next, expiresAt);
      await expect(claim(packets, 99n, people[0])).to.be.revertedWithCustomError(packets, "PacketUnknown");
      for (const read of [packets.packet(99n), packets.vaultOf(0n)]) {
        await expect(read).to.be.revertedWithCustomError(packets, "PacketUnknown");
      }
    });
  });

  it("two claims of one identity in a block are one claim", async () => {
    const { packets, people, equal } = await loadFixture(withPackets);
    const args = await claimOf(packets, equal, people[0]);
    const options = { gasLimit: 1_000_000n };
    const states = await inOneBlock(async () => [
      await packets.claim(...args, options),
      await packets.claim(...args, options),
    ]);
    expect(states).to.deep.equal(["success", "reverted"]);
    expect((await packets.packet(equal)).issued).to.equal(1n);
  });

  it("200 people claim two packets within ten blocks, and nobody is shut out", async () => {
    const { registry, packets, creator } = await loadFixture(deployWithoutPeople);
    const people = await enrol(registry, 200);
    const before = await coins();
    const chain = hashChain(100);
    const terms = { amount: 10n ** 18n, shares: 100, chainHead: chain[0] };
    const ids = [await create(packets, creator, terms), await create(packets, creator, terms)];
    // Everybody races for the first packet; who comes too late there finds a share in the second.
    const left = people.map((person) => ({ person, tries: [...ids] }));
    let blocks = 0;
    for (let waiting = left; waiting.length > 0; blocks++) {
      const round = waiting.slice(0, 50);
      const signed = await Promise.all(round.map(({ person, tries }) => claimOf(packets, tries[0], person)));
      const states = await inOneBlock(() =>
        Promise.all(signed.map((args) => packets.claim(...args, { gasLimit: 300_000n }))),
      );
      const refused = round.filter((_, index) => states[index] === "reverted");
      for (const { tries } of refused) tries.shift();
      waiting = [...waiting.slice(50), ...refused];
    }
    expect(blocks).to.be.at.most(10);
    for (const id of ids) expect((await packets.packet(id)).issued).to.equal(100n);
    await mine(1);
    for (const id of ids) {
      const tickets = await Promise.all(people.map(async (person) => ({ person, ...(await order(id, person.id)) })));
      const inOrder = tickets.filter(({ ordinal }) => ordinal > 0n).sort((a, b) => Number(a.ordinal - b.ordinal));
      await packets.draw(id, chain[100], idsOf(inOrder.map(({ person }) => person)));
      expect((await packets.packet(id)).left).to.equal(0n);
    }
    const after = await coins();
    expect(after.every((balance, index) => balance > before[index])).to.equal(true);
    expect(after.reduce((sum, balance, index) => sum + balance - before[index], 0n)).to.equal(2n * 10n ** 18n);

    async function coins(): Promise<bigint[]> {
      return await Promise.all(people.map(({ address }) => ethers.provider.getBalance(address)));
    }

    async function order(packetId: bigint, identityId: bigint): Promise<{ ordinal: bigint }> {
      const { ordinal } = await packets.ticket(packetId, identityId);
      return { ordinal };
    }
  });
});
