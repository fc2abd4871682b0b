import { expect } from "chai";
import { ethers, loadFixture, now, time } from "../support/chain.ts";
import { deployIdentities, RECOVERY_DELAY } from "../support/deploy.ts";
import { authorise, deviceKeys, deviceRoot, register } from "../support/identities.ts";

const { ZeroAddress } = ethers;

/** Alice owns the identity, Carol may recover it, Bob is the wallet it moves to, Dave is a stranger. */
describe("IdentityRegistry: recovery", () => {
  async function withRecovery() {
    const deployed = await deployIdentities();
    const id = await register(deployed.registry, deployed.alice, "alice");
    const world = { ...deployed, id };
    await (await setRecovery(world, deployed.carol.address))();
    return world;
  }
  type World = Awaited<ReturnType<typeof deployIdentities>> & { id: bigint };
  type Signer = World["alice"];

  async function setRecovery({ registry, alice, id }: World, to: string, signer = alice) {
    const { deadline, signature } = await authorise(registry, signer, "SetRecovery", id, { recovery: to });
    return () => registry.setRecovery(id, to, deadline, signature);
  }
  async function start({ registry, bob, carol, id }: World, to = bob.address, signer: Signer = carol) {
    const { deadline, signature } = await authorise(registry, signer, "StartRecovery", id, { newOwner: to });
    return () => registry.startRecovery(id, to, deadline, signature);
  }
  async function cancel({ registry, alice, id }: World, signer: Signer = alice) {
    const deadline = BigInt((await now()) + 2 * RECOVERY_DELAY);
    const { signature } = await authorise(registry, signer, "CancelRecovery", id, { deadline });
    return () => registry.cancelRecovery(id, deadline, signature);
  }
  async function finish({ registry, bob, id }: World, signer: Signer = bob) {
    const deadline = BigInt((await now()) + 2 * RECOVERY_DELAY);
    const { signature } = await authorise(registry, signer, "AcceptRecovery", id, { deadline });
    return () => registry.finishRecovery(id, deadline, signature);
  }

  it("moves the identity after the delay, with everything that belongs to it", async () => {
    const world = await loadFixture(withRecovery);
    const { registry, alice, bob, id } = world;
    await expect((await start(world))()).to.emit(registry, "RecoveryStarted");
    const { newOwner, readyAt } = await registry.recoveryOf(id);
    expect(newOwner).to.equal(bob.address);
    expect(readyAt).to.equal(BigInt((await now()) + RECOVERY_DELAY));
    const before = await registry.identity(id);
    await time.increase(RECOVERY_DELAY);
    await expect((await finish(world))())
      .to.emit(registry, "OwnerChanged")
      .withArgs(id, alice.address, bob.address);
    const after = await registry.identity(id);
    expect(after.owner).to.equal(bob.address);
    expect(after.name).to.equal("alice");
    expect(after.deviceRoot).to.equal(before.deviceRoot);
    expect(await registry.idByOwner(alice.address)).to.equal(0n);
    expect(await registry.idByOwner(bob.address)).to.equal(id);
    expect((await registry.recoveryOf(id)).recovery).to.equal(ZeroAddress);
  });

  it("does not finish a second before the delay is over", async () => {
    const world = await loadFixture(withRecovery);
    const { registry, id } = world;
    await (await start(world))();
    const { readyAt } = await registry.recoveryOf(id);
    const call = await finish(world);
    await time.setNextBlockTimestamp(readyAt - 1n);
    await expect(call()).to.be.revertedWithCustomError(registry, "IdentityRecoveryTooEarly").withArgs(id, readyAt);
    await time.setNextBlockTimestamp(readyAt);
    await call();
  });

  it("is vetoed by the owner, even at the last moment", async () => {
    const world = await loadFixture(withRecovery);
    const { registry, id } = world;
    await (await start(world))();
    const [veto, take] = [await cancel(world), await finish(world)];
    await time.increase(RECOVERY_DELAY);
    await expect(veto()).to.emit(registry, "RecoveryCancelled").withArgs(id);
    await expect(take()).to.be.revertedWithCustomError(registry, "IdentityRecoveryNotStarted");
    expect((await registry.identity(id)).owner).to.equal(world.alice.address);
  });

  it("can be started again after a veto, and ended for good by removing the recovery account", async () => {
    const world = await loadFixture(withRecovery);
    const { registry, id } = world;
    await (await start(world))();
    await (await cancel(world))();
    await (await start(world))();
    await expect((await setRecovery(world, ZeroAddress))())
      .to.emit(registry, "RecoveryCancelled")
      .withArgs(id)
      .and.to.emit(registry, "RecoveryChanged")
      .withArgs(id, ZeroAddress);
    await expect((await start(world))()).to.be.revertedWithCustomError(registry, "IdentityNoRecovery");
    await time.increase(RECOVERY_DELAY);
    await expect((await finish(world))()).to.be.revertedWithCustomError(registry, "IdentityRecoveryNotStarted");
  });

  it("keeps a veto valid whatever the recovery account does meanwhile", async () => {
    const world = await loadFixture(withRecovery);
    await (await start(world))();
    const veto = await cancel(world);
    await (await start(world))();
    await (await start(world, world.dave.address))();
    await veto();
  });

  it("begins the delay anew when started again, and voids an acceptance given before", async () => {
    const world = await loadFixture(withRecovery);
    const { registry, id } = world;
    await (await start(world))();
    const first = (await registry.recoveryOf(id)).readyAt;
    const accepted = await finish(world);
    await time.increase(1000);
    await (await start(world))();
    expect((await registry.recoveryOf(id)).readyAt).to.be.greaterThan(first);
    await time.increase(RECOVERY_DELAY);
    await expect(accepted()).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");
  });

  it("is refused to everybody but the recovery account", async () => {
    const world = await loadFixture(withRecovery);
    const { registry, alice, bob, dave } = world;
    for (const signer of [alice, bob, dave]) {
      await expect((await start(world, bob.address, signer))()).to.be.revertedWithCustomError(
        registry,
        "IdentityInvalidSignature",
      );
    }
    const call = await start(world);
    await call();
    await expect(call()).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");
  });

  it("account and veto are the owner's to sign", async () => {
    const world = await loadFixture(withRecovery);
    const { registry, carol, dave } = world;
    await (await start(world))();
    for (const signer of [carol, dave]) {
      await expect((await setRecovery(world, dave.address, signer))()).to.be.revertedWithCustomError(
        registry,
        "IdentityInvalidSignature",
      );
      await expect((await cancel(world, signer))()).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");
    }
  });

  it("needs the new owner's consent, so that nobody is made owner against their will", async () => {
    const world = await loadFixture(withRecovery);
    const { registry, alice, carol, dave } = world;
    await (await start(world))();
    await time.increase(RECOVERY_DELAY);
    for (const signer of [alice, carol, dave]) {
      await expect((await finish(world, signer))()).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");
    }
  });

  it("does not lead to nobody, nor to somebody who has an identity already or gets one meanwhile", async () => {
    const world = await loadFixture(withRecovery);
    const { registry, alice, bob, dave } = world;
    await register(registry, dave, "dave");
    for (const taken of [ZeroAddress, dave.address, alice.address]) {
      await expect((await start(world, taken))())
        .to.be.revertedWithCustomError(registry, "IdentityOwnerTaken")
        .withArgs(taken);
    }
    await (await start(world))();
    await register(registry, bob, "bob");
    await time.increase(RECOVERY_DELAY);
    await expect((await finish(world))()).to.be.revertedWithCustomError(registry, "IdentityOwnerTaken");
  });

  it("voids what the old owner signed and kept back, even if the identity returns", async () => {
    const world = await loadFixture(withRecovery);
    const { registry, alice, bob, carol, id } = world;
    const devices = deviceKeys(1, "kept back");
    const deadline = BigInt((await now()) + 10 * RECOVERY_DELAY);
    const kept = await authorise(registry, alice, "SetDevices", id, { deviceRoot: deviceRoot(devices), deadline });
    const keptRevoke = await authorise(registry, alice, "Revoke", id, { deadline });
    await (await start(world))();
    await time.increase(RECOVERY_DELAY);
    await (await finish(world))();
    // And back again to Alice.
    await (await setRecovery(world, carol.address, bob))();
    await (await start(world, alice.address))();
    await time.increase(RECOVERY_DELAY);
    await (await finish(world, alice))();
    expect((await registry.identity(id)).owner).to.equal(alice.address);
    await expect(registry.setDevices(id, devices, deadline, kept.signature)).to.be.revertedWithCustomError(
      registry,
      "IdentityInvalidSignature",
    );
    await expect(registry.revoke(id, deadline, keptRevoke.signature)).to.be.revertedWithCustomError(
      registry,
      "IdentityInvalidSignature",
    );
  });

  it("does not exist where none was set or started", async () => {
    const deployed = await loadFixture(deployIdentities);
    const world = { ...deployed, id: await register(deployed.registry, deployed.alice, "alice") };
    await expect((await start(world))()).to.be.revertedWithCustomError(world.registry, "IdentityNoRecovery");
    await expect((await cancel(world))()).to.be.revertedWithCustomError(world.registry, "IdentityRecoveryNotStarted");
    await expect((await finish(world))()).to.be.revertedWithCustomError(world.registry, "IdentityRecoveryNotStarted");
  });

  it("of a registration signature is impossible: it cannot be replayed after the identity moved away", async () => {
    const world = await loadFixture(withRecovery);
    const { registry, alice } = world;
    await (await start(world))();
    await time.increase(RECOVERY_DELAY);
    await (await finish(world))();
    // The public ID stays with the identity for ever, so the very same registration can never pass again.
    await expect(
      register(registry, alice, "alice-two", { publicId: (await registry.identity(world.id)).publicId }),
    ).to.be.revertedWithCustomError(registry, "IdentityPublicIdTaken");
  });
});
