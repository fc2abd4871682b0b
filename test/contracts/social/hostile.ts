import { expect } from "chai";
import type { Contract } from "ethers";
import { by, DAY, ethers, loadFixture, mine, time } from "../support/chain.ts";
import { controllerOf, hash, register } from "../support/identities.ts";
import {
  claim,
  claimAll,
  create,
  deployPackets,
  hashChain,
  idsOf,
  type Person,
  REVEAL_WINDOW,
  termsOf,
} from "../support/packets.ts";

describe("RedPackets, with hostile tokens and payees", () => {
  async function withToken(name: string, args: unknown[] = []) {
    const world = await deployPackets();
    const token = await ethers.deployContract(name, args);
    await token.mint(world.creator.address, 1_000_000n);
    await by(world.creator, token).approve(world.packets, ethers.MaxUint256);
    return { ...world, token, terms: { token: await token.getAddress() } };
  }
  const hostile = () => withToken("HostileToken");
  const rebasing = () => withToken("RebasingToken");
  const silent = () => withToken("SilentToken", [0]);

  const balances = (token: Contract, people: readonly { address: string }[]): Promise<bigint[]> =>
    Promise.all(people.map(({ address }) => token.balanceOf(address)));

  /** A person whose identity is owned by a contract. */
  async function contractPerson(registry: Contract): Promise<{ account: Contract; person: Person }> {
    const wallet = new ethers.Wallet(hash("signer of the account"));
    const account = await ethers.deployContract("AccountMock", [wallet.address]);
    const address = await account.getAddress();
    const id = await register(registry, wallet, "account", { owner: address });
    return { account, person: { id, name: "account", address, controller: controllerOf("account") } };
  }

  it("counts what arrived of a token that keeps a fee, and pays nobody with another packet's tokens", async () => {
    const { packets, creator, people, token, terms } = await loadFixture(hostile);
    const honest = await create(packets, creator, terms);
    await token.setTakesFee(true);
    const id = await create(packets, creator, { ...terms, amount: 1_000n });
    expect((await packets.packet(id)).total).to.equal(900n);
    for (const person of people) await claim(packets, id, person);
    // 180 each, less the fee of paying it.
    expect(await balances(token, people)).to.deep.equal(people.map(() => 162n));
    expect((await packets.packet(id)).left).to.equal(0n);
    expect(await token.balanceOf(await packets.vaultOf(honest))).to.equal(1_000n);
    await expect(create(packets, creator, { ...terms, amount: 5n, shares: 6 })).to.be.revertedWithCustomError(
      packets,
      "PacketDust",
    );
  });

  it("does not take a false answer for a payment: it keeps the share until the token obeys", async () => {
    const { packets, creator, people, token, terms } = await loadFixture(hostile);
    const id = await create(packets, creator, terms);
    await token.setAnswersFalse(true);
    await expect(create(packets, creator, terms)).to.be.revertedWithCustomError(packets, "SafeERC20FailedOperation");
    await expect(claim(packets, id, people[0]))
      .to.emit(packets, "PacketPaymentKept")
      .withArgs(id, people[0].address, 200n);
    expect(await packets.keptFor(id, people[0].address)).to.equal(200n);
    const owner = await ethers.getImpersonatedSigner(people[0].address);
    await expect(by(owner, packets).withdraw(id, owner.address)).to.be.revertedWithCustomError(
      packets,
      "SafeERC20FailedOperation",
    );
    await token.setAnswersFalse(false);
    await by(owner, packets).withdraw(id, owner.address);
    expect(await token.balanceOf(owner.address)).to.equal(200n);
    await expect(by(owner, packets).withdraw(id, owner.address)).to.be.revertedWithCustomError(
      packets,
      "PacketNothingKept",
    );
  });

  it("is not entered again from within a token's transfer", async () => {
    const { packets, creator, people, token, terms } = await loadFixture(hostile);
    const chain = hashChain(5);
    const id = await create(packets, creator, { ...terms, chainHead: chain[0] });
    await claimAll(packets, id, people);
    const self = await token.getAddress();
    await token.mint(self, 10_000n);
    await token.approveFrom(self, packets, ethers.MaxUint256);
    const call = (name: string, args: unknown[]) => packets.interface.encodeFunctionData(name, args);
    for (const [name, args] of [
      ["create", [await termsOf(terms)]],
      ["draw", [id, chain[1], [people[0].id]]],
      ["settle", [id, idsOf(people)]],
      ["refund", [id, creator.address]],
      ["withdraw", [id, self]],
    ] as const) {
      await token.setCallback(packets, call(name, [...args]));
      await create(packets, creator, terms);
      expect(await token.callbackSucceeded(), name).to.equal(false);
    }
    // The token draws again what is being drawn.
    await token.setCallback(packets, call("draw", [id, chain[5], idsOf(people)]));
    await packets.draw(id, chain[5], idsOf(people));
    expect(await token.callbackSucceeded()).to.equal(false);
    expect((await balances(token, people)).reduce((a, b) => a + b)).to.equal(1_000n);
  });

  it("lets a token that shrinks hurt its own packets only, and pays what there is", async () => {
    const { packets, creator, people, token, terms } = await loadFixture(rebasing);
    const before = await create(packets, creator, terms);
    await token.setScale(5n * 10n ** 17n);
    const after = await create(packets, creator, terms);
    // Half of the first packet is gone: two are paid, the third gets the rest on asking, the others what comes later.
    for (const person of people) await claim(packets, before, person);
    expect(await balances(token, people)).to.deep.equal([200n, 200n, 0n, 0n, 0n]);
    const third = await ethers.getImpersonatedSigner(people[2].address);
    await by(third, packets).withdraw(before, third.address);
    expect(await token.balanceOf(third.address)).to.equal(100n);
    expect(await packets.keptFor(before, third.address)).to.equal(100n);
    await expect(by(third, packets).withdraw(before, third.address)).to.be.revertedWithCustomError(
      packets,
      "PacketNothingLeft",
    );
    // The packet made after it is whole.
    expect(await token.balanceOf(await packets.vaultOf(after))).to.equal(1_000n);
    for (const person of people) await claim(packets, after, person);
    expect((await packets.packet(after)).kept).to.equal(0n);
  });

  it("gives what a growing token or a gift adds to the creator, never what is kept for others", async () => {
    const { packets, creator, people, token, terms } = await loadFixture(rebasing);
    const id = await create(packets, creator, terms);
    await token.setScale(2n * 10n ** 18n);
    for (const person of people) await claim(packets, id, person);
    const vault = await packets.vaultOf(id);
    expect(await token.balanceOf(vault)).to.equal(1_000n);
    await token.mint(vault, 10n);
    const had = await token.balanceOf(creator.address);
    await packets.refund(id, creator.address);
    expect(await token.balanceOf(creator.address)).to.equal(had + 1_010n);
    expect(await token.balanceOf(vault)).to.equal(0n);
  });

  it("takes tokens without return values, of 0 and of 77 decimals", async () => {
    const { packets, creator, people, token, terms } = await loadFixture(silent);
    const wide = await ethers.deployContract("SilentToken", [77]);
    await wide.mint(creator.address, 2n ** 255n);
    await by(creator, wide).approve(packets, ethers.MaxUint256);
    for (const [on, amount] of [
      [token, 5n],
      [wide, 2n ** 128n - 1n],
    ] as const) {
      const id = await create(packets, creator, { ...terms, token: await on.getAddress(), amount });
      for (const person of people) await claim(packets, id, person);
      const got = await balances(on, people);
      expect(got.reduce((a, b) => a + b)).to.equal(amount);
    }
  });

  it("keeps the share of somebody the token refuses to pay, pays the others, refunds the rest", async () => {
    const { packets, creator, people, token, terms } = await loadFixture(silent);
    const chain = hashChain(5);
    const id = await create(packets, creator, { ...terms, chainHead: chain[0] });
    await token.setBlocked(people[1].address, true);
    await claimAll(packets, id, people.slice(0, 3));
    await packets.draw(id, chain[3], idsOf(people.slice(0, 3)));
    const kept = await packets.keptFor(id, people[1].address);
    expect(kept > 0n).to.equal(true);
    const [first, , third] = await balances(token, people);
    await time.increase(2 * DAY);
    await packets.refund(id, creator.address);
    expect(await token.balanceOf(await packets.vaultOf(id))).to.equal(kept);
    expect(await token.balanceOf(creator.address)).to.equal(1_000_000n - first - third - kept);
    const owner = await ethers.getImpersonatedSigner(people[1].address);
    for (const nowhere of [ethers.ZeroAddress, await packets.getAddress()]) {
      await expect(by(owner, packets).withdraw(id, nowhere)).to.be.revertedWithCustomError(
        packets,
        "PacketInvalidRecipient",
      );
    }
    await by(owner, packets).withdraw(id, people[4].address);
    expect(await token.balanceOf(people[4].address)).to.equal(kept);
  });

  it("is not held up by a token or a payee that burns gas, nor fooled by too little gas", async () => {
    const { registry, packets, creator, people, token, terms } = await loadFixture(silent);
    const id = await create(packets, creator, terms);
    await token.setBurnsGas(true);
    await claim(packets, id, people[0]);
    expect(await packets.keptFor(id, people[0].address)).to.equal(200n);

    const { account, person } = await contractPerson(registry);
    const chain = hashChain(5);
    for (const temper of [1, 2, 4]) {
      await account.setTemper(temper);
      const lucky = await create(packets, creator, { chainHead: chain[0] });
      await claimAll(packets, lucky, [person, people[1], people[2]]);
      const had = await ethers.provider.getBalance(people[1].address);
      const ids = idsOf([person, people[1], people[2]]);
      await expect(packets.draw(lucky, chain[3], ids, { gasLimit: 250_000n })).to.be.revert(ethers);
      await packets.draw(lucky, chain[3], ids, { gasLimit: 2_000_000n });
      expect((await ethers.provider.getBalance(people[1].address)) > had).to.equal(true);
      expect((await packets.keptFor(lucky, person.address)) > 0n, `temper ${temper}`).to.equal(true);
      const kept = await packets.keptFor(lucky, person.address);
      const call = packets.interface.encodeFunctionData("withdraw", [lucky, people[3].address]);
      const before = await ethers.provider.getBalance(people[3].address);
      await account.act(packets, 0n, call);
      expect(await ethers.provider.getBalance(people[3].address)).to.equal(before + kept);
    }
  });

  it("is not entered again from within a payment of coin", async () => {
    const { registry, packets, creator, people } = await loadFixture(deployPackets);
    const { account, person } = await contractPerson(registry);
    const chain = hashChain(5);
    const id = await create(packets, creator, { chainHead: chain[0] });
    await claimAll(packets, id, [person, people[0]]);
    const call = packets.interface.encodeFunctionData("draw", [id, chain[2], [people[0].id]]);
    await account.setCallback(packets, call);
    await packets.draw(id, chain[1], [person.id]);
    expect(await account.callbackSucceeded()).to.equal(false);
    expect((await packets.packet(id)).paid).to.equal(1n);
    await packets.draw(id, chain[2], [people[0].id]);
  });

  it("refunds a creator that refuses coin to another account, on the creator's word", async () => {
    const { registry, packets, people } = await loadFixture(deployPackets);
    const { account, person } = await contractPerson(registry);
    const call = (name: string, args: unknown[]) => packets.interface.encodeFunctionData(name, args);
    await account.act(packets, 1_000n, call("create", [await termsOf()]), { value: 1_000n });
    await account.setTemper(1);
    await time.increase(2 * DAY);
    await expect(packets.refund(1n, person.address)).to.be.revert(ethers);
    const had = await ethers.provider.getBalance(people[0].address);
    await account.act(packets, 0n, call("refund", [1n, people[0].address]));
    expect(await ethers.provider.getBalance(people[0].address)).to.equal(had + 1_000n);
    expect(await ethers.provider.getBalance(packets)).to.equal(0n);
  });

  it("settles a whole packet of payees that burn gas, a part at a time", async () => {
    const { packets, creator, people, token, terms } = await loadFixture(silent);
    const id = await create(packets, creator, { ...terms, chainHead: hashChain(5)[0] });
    await claimAll(packets, id, people);
    await token.setBurnsGas(true);
    await mine(REVEAL_WINDOW);
    for (const person of people) await packets.settle(id, [person.id]);
    const state = await packets.packet(id);
    expect([state.left, state.kept]).to.deep.equal([0n, 1_000n]);
    await token.setBurnsGas(false);
    for (const person of people) {
      const owner = await ethers.getImpersonatedSigner(person.address);
      await by(owner, packets).withdraw(id, owner.address);
    }
    expect(await token.balanceOf(await packets.vaultOf(id))).to.equal(0n);
  });
});
