import { expect } from "chai";
import { by, DAY, ethers, inOneBlock, loadFixture, mine, time } from "../support/chain.ts";
import { hash } from "../support/identities.ts";
import { parts, pick } from "../support/luckySplit.ts";
import {
  claim,
  claimAll,
  claimOf,
  create,
  deployPackets,
  hashChain,
  idsOf,
  paidIn,
  REVEAL_WINDOW,
} from "../support/packets.ts";

const SHARES = 5;
const AMOUNT = 10n ** 15n + 3n;

describe("RedPackets, drawing", () => {
  async function withLucky() {
    const world = await deployPackets();
    const chain = hashChain(SHARES);
    const token = await world.skm.getAddress();
    const id = await create(world.packets, world.creator, { token, amount: AMOUNT, chainHead: chain[0] });
    return { ...world, chain, id };
  }

  async function withTickets() {
    const world = await withLucky();
    await claimAll(world.packets, world.id, world.people);
    return world;
  }

  /** What a ticket gets, computed apart from the contract from links and hashes of blocks. */
  async function expected(blocks: readonly bigint[], chain: readonly string[]): Promise<bigint[]> {
    const random = await Promise.all(
      blocks.map(async (block, index) => {
        const after = await ethers.provider.getBlock(Number(block) + 1);
        return BigInt(ethers.keccak256(ethers.concat([chain[index + 1], after?.hash ?? "0x"])));
      }),
    );
    const cut = parts(AMOUNT, SHARES, random[0] >> 128n);
    const free = Array.from({ length: SHARES }, (_, i) => i);
    return random.map((value) => cut[pick(free, value & (2n ** 128n - 1n))]);
  }

  it("gives a ticket first, and the amount with link and block hash, as documented", async () => {
    const { skm, packets, people, chain, id } = await loadFixture(withTickets);
    expect((await packets.packet(id)).paid).to.equal(0n);
    const paid = await paidIn(packets, packets.draw(id, chain[SHARES], idsOf(people)));
    const tickets = await Promise.all(people.map((person) => packets.ticket(id, person.id)));
    const amounts = await expected(
      tickets.map(({ blockNumber }) => blockNumber),
      chain,
    );
    expect([...paid.values()]).to.deep.equal(amounts);
    for (const [index, { address }] of people.entries()) expect(await skm.balanceOf(address)).to.equal(amounts[index]);
    const done = await packets.packet(id);
    expect([done.left, done.paid, done.taken]).to.deep.equal([0n, 5n, 31n]);
    expect(await skm.balanceOf(await packets.vaultOf(id))).to.equal(0n);
  });

  it("comes to the same in one batch, one by one, or however the tickets are grouped", async () => {
    const { packets, people, chain, id } = await loadFixture(withTickets);
    const results: bigint[][] = [];
    for (const sizes of [[5], [1, 1, 1, 1, 1], [2, 3], [3, 1, 1]]) {
      const snapshot = await ethers.provider.send("evm_snapshot", []);
      const got: bigint[] = [];
      let drawn = 0;
      for (const size of sizes) {
        const ids = idsOf(people.slice(drawn, drawn + size));
        drawn += size;
        got.push(...(await paidIn(packets, packets.draw(id, chain[drawn], ids))).values());
      }
      results.push(got);
      await ethers.provider.send("evm_revert", [snapshot]);
    }
    for (const result of results) expect(result).to.deep.equal(results[0]);
  });

  it("is for whoever knows the link, in the order of the tickets", async () => {
    const { packets, stranger, people, chain, id } = await loadFixture(withTickets);
    const ids = idsOf(people);
    for (const [link, who] of [
      [chain[0], ids.slice(0, 1)],
      [chain[2], ids.slice(0, 1)],
      [chain[1], ids.slice(0, 2)],
      [hash("guess"), ids],
      [ethers.ZeroHash, ids],
    ] as const) {
      await expect(packets.draw(id, link, who)).to.be.revertedWithCustomError(packets, "PacketInvalidLink");
    }
    for (const who of [[ids[1]], [99n], [ids[0], 99n], [ids[0], ids[0]]]) {
      await expect(packets.draw(id, chain[who.length], who)).to.be.revertedWithCustomError(packets, "PacketNotNext");
    }
    await expect(packets.draw(id, chain[1], [])).to.be.revertedWithCustomError(packets, "PacketNoTickets");
    await expect(packets.draw(99n, chain[1], ids)).to.be.revertedWithCustomError(packets, "PacketUnknown");
    await by(stranger, packets).draw(id, chain[1], ids.slice(0, 1));
    // A link that was used draws nothing more, nor does the ticket.
    await expect(packets.draw(id, chain[1], [ids[1]])).to.be.revertedWithCustomError(packets, "PacketInvalidLink");
    await expect(packets.draw(id, chain[2], [ids[0]])).to.be.revertedWithCustomError(packets, "PacketNotNext");
  });

  it("waits for the block after the ticket, and for no more than the window", async () => {
    const { packets, people, chain, id } = await loadFixture(withLucky);
    const options = { gasLimit: 2_000_000n };
    const args = await claimOf(packets, id, people[0]);
    // In the block of the ticket, then in the next: its hash is not known yet.
    const states = await inOneBlock(async () => [
      await packets.claim(...args, options),
      await packets.draw(id, chain[1], [people[0].id], options),
    ]);
    expect(states).to.deep.equal(["success", "reverted"]);
    const { blockNumber } = await packets.ticket(id, people[0].id);
    await expect(packets.draw(id, chain[1], [people[0].id]))
      .to.be.revertedWithCustomError(packets, "PacketTooEarlyToDraw")
      .withArgs(id, 1n, blockNumber + 2n);
    await mine(REVEAL_WINDOW - 1);
    await expect(packets.settle(id, [people[0].id]))
      .to.be.revertedWithCustomError(packets, "PacketTooEarlyToSettle")
      .withArgs(id, blockNumber + BigInt(REVEAL_WINDOW) + 1n);
    const snapshot = await ethers.provider.send("evm_snapshot", []);
    await packets.draw(id, chain[1], [people[0].id]);
    await ethers.provider.send("evm_revert", [snapshot]);
    await mine(1);
    await expect(packets.draw(id, chain[1], [people[0].id]))
      .to.be.revertedWithCustomError(packets, "PacketTooLateToDraw")
      .withArgs(id, 1n, blockNumber + BigInt(REVEAL_WINDOW));
    await packets.settle(id, [people[0].id]);
  });

  it("needs a link nobody has until it is shown: amounts follow neither from storage nor from the hash alone", async () => {
    const { packets, people, chain, id } = await loadFixture(withTickets);
    const snapshot = await ethers.provider.send("evm_snapshot", []);
    const real = [...(await paidIn(packets, packets.draw(id, chain[SHARES], idsOf(people)))).values()];
    await ethers.provider.send("evm_revert", [snapshot]);
    // The same packet, claims and blocks with another secret: other amounts.
    const tickets = await Promise.all(people.map((person) => packets.ticket(id, person.id)));
    const blocks = tickets.map(({ blockNumber }) => blockNumber);
    expect(await expected(blocks, chain)).to.deep.equal(real);
    expect(await expected(blocks, hashChain(SHARES, "other"))).to.not.deep.equal(real);
  });

  describe("when the creator does not reveal", () => {
    it("pays equal shares of what is left, and is an equal packet from then on", async () => {
      const { skm, packets, people, chain, id } = await loadFixture(withLucky);
      await claimAll(packets, id, people.slice(0, 3));
      await packets.draw(id, chain[1], [people[0].id]);
      await mine(REVEAL_WINDOW);
      const left = (await packets.packet(id)).left;
      const sent = packets.settle(id, idsOf(people.slice(1, 3)));
      await expect(sent).to.emit(packets, "PacketLuckOver").withArgs(id);
      const paid = await paidIn(packets, sent);
      expect([...paid.values()]).to.deep.equal([left / 4n, (left - left / 4n) / 3n]);
      await claim(packets, id, people[3]);
      expect(await skm.balanceOf(people[3].address)).to.be.within(left / 4n, left / 4n + 1n);
      await claim(packets, id, people[4]);
      expect((await packets.packet(id)).left).to.equal(0n);
    });

    it("gives the creator no second choice: links count no more, for no ticket", async () => {
      const { packets, people, chain, id } = await loadFixture(withLucky);
      await claim(packets, id, people[0]);
      await mine(REVEAL_WINDOW);
      await claimAll(packets, id, people.slice(1, 3));
      // The second ticket is young, but the first one's time is over.
      await expect(packets.draw(id, chain[2], idsOf(people.slice(0, 2)))).to.be.revertedWithCustomError(
        packets,
        "PacketTooLateToDraw",
      );
      await packets.settle(id, [people[0].id]);
      await expect(packets.draw(id, chain[2], [people[1].id])).to.be.revertedWithCustomError(
        packets,
        "PacketLuckIsOver",
      );
      // A claim now waits behind those that wait, and all are settled at once, without another wait.
      await claim(packets, id, people[3]);
      expect((await packets.packet(id)).paid).to.equal(1n);
      await packets.settle(id, idsOf(people.slice(1, 4)));
      await claim(packets, id, people[4]);
      expect((await packets.packet(id)).left).to.equal(0n);
    });

    it("settles in order, and only what waits", async () => {
      const { packets, people, id } = await loadFixture(withTickets);
      await mine(REVEAL_WINDOW);
      const ids = idsOf(people);
      await expect(packets.settle(id, [ids[1]])).to.be.revertedWithCustomError(packets, "PacketNotNext");
      await expect(packets.settle(id, [])).to.be.revertedWithCustomError(packets, "PacketNoTickets");
      await expect(packets.settle(99n, ids)).to.be.revertedWithCustomError(packets, "PacketUnknown");
      await packets.settle(id, ids.slice(0, 2));
      await packets.settle(id, ids.slice(2));
      await expect(packets.settle(id, [ids[4]])).to.be.revertedWithCustomError(packets, "PacketNotNext");
    });
  });

  describe("refunding", () => {
    it("returns what nobody claimed after expiry, by anybody to the creator", async () => {
      const { skm, packets, creator, stranger, people, chain, id } = await loadFixture(withLucky);
      await claimAll(packets, id, people.slice(0, 2));
      await packets.draw(id, chain[2], idsOf(people.slice(0, 2)));
      const { expiresAt, left } = await packets.packet(id);
      await expect(packets.refund(id, creator.address))
        .to.be.revertedWithCustomError(packets, "PacketNotExpired")
        .withArgs(id, expiresAt);
      await time.setNextBlockTimestamp(expiresAt);
      const before = await skm.balanceOf(creator.address);
      await expect(by(stranger, packets).refund(id, creator.address))
        .to.emit(packets, "PacketRefunded")
        .withArgs(id, creator.address, left);
      expect(await skm.balanceOf(creator.address)).to.equal(before + left);
      await expect(packets.refund(id, creator.address)).to.be.revertedWithCustomError(packets, "PacketNothingLeft");
    });

    it("goes elsewhere on the creator's word only, and never nowhere", async () => {
      const { packets, creator, stranger, people, id } = await loadFixture(withLucky);
      await time.increase(2 * DAY);
      await expect(by(stranger, packets).refund(id, stranger.address)).to.be.revertedWithCustomError(
        packets,
        "PacketInvalidRecipient",
      );
      for (const nowhere of [ethers.ZeroAddress, await packets.getAddress()]) {
        await expect(by(creator, packets).refund(id, nowhere)).to.be.revertedWithCustomError(
          packets,
          "PacketInvalidRecipient",
        );
      }
      await by(creator, packets).refund(id, people[0].address);
      await expect(packets.refund(99n, creator.address)).to.be.revertedWithCustomError(packets, "PacketUnknown");
    });

    it("waits for tickets, which anybody can settle, so nobody loses one and nobody can hold it up", async () => {
      const { skm, packets, creator, stranger, people, id } = await loadFixture(withLucky);
      await claim(packets, id, people[0]);
      await time.increase(2 * DAY);
      await expect(by(creator, packets).refund(id, creator.address))
        .to.be.revertedWithCustomError(packets, "PacketTicketsPending")
        .withArgs(id, 1n);
      await mine(REVEAL_WINDOW);
      await by(stranger, packets).settle(id, [people[0].id]);
      expect(await skm.balanceOf(people[0].address)).to.equal(AMOUNT / 5n);
      await packets.refund(id, creator.address);
      expect(await skm.balanceOf(await packets.vaultOf(id))).to.equal(0n);
    });
  });
});
