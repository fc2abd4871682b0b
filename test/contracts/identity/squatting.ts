import { expect } from "chai";
import { by, DAY, inOneBlock, loadFixture, mine, now, time } from "../support/chain.ts";
import { deployIdentities } from "../support/deploy.ts";
import {
  authorise,
  commitmentOf,
  deviceKeys,
  deviceRoot,
  hash,
  keysOf,
  prepare,
  register,
  submit,
} from "../support/identities.ts";

const GAS = { gasLimit: 1_000_000 };

/** Bob has an identity and wants the public ID he sees Alice reveal, to keep her from ever having it. */
describe("IdentityRegistry: squatting a public ID", () => {
  async function withBob() {
    const deployed = await deployIdentities();
    return { ...deployed, bobs: await register(deployed.registry, deployed.bob, "bob") };
  }
  async function withAlice() {
    const deployed = await withBob();
    return { ...deployed, id: await register(deployed.registry, deployed.alice, "alice") };
  }
  type World = Awaited<ReturnType<typeof withBob>>;
  type Signer = World["alice"];

  /** A rotation by `signer` to `publicId`, signed, not yet committed. */
  async function rotation({ registry }: World, signer: Signer, id: bigint, name: string, publicId: string, over = {}) {
    const devices = deviceKeys(1, name);
    const keys = { ...keysOf(name, 2), publicId, deviceRoot: deviceRoot(devices) };
    const secret = hash(`${name} rotates`);
    const { deadline, signature } = await authorise(registry, signer, "Rotate", id, { ...keys, ...over });
    return {
      publicId,
      secret,
      commitment: commitmentOf(name, signer.address, publicId, secret),
      call: (options = {}, opened = secret) =>
        by(signer, registry).rotate(id, keys, opened, devices, deadline, signature, options),
    };
  }

  it("does not work on a pending registration", async () => {
    const world = await loadFixture(withBob);
    const { registry, alice, bob, bobs } = world;
    const hers = await prepare(registry, alice, "alice");
    await registry.commit(hers.commitment);
    const { publicId } = hers.registration;
    const his = await rotation(world, bob, bobs, "bob", publicId);
    const states = await inOneBlock(async () => [
      await by(bob, registry).commit(his.commitment, GAS),
      await his.call(GAS),
      await by(alice, registry).registerFor(hers.registration, hers.secret, hers.devices, hers.signature, GAS),
    ]);
    expect(states).to.deep.equal(["success", "reverted", "success"]);
    expect((await registry.identityByPublicId(publicId))[1].owner).to.equal(alice.address);
    // And not afterwards, with the commitment that has become old enough.
    await expect(his.call()).to.be.revertedWithCustomError(registry, "IdentityPublicIdTaken").withArgs(publicId);
  });

  it("does not work on a pending rotation, neither by rotating nor by registering", async () => {
    const world = await loadFixture(withAlice);
    const { registry, alice, bob, carol, bobs, id } = world;
    const hers = await rotation(world, alice, id, "alice", hash("new public ID"));
    await registry.commit(hers.commitment);
    const his = await rotation(world, bob, bobs, "bob", hers.publicId);
    const carols = await prepare(registry, carol, "carol", { publicId: hers.publicId });
    const states = await inOneBlock(async () => [
      await by(bob, registry).commit(his.commitment, GAS),
      await his.call(GAS),
      await by(carol, registry).commit(carols.commitment, GAS),
      await by(carol, registry).registerFor(carols.registration, carols.secret, carols.devices, carols.signature, GAS),
      await hers.call(GAS),
    ]);
    expect(states).to.deep.equal(["success", "reverted", "success", "reverted", "success"]);
    expect((await registry.identityByPublicId(hers.publicId))[0]).to.equal(id);
    await expect(his.call()).to.be.revertedWithCustomError(registry, "IdentityPublicIdTaken").withArgs(hers.publicId);
    await expect(submit(registry, carols)).to.be.revertedWithCustomError(registry, "IdentityPublicIdTaken");
  });

  it("does not work by spending or copying the commitment of another", async () => {
    const world = await loadFixture(withAlice);
    const { registry, alice, bob, bobs, id } = world;
    const hers = await rotation(world, alice, id, "alice", hash("new public ID"));
    await registry.commit(hers.commitment);
    const his = await rotation(world, bob, bobs, "bob", hers.publicId);
    await by(bob, registry).commit(hers.commitment);
    for (const secret of [his.secret, hers.secret]) {
      await expect(his.call({}, secret)).to.be.revertedWithCustomError(registry, "IdentityNoCommitment");
    }
    await hers.call();
    expect((await registry.identityByPublicId(hers.publicId))[0]).to.equal(id);
  });

  it("is kept off by a commitment to the present name, the owner, the new public ID and a secret", async () => {
    const world = await loadFixture(withAlice);
    const { registry, alice, bob, id } = world;
    const hers = await rotation(world, alice, id, "alice", hash("new public ID"));
    const { publicId, secret } = hers;
    for (const other of [
      commitmentOf("alicf", alice.address, publicId, secret),
      commitmentOf("alice", bob.address, publicId, secret),
      commitmentOf("alice", alice.address, keysOf("alice").publicId, secret),
      commitmentOf("alice", alice.address, publicId, hash("other")),
    ]) {
      await registry.commit(other);
    }
    await expect(hers.call()).to.be.revertedWithCustomError(registry, "IdentityNoCommitment").withArgs(hers.commitment);
    await registry.commit(hers.commitment);
    await hers.call();
    expect(await registry.commitmentOf(hers.commitment)).to.deep.equal([0n, 0n]);
  });

  it("is kept off by a commitment of an earlier block, at most a day old", async () => {
    const world = await loadFixture(withAlice);
    const { registry, alice, id } = world;
    const deadline = BigInt((await now()) + 10 * DAY);
    const hers = await rotation(world, alice, id, "alice", hash("new public ID"), { deadline });
    const states = await inOneBlock(async () => [
      await by(alice, registry).commit(hers.commitment, GAS),
      await hers.call(GAS),
    ]);
    expect(states).to.deep.equal(["success", "reverted"]);
    await time.increase(DAY + 1);
    await expect(hers.call()).to.be.revertedWithCustomError(registry, "IdentityCommitmentExpired");
    await registry.commit(hers.commitment);
    await hers.call();
  });

  it("keeps keys from being put in force under another name than the one committed to", async () => {
    const world = await loadFixture(withAlice);
    const { registry, alice, id } = world;
    await registry.commit(commitmentOf("alicia", alice.address, keysOf("alice").publicId, hash("s")));
    const { deadline, signature } = await authorise(registry, alice, "Rename", id, { name: "alicia" });
    await registry.rename(id, "alicia", hash("s"), deadline, signature);
    const hers = await rotation(world, alice, id, "alice", hash("new public ID"));
    await registry.commit(hers.commitment);
    await expect(hers.call()).to.be.revertedWithCustomError(registry, "IdentityNoCommitment");
  });

  it("works on a public ID shown by a reverted reveal and left lying, and costs its owner only that public ID", async () => {
    const world = await loadFixture(withBob);
    const { registry, alice, bob, bobs } = world;
    const hers = await prepare(registry, alice, "alice");
    const { publicId } = hers.registration;
    // Revealed in the block of its commitment, so refused, for all to read.
    await inOneBlock(async () => [
      await by(alice, registry).commit(hers.commitment, GAS),
      await by(alice, registry).registerFor(hers.registration, hers.secret, hers.devices, hers.signature, GAS),
    ]);
    const his = await rotation(world, bob, bobs, "bob", publicId);
    await by(bob, registry).commit(his.commitment);
    await mine();
    await his.call();
    await expect(submit(registry, hers)).to.be.revertedWithCustomError(registry, "IdentityPublicIdTaken");
    // The name is still hers: another security code gives another public ID.
    expect(await register(registry, alice, "alice", keysOf("alice", 2))).to.equal(2n);
  });
});
