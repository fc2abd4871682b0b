import { expect } from "chai";
import { ethers, loadFixture } from "../support/chain.ts";
import { deployIdentities } from "../support/deploy.ts";
import {
  authorise,
  commitmentOf,
  controllerOf,
  deviceKeys,
  deviceRoot,
  hash,
  keysOf,
  register,
} from "../support/identities.ts";

const { ZeroAddress, ZeroHash } = ethers;

describe("IdentityRegistry: keys and devices", () => {
  async function withAlice() {
    const deployed = await deployIdentities();
    const id = await register(deployed.registry, deployed.alice, "alice");
    return { ...deployed, id, controller: controllerOf("alice") };
  }
  type World = Awaited<ReturnType<typeof withAlice>>;

  async function rotate({ registry, alice, id }: World, version = 2, over = {}, signer = alice) {
    const devices = deviceKeys(3, `version ${version}`);
    const keys = { ...keysOf("alice", version), deviceRoot: deviceRoot(devices), ...over };
    const secret = hash(`secret ${version}`);
    await registry.commit(commitmentOf("alice", alice.address, keys.publicId, secret));
    const { deadline, signature } = await authorise(registry, signer, "Rotate", id, keys);
    return { keys, devices, call: () => registry.rotate(id, keys, secret, devices, deadline, signature) };
  }

  async function setDevices(
    { registry, id }: World,
    signer: Parameters<typeof authorise>[1],
    devices: string[],
    over = {},
  ) {
    const { deadline, signature } = await authorise(registry, signer, "SetDevices", id, {
      deviceRoot: deviceRoot(devices),
      ...over,
    });
    return () => registry.setDevices(id, devices, deadline, signature);
  }

  async function setController(
    { registry, alice, id }: World,
    { signer = alice as Parameters<typeof authorise>[1], devices = deviceKeys(2, "left"), over = {} } = {},
  ) {
    const fields = { controller: controllerOf("alice", 2).address, deviceRoot: deviceRoot(devices), ...over };
    const { deadline, signature } = await authorise(registry, signer, "SetController", id, fields);
    return () => registry.setController(id, fields.controller, devices, deadline, signature);
  }

  async function revoke({ registry, alice, id }: World, signer: Parameters<typeof authorise>[1] = alice) {
    const { deadline, signature } = await authorise(registry, signer, "Revoke", id);
    return () => registry.revoke(id, deadline, signature);
  }

  describe("device root", () => {
    for (const count of [0, 1, 2, 3, 5, 8, 33, 64]) {
      it(`of ${count} devices is the documented tree's`, async () => {
        const { registry } = await loadFixture(deployIdentities);
        expect(await registry.computeDeviceRoot(deviceKeys(count))).to.equal(deviceRoot(deviceKeys(count)));
      });
    }

    it("is refused for too many, unordered, repeated or zero keys", async () => {
      const { registry } = await loadFixture(deployIdentities);
      await expect(registry.computeDeviceRoot(deviceKeys(65)))
        .to.be.revertedWithCustomError(registry, "IdentityTooManyDevices")
        .withArgs(65n);
      const [first, second] = deviceKeys(2);
      for (const [keys, index] of [
        [[second, first], 1n],
        [[first, first], 1n],
        [[ZeroHash], 0n],
      ] as const) {
        await expect(registry.computeDeviceRoot([...keys]))
          .to.be.revertedWithCustomError(registry, "IdentityDeviceOrder")
          .withArgs(index);
      }
    });
  });

  describe("devices", () => {
    it("change by the controller's signature, without the wallet", async () => {
      const world = await loadFixture(withAlice);
      const { registry, id, controller } = world;
      const devices = deviceKeys(64);
      await expect((await setDevices(world, controller, devices))())
        .to.emit(registry, "DevicesChanged")
        .withArgs(id, 1n, deviceRoot(devices), devices);
      const record = await registry.identity(id);
      expect(record.deviceRoot).to.equal(deviceRoot(devices));
      expect(record.devicesBlock).to.equal(BigInt(await ethers.provider.getBlockNumber()));
    });

    it("change by the owner's signature as well, down to none", async () => {
      const world = await loadFixture(withAlice);
      await (await setDevices(world, world.alice, []))();
      expect((await world.registry.identity(world.id)).deviceRoot).to.equal(ZeroHash);
    });

    it("do not change by a stranger's, a repeated or a late signature, or for another list", async () => {
      const world = await loadFixture(withAlice);
      const { registry, id, bob, controller } = world;
      await expect((await setDevices(world, bob, deviceKeys(1)))()).to.be.revertedWithCustomError(
        registry,
        "IdentityInvalidSignature",
      );
      const call = await setDevices(world, controller, deviceKeys(1));
      await call();
      await expect(call()).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");
      for (const signer of [controller, world.alice]) {
        const late = await setDevices(world, signer, deviceKeys(1), { deadline: 1n });
        await expect(late()).to.be.revertedWithCustomError(registry, "IdentityDeadlinePassed");
      }
      const { deadline, signature } = await authorise(registry, controller, "SetDevices", id, {
        deviceRoot: deviceRoot(deviceKeys(1)),
      });
      await expect(registry.setDevices(id, deviceKeys(2), deadline, signature)).to.be.revertedWithCustomError(
        registry,
        "IdentityInvalidSignature",
      );
    });

    it("changed by a thief of the private ID cannot make the owner's signatures stale", async () => {
      const world = await loadFixture(withAlice);
      const { registry, id, controller } = world;
      const stop = await revoke(world);
      for (let i = 0; i < 3; i++) await (await setDevices(world, controller, deviceKeys(1, `thief ${i}`)))();
      await stop();
      expect((await registry.identity(id)).revoked).to.equal(true);
      await expect((await setDevices(world, controller, deviceKeys(1)))()).to.be.revertedWithCustomError(
        registry,
        "IdentityRevoked",
      );
    });
  });

  describe("a new controller", () => {
    it("comes with a new device list, by the owner's signature alone, and changes no other key", async () => {
      const world = await loadFixture(withAlice);
      const { registry, id } = world;
      const devices = deviceKeys(2, "left");
      const { publicId, agreementKey } = keysOf("alice");
      const { address } = controllerOf("alice", 2);
      await expect((await setController(world))())
        .to.emit(registry, "KeysChanged")
        .withArgs(id, publicId, 1n, agreementKey, address)
        .and.to.emit(registry, "DevicesChanged")
        .withArgs(id, 1n, deviceRoot(devices), devices);
      const record = await registry.identity(id);
      expect(record.controller).to.equal(address);
      expect(record.deviceRoot).to.equal(deviceRoot(devices));
      expect(record.keyVersion).to.equal(1n);
      expect(record.publicId).to.equal(publicId);
      await (await setDevices(world, controllerOf("alice", 2), deviceKeys(3)))();
    });

    it("makes the old one worthless, with every list signed before", async () => {
      const world = await loadFixture(withAlice);
      const { registry, alice, controller } = world;
      const byController = await setDevices(world, controller, deviceKeys(1, "thief"));
      const byOwner = await setDevices(world, alice, deviceKeys(1, "thief"));
      await (await setController(world))();
      for (const stale of [byController, byOwner, await setDevices(world, controller, deviceKeys(1, "thief"))]) {
        await expect(stale()).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");
      }
    });

    it("comes whatever a thief of the old one writes meanwhile", async () => {
      const world = await loadFixture(withAlice);
      const { registry, id, controller } = world;
      const call = await setController(world);
      for (let i = 0; i < 3; i++) await (await setDevices(world, controller, deviceKeys(64, `thief ${i}`)))();
      await call();
      expect((await registry.identity(id)).deviceRoot).to.equal(deviceRoot(deviceKeys(2, "left")));
    });

    it("is refused to controller and strangers, twice, late, for none, for another one and for another list", async () => {
      const world = await loadFixture(withAlice);
      const { registry, id, alice, bob, controller } = world;
      const invalid = "IdentityInvalidSignature";
      for (const signer of [bob, controller]) {
        await expect((await setController(world, { signer }))()).to.be.revertedWithCustomError(registry, invalid);
      }
      const late = await setController(world, { over: { deadline: 1n } });
      await expect(late()).to.be.revertedWithCustomError(registry, "IdentityDeadlinePassed");
      const none = await setController(world, { over: { controller: ZeroAddress } });
      await expect(none()).to.be.revertedWithCustomError(registry, "IdentityMissingKey");
      const devices = deviceKeys(2, "left");
      const fields = { controller: bob.address, deviceRoot: deviceRoot(devices) };
      const { deadline, signature } = await authorise(registry, alice, "SetController", id, fields);
      for (const [address, list] of [
        [alice.address, devices],
        [bob.address, deviceKeys(2, "other")],
      ] as const) {
        await expect(registry.setController(id, address, list, deadline, signature)).to.be.revertedWithCustomError(
          registry,
          invalid,
        );
      }
      for (const [list, error] of [
        [deviceKeys(65), "IdentityTooManyDevices"],
        [devices.toReversed(), "IdentityDeviceOrder"],
      ] as const) {
        await expect(registry.setController(id, bob.address, list, deadline, signature)).to.be.revertedWithCustomError(
          registry,
          error,
        );
      }
      const call = await setController(world);
      await call();
      await expect(call()).to.be.revertedWithCustomError(registry, invalid);
    });

    it("does not end a revocation", async () => {
      const world = await loadFixture(withAlice);
      await (await revoke(world))();
      await expect((await setController(world))()).to.be.revertedWithCustomError(world.registry, "IdentityRevoked");
    });
  });

  describe("rotation", () => {
    it("replaces all keys, counts a version and takes the present name as salt", async () => {
      const world = await loadFixture(withAlice);
      const { registry, id } = world;
      const { keys, devices, call } = await rotate(world);
      await expect(call())
        .to.emit(registry, "KeysChanged")
        .withArgs(id, keys.publicId, 2n, keys.agreementKey, keys.controller)
        .and.to.emit(registry, "DevicesChanged")
        .withArgs(id, 2n, keys.deviceRoot, devices);
      const record = await registry.identity(id);
      expect(record.keyVersion).to.equal(2n);
      expect(record.publicId).to.equal(keys.publicId);
      expect(record.controller).to.equal(keys.controller);
      expect(record.saltName).to.equal(hash("alice"));
    });

    it("leaves the old public ID leading to the identity, and to no other for ever", async () => {
      const world = await loadFixture(withAlice);
      const { registry, id, bob } = world;
      await (await rotate(world)).call();
      const old = keysOf("alice").publicId;
      const [found, record] = await registry.identityByPublicId(old);
      expect(found).to.equal(id);
      expect(record.publicId).to.equal(keysOf("alice", 2).publicId);
      await expect((await rotate(world, 1)).call()).to.be.revertedWithCustomError(registry, "IdentityPublicIdTaken");
      await expect(register(registry, bob, "bob", { publicId: old })).to.be.revertedWithCustomError(
        registry,
        "IdentityPublicIdTaken",
      );
    });

    it("is the owner's alone, each signature once, with all keys and the signed devices", async () => {
      const world = await loadFixture(withAlice);
      const { registry, bob, controller } = world;
      for (const signer of [bob, controller]) {
        await expect((await rotate(world, 2, {}, signer as typeof bob)).call()).to.be.revertedWithCustomError(
          registry,
          "IdentityInvalidSignature",
        );
      }
      for (const missing of [{ publicId: ZeroHash }, { agreementKey: ZeroHash }, { controller: ZeroAddress }]) {
        await expect((await rotate(world, 2, missing)).call()).to.be.revertedWithCustomError(
          registry,
          "IdentityMissingKey",
        );
      }
      await expect((await rotate(world, 2, { deviceRoot: ZeroHash })).call()).to.be.revertedWithCustomError(
        registry,
        "IdentityDeviceRootMismatch",
      );
      const { call } = await rotate(world);
      await call();
      await expect(call()).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");
    });

    it("makes the old controller and device lists signed before it worthless", async () => {
      const world = await loadFixture(withAlice);
      const { registry, alice, controller } = world;
      const byController = await setDevices(world, controller, deviceKeys(1, "old"));
      const byOwner = await setDevices(world, alice, deviceKeys(1, "old"));
      await (await rotate(world)).call();
      for (const stale of [byController, byOwner, await setDevices(world, controller, deviceKeys(1))]) {
        await expect(stale()).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");
      }
      await (await setDevices(world, controllerOf("alice", 2), deviceKeys(1)))();
    });
  });

  describe("revocation", () => {
    it("throws out devices and controller by the owner's signature alone", async () => {
      const world = await loadFixture(withAlice);
      const { registry, id } = world;
      await expect((await revoke(world))())
        .to.emit(registry, "Revoked")
        .withArgs(id)
        .and.to.emit(registry, "DevicesChanged")
        .withArgs(id, 1n, ZeroHash, []);
      const record = await registry.identity(id);
      expect(record.revoked).to.equal(true);
      expect(record.controller).to.equal(ZeroAddress);
      expect(record.deviceRoot).to.equal(ZeroHash);
    });

    it("is refused to the controller and to strangers, and a second time", async () => {
      const world = await loadFixture(withAlice);
      const { registry, bob, controller } = world;
      for (const signer of [bob, controller]) {
        await expect((await revoke(world, signer))()).to.be.revertedWithCustomError(
          registry,
          "IdentityInvalidSignature",
        );
      }
      await (await revoke(world))();
      await expect((await revoke(world))()).to.be.revertedWithCustomError(registry, "IdentityRevoked");
    });

    it("lasts until a rotation, whatever was signed before", async () => {
      const world = await loadFixture(withAlice);
      const { registry, alice, id, controller } = world;
      const stale = await setDevices(world, alice, deviceKeys(1, "stolen"));
      await (await revoke(world))();
      for (const call of [stale, await setDevices(world, controller, []), await setDevices(world, alice, [])]) {
        await expect(call()).to.be.revertedWithCustomError(registry, "IdentityRevoked");
      }
      await (await rotate(world)).call();
      expect((await registry.identity(id)).revoked).to.equal(false);
      await expect(stale()).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");
    });
  });

  it("shows in two words who may act, and nobody when it is revoked or not there", async () => {
    const world = await loadFixture(withAlice);
    const { registry, alice, id, controller } = world;
    expect([...(await registry.activeKeys(id))]).to.deep.equal([alice.address, controller.address]);
    const { deadline, signature } = await authorise(registry, alice, "Revoke", id);
    await registry.revoke(id, deadline, signature);
    for (const none of [id, 0n, 99n]) {
      expect([...(await registry.activeKeys(none))]).to.deep.equal([ZeroAddress, ZeroAddress]);
    }
    const { keys, call } = await rotate(world);
    await call();
    expect([...(await registry.activeKeys(id))]).to.deep.equal([alice.address, keys.controller]);
  });

  it("of nobody cannot be touched", async () => {
    const { registry, alice } = await loadFixture(deployIdentities);
    const { deadline, signature } = await authorise(registry, alice, "Revoke", 9n);
    const keys = { ...keysOf("x"), deviceRoot: ZeroHash };
    for (const call of [
      registry.revoke(9n, deadline, signature),
      registry.rotate(9n, keys, ZeroHash, [], deadline, signature),
      registry.setDevices(9n, [], deadline, signature),
      registry.setController(9n, alice.address, [], deadline, signature),
      registry.rename(9n, "xyz", ZeroHash, deadline, signature),
      registry.setRecovery(9n, alice.address, deadline, signature),
      registry.startRecovery(9n, alice.address, deadline, signature),
      registry.cancelRecovery(9n, deadline, signature),
      registry.finishRecovery(9n, deadline, signature),
    ]) {
      await expect(call).to.be.revertedWithCustomError(registry, "IdentityUnknown").withArgs(9n);
    }
  });
});
