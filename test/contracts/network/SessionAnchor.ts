import { expect } from "chai";
import { by, ethers, inOneBlock, loadFixture, now, time } from "../support/chain.ts";
import { deployNetwork, UNBONDING_DELAY } from "../support/deploy.ts";
import { hash } from "../support/identities.ts";
import { ROLE, registerRelay, relayConfig } from "../support/relays.ts";

const ROOT = hash("root");
const GAS = { gasLimit: 200_000 };

describe("SessionAnchor", () => {
  async function withRelays() {
    const world = await deployNetwork();
    const first = await registerRelay(world.relays, world.alice, world.anchorKey);
    const second = await registerRelay(world.relays, world.bob, world.otherKey);
    return { ...world, first, second };
  }

  it("records a root with its block and time", async () => {
    const { anchors, anchorKey, first } = await loadFixture(withRelays);
    await expect(by(anchorKey, anchors).anchor(ROOT, 200)).to.emit(anchors, "Anchored").withArgs(first, ROOT, 200n);
    const block = BigInt(await ethers.provider.getBlockNumber());
    expect(await anchors.anchoredAt(first, ROOT)).to.deep.equal([block, BigInt(await now()), 200n]);
    expect(await anchors.lastAnchorBlock(first)).to.equal(block);
  });

  it("knows nothing of what was not anchored", async () => {
    const { anchors, anchorKey, first, second } = await loadFixture(withRelays);
    await by(anchorKey, anchors).anchor(ROOT, 1);
    for (const [id, root] of [
      [second, ROOT],
      [first, hash("other")],
      [99n, ROOT],
      [0n, ethers.ZeroHash],
    ] as const) {
      expect(await anchors.anchoredAt(id, root)).to.deep.equal([0n, 0n, 0n]);
    }
  });

  it("takes one transaction per relay and block", async () => {
    const { anchors, anchorKey, otherKey } = await loadFixture(withRelays);
    const states = await inOneBlock(async () => [
      await by(anchorKey, anchors).anchor(hash("1"), 1, GAS),
      await by(anchorKey, anchors).anchor(hash("2"), 1, GAS),
      await by(otherKey, anchors).anchor(hash("1"), 1, GAS),
    ]);
    expect(states.sort()).to.deep.equal(["reverted", "success", "success"]);
    await by(anchorKey, anchors).anchor(hash("2"), 1);
  });

  it("keeps the first anchor of a root for ever", async () => {
    const { anchors, anchorKey, otherKey, first, second } = await loadFixture(withRelays);
    await by(anchorKey, anchors).anchor(ROOT, 3);
    const before = await anchors.anchoredAt(first, ROOT);
    await expect(by(anchorKey, anchors).anchor(ROOT, 9))
      .to.be.revertedWithCustomError(anchors, "AnchorExists")
      .withArgs(first, ROOT);
    // Another relay's anchor of the same root is its own: nobody can occupy a root.
    await by(otherKey, anchors).anchor(ROOT, 4);
    expect(await anchors.anchoredAt(first, ROOT)).to.deep.equal(before);
    expect((await anchors.anchoredAt(second, ROOT)).leaves).to.equal(4n);
  });

  it("refuses everybody but anchor keys of active relays with the anchor role", async () => {
    const { anchors, relays, alice, bob, governor, anchorKey, otherKey, first, second } = await loadFixture(withRelays);
    for (const stranger of [alice, governor]) {
      await expect(by(stranger, anchors).anchor(ROOT, 1))
        .to.be.revertedWithCustomError(anchors, "AnchorNotRelay")
        .withArgs(stranger.address);
    }
    await by(alice, relays).requestUnbond(first);
    await expect(by(anchorKey, anchors).anchor(ROOT, 1)).to.be.revertedWithCustomError(anchors, "AnchorNotRelay");
    const config = relayConfig({ roles: ROLE.mailbox, anchorKey: otherKey.address });
    await by(bob, relays).update(second, config, "0x");
    await expect(by(otherKey, anchors).anchor(ROOT, 1)).to.be.revertedWithCustomError(anchors, "AnchorNotRelay");
  });

  it("keeps the anchors of a relay that left, and gives its key a fresh start elsewhere", async () => {
    const { anchors, relays, alice, carol, anchorKey, first } = await loadFixture(withRelays);
    await by(anchorKey, anchors).anchor(ROOT, 1);
    await by(alice, relays).requestUnbond(first);
    await time.increase(UNBONDING_DELAY);
    await by(alice, relays).withdraw(first, alice.address);
    expect((await anchors.anchoredAt(first, ROOT)).leaves).to.equal(1n);
    const third = await registerRelay(relays, carol, anchorKey);
    await by(anchorKey, anchors).anchor(ROOT, 2);
    expect((await anchors.anchoredAt(third, ROOT)).leaves).to.equal(2n);
    expect((await anchors.anchoredAt(first, ROOT)).leaves).to.equal(1n);
  });

  it("refuses an empty root or no leaves", async () => {
    const { anchors, anchorKey } = await loadFixture(withRelays);
    await expect(by(anchorKey, anchors).anchor(ethers.ZeroHash, 1)).to.be.revertedWithCustomError(
      anchors,
      "AnchorEmpty",
    );
    await expect(by(anchorKey, anchors).anchor(ROOT, 0)).to.be.revertedWithCustomError(anchors, "AnchorEmpty");
  });
});
