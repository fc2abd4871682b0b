import { expect } from "chai";
import { by, DAY, ethers, inOneBlock, loadFixture, mine, now, time } from "../support/chain.ts";
import { deployIdentities } from "../support/deploy.ts";
import { commitmentOf, deviceKeys, hash, keysOf, later, prepare, register, submit } from "../support/identities.ts";

const { ZeroAddress, ZeroHash } = ethers;

describe("IdentityRegistry: registration", () => {
  it("signs under the documented EIP-712 domain", async () => {
    const { registry } = await loadFixture(deployIdentities);
    const domain = await registry.eip712Domain();
    expect([domain.name, domain.version, domain.chainId]).to.deep.equal(["Skrumble IdentityRegistry", "1", 31337n]);
    expect(domain.verifyingContract).to.equal(await registry.getAddress());
  });

  it("takes the owner's signature from anybody's hand", async () => {
    const { registry, alice, dave } = await loadFixture(deployIdentities);
    const prepared = await prepare(registry, alice, "阿丽丝");
    await expect(registry.commit(prepared.commitment)).to.emit(registry, "Committed").withArgs(prepared.commitment);
    await expect(submit(by(dave, registry), prepared))
      .to.emit(registry, "Registered")
      .withArgs(1n, alice.address, hash("阿丽丝"), "阿丽丝")
      .and.to.emit(registry, "KeysChanged")
      .withArgs(
        1n,
        prepared.registration.publicId,
        1n,
        prepared.registration.agreementKey,
        prepared.registration.controller,
      )
      .and.to.emit(registry, "DevicesChanged")
      .withArgs(1n, 1n, prepared.registration.deviceRoot, prepared.devices);

    const found = await registry.identity(1n);
    expect(found.owner).to.equal(alice.address);
    expect(found.keyVersion).to.equal(1n);
    expect(found.registeredAt).to.equal(BigInt(await now()));
    expect(found.devicesBlock).to.equal(BigInt(await ethers.provider.getBlockNumber()));
    expect(found.revoked).to.equal(false);
    expect(found.saltName).to.equal(hash("阿丽丝"));
    expect(found.name).to.equal("阿丽丝");
    for (const field of ["publicId", "agreementKey", "controller", "deviceRoot"] as const) {
      expect(found[field]).to.equal(prepared.registration[field]);
    }
  });

  it("is found by name, name hash, public ID, owner and number", async () => {
    const { registry, alice, bob } = await loadFixture(deployIdentities);
    const id = await register(registry, alice, "alice");
    const answers = [
      await registry.identityOf("alice"),
      await registry.identityByNameHash(hash("alice")),
      await registry.identityByPublicId(keysOf("alice").publicId),
      await registry.identityByOwner(alice.address),
    ];
    for (const [found, record] of answers) {
      expect(found).to.equal(id);
      expect(record.name).to.equal("alice");
    }
    for (const [found, record] of [
      await registry.identityOf("nobody"),
      await registry.identityByPublicId(hash("nothing")),
      await registry.identityByOwner(bob.address),
    ]) {
      expect(found).to.equal(0n);
      expect(record.owner).to.equal(ZeroAddress);
    }
    for (const unknown of [0n, 2n, 2n ** 64n - 1n]) {
      await expect(registry.identity(unknown))
        .to.be.revertedWithCustomError(registry, "IdentityUnknown")
        .withArgs(unknown);
    }
    expect(await registry.identityCount()).to.equal(1n);
  });

  describe("commit and reveal", () => {
    it("gives a name wanted twice in one block to the first, and leaves the second person free to choose", async () => {
      const { registry, alice, bob, carol, dave } = await loadFixture(deployIdentities);
      const [first, second] = [
        await prepare(registry, alice, "wanted"),
        await prepare(registry, bob, "wanted", keysOf("bob")),
      ];
      await registry.commit(first.commitment);
      await registry.commit(second.commitment);
      const gas = { gasLimit: 1_000_000 };
      const args = ({ registration, secret, devices, signature }: typeof first) =>
        [registration, secret, devices, signature, gas] as const;
      const states = await inOneBlock(async () => [
        await by(carol, registry).registerFor(...args(first)),
        await by(dave, registry).registerFor(...args(second)),
      ]);
      expect(states.sort()).to.deep.equal(["reverted", "success"]);
      expect(await registry.identityCount()).to.equal(1n);
      const [, winner] = await registry.identityOf("wanted");
      const loser = winner.owner === alice.address ? bob : alice;
      await expect(submit(registry, loser === bob ? second : first))
        .to.be.revertedWithCustomError(registry, "IdentityNameTaken")
        .withArgs(hash("wanted"));
      expect(await register(registry, loser, "another", keysOf("loser"))).to.equal(2n);
    });

    it("cannot be sniped: a reveal that was seen serves its owner only", async () => {
      const { registry, alice, bob } = await loadFixture(deployIdentities);
      const prepared = await prepare(registry, alice, "alice");
      await registry.commit(prepared.commitment);
      // The sniper has seen all of Alice's transaction and answers with a higher priority.
      const sniped = await prepare(registry, bob, "alice", { publicId: prepared.registration.publicId });
      await expect(submit(registry, sniped)).to.be.revertedWithCustomError(registry, "IdentityNoCommitment");
      const gas = { gasLimit: 1_000_000 };
      const states = await inOneBlock(async () => [
        await by(bob, registry).commit(sniped.commitment, gas),
        await by(bob, registry).registerFor(sniped.registration, sniped.secret, sniped.devices, sniped.signature, gas),
        await registry.registerFor(prepared.registration, prepared.secret, prepared.devices, prepared.signature, gas),
      ]);
      expect(states).to.deep.equal(["success", "reverted", "success"]);
      expect((await registry.identityOf("alice"))[1].owner).to.equal(alice.address);
    });

    it("gives the same identity when somebody else submits the reveal first", async () => {
      const { registry, alice, bob } = await loadFixture(deployIdentities);
      const prepared = await prepare(registry, alice, "alice");
      await registry.commit(prepared.commitment);
      await submit(by(bob, registry), prepared);
      expect((await registry.identityOf("alice"))[1].owner).to.equal(alice.address);
      await expect(submit(registry, prepared)).to.be.revertedWithCustomError(registry, "IdentityOwnerTaken");
    });

    it("waits for a later block", async () => {
      const { registry, alice } = await loadFixture(deployIdentities);
      const prepared = await prepare(registry, alice, "alice");
      const gas = { gasLimit: 1_000_000 };
      const states = await inOneBlock(async () => [
        await registry.commit(prepared.commitment, gas),
        await registry.registerFor(prepared.registration, prepared.secret, prepared.devices, prepared.signature, gas),
      ]);
      expect(states).to.deep.equal(["success", "reverted"]);
      await submit(registry, prepared);
    });

    it("expires after a day and can then be made again", async () => {
      const { registry, alice } = await loadFixture(deployIdentities);
      const deadline = BigInt((await now()) + 10 * DAY);
      const prepared = await prepare(registry, alice, "alice", { deadline });
      await registry.commit(prepared.commitment);
      await time.increase(DAY + 1);
      expect(await registry.commitmentOf(prepared.commitment)).to.deep.equal([0n, 0n]);
      await expect(submit(registry, prepared))
        .to.be.revertedWithCustomError(registry, "IdentityCommitmentExpired")
        .withArgs(prepared.commitment);
      await registry.commit(prepared.commitment);
      await submit(registry, prepared);
    });

    it("cannot be set back by somebody who saw the commitment", async () => {
      const { registry, alice, bob } = await loadFixture(deployIdentities);
      const prepared = await prepare(registry, alice, "alice");
      await registry.commit(prepared.commitment);
      const before = await registry.commitmentOf(prepared.commitment);
      await mine(5);
      await expect(by(bob, registry).commit(prepared.commitment)).not.to.emit(registry, "Committed");
      expect(await registry.commitmentOf(prepared.commitment)).to.deep.equal(before);
      await submit(registry, prepared);
    });

    it("is needed, and for this name, owner, public ID and secret", async () => {
      const { registry, alice, bob } = await loadFixture(deployIdentities);
      const prepared = await prepare(registry, alice, "alice");
      const { name, owner, publicId } = prepared.registration;
      await expect(submit(registry, prepared)).to.be.revertedWithCustomError(registry, "IdentityNoCommitment");
      for (const other of [
        commitmentOf("alicf", owner, publicId, prepared.secret),
        commitmentOf(name, bob.address, publicId, prepared.secret),
        commitmentOf(name, owner, hash("other"), prepared.secret),
        commitmentOf(name, owner, publicId, hash("other")),
      ]) {
        await registry.commit(other);
      }
      await expect(submit(registry, prepared)).to.be.revertedWithCustomError(registry, "IdentityNoCommitment");
    });
  });

  describe("signature", () => {
    it("binds every field", async () => {
      const { registry, alice, bob } = await loadFixture(deployIdentities);
      const prepared = await prepare(registry, alice, "alice");
      const other = {
        owner: bob.address,
        name: "alicf",
        publicId: hash("x"),
        agreementKey: hash("x"),
        controller: bob.address,
        deviceRoot: hash("x"),
        deadline: (await later()) + 1n,
      };
      for (const [field, value] of Object.entries(other)) {
        const changed = { ...prepared, registration: { ...prepared.registration, [field]: value } };
        await expect(submit(registry, changed), field).to.be.revertedWithCustomError(
          registry,
          "IdentityInvalidSignature",
        );
      }
    });

    it("of another chain, contract, domain or signer is refused", async () => {
      const { registry, alice, bob } = await loadFixture(deployIdentities);
      for (const domain of [{ chainId: 1n }, { verifyingContract: bob.address }, { name: "Skrumble Network" }]) {
        const prepared = await prepare(registry, alice, "alice", { domain });
        await registry.commit(prepared.commitment);
        await expect(submit(registry, prepared))
          .to.be.revertedWithCustomError(registry, "IdentityInvalidSignature")
          .withArgs(alice.address);
      }
      const forged = await prepare(registry, bob, "alice", { owner: alice.address });
      await expect(submit(registry, forged)).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");
    });

    it("that is malformed, malleable or by nobody is refused", async () => {
      const { registry, alice } = await loadFixture(deployIdentities);
      const prepared = await prepare(registry, alice, "alice");
      await registry.commit(prepared.commitment);
      const { r, s, v } = ethers.Signature.from(prepared.signature);
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const high = ethers.toBeHex(order - BigInt(s), 32);
      const flipped = ethers.concat([r, high, v === 27 ? "0x1c" : "0x1b"]);
      for (const signature of ["0x", "0x00", `0x${"00".repeat(65)}`, `0x${"ff".repeat(65)}`, flipped]) {
        await expect(submit(registry, { ...prepared, signature })).to.be.revertedWithCustomError(
          registry,
          "IdentityInvalidSignature",
        );
      }
      const nobody = { ...prepared, registration: { ...prepared.registration, owner: ZeroAddress } };
      await expect(submit(registry, { ...nobody, signature: `0x${"00".repeat(65)}` })).to.be.revertedWithCustomError(
        registry,
        "IdentityInvalidSignature",
      );
    });

    it("is good until its deadline, that second included", async () => {
      const { registry, alice, bob } = await loadFixture(deployIdentities);
      const deadline = BigInt((await now()) + 1_000);
      const [prepared, late] = [
        await prepare(registry, alice, "alice", { deadline }),
        await prepare(registry, bob, "bob", { deadline }),
      ];
      await registry.commit(prepared.commitment);
      await registry.commit(late.commitment);
      await time.setNextBlockTimestamp(deadline);
      await submit(registry, prepared);
      await expect(submit(registry, late))
        .to.be.revertedWithCustomError(registry, "IdentityDeadlinePassed")
        .withArgs(deadline);
    });

    it("of a contract wallet is asked of the wallet (EIP-1271)", async () => {
      const { registry, alice, bob } = await loadFixture(deployIdentities);
      const wallet = await ethers.deployContract("WalletMock", [alice.address]);
      const owner = await wallet.getAddress();
      const prepared = await prepare(registry, alice, "wallet", { owner });
      await registry.commit(prepared.commitment);
      for (const temper of [await wallet.REVERTING(), await wallet.WRONG_VALUE(), await wallet.SHORT_ANSWER()]) {
        await wallet.setTemper(temper);
        await expect(submit(registry, prepared)).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");
      }
      await wallet.setTemper(await wallet.HONEST());
      const forged = await prepare(registry, bob, "wallet", { owner });
      await expect(submit(registry, forged)).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");
      await submit(registry, prepared);
      expect((await registry.identityOf("wallet"))[1].owner).to.equal(owner);
    });
  });

  it("allows one identity per owner and per public ID", async () => {
    const { registry, alice, bob } = await loadFixture(deployIdentities);
    await register(registry, alice, "alice");
    const again = await prepare(registry, alice, "alice-two");
    await registry.commit(again.commitment);
    await expect(submit(registry, again))
      .to.be.revertedWithCustomError(registry, "IdentityOwnerTaken")
      .withArgs(alice.address);
    const { publicId } = keysOf("alice");
    const copied = await prepare(registry, bob, "bob", { publicId });
    await registry.commit(copied.commitment);
    await expect(submit(registry, copied))
      .to.be.revertedWithCustomError(registry, "IdentityPublicIdTaken")
      .withArgs(publicId);
  });

  it("refuses missing keys", async () => {
    const { registry, alice } = await loadFixture(deployIdentities);
    for (const missing of [{ publicId: ZeroHash }, { agreementKey: ZeroHash }, { controller: ZeroAddress }]) {
      const prepared = await prepare(registry, alice, "alice", missing);
      await registry.commit(prepared.commitment);
      await expect(submit(registry, prepared)).to.be.revertedWithCustomError(registry, "IdentityMissingKey");
    }
  });

  it("refuses a device list other than the one signed", async () => {
    const { registry, alice } = await loadFixture(deployIdentities);
    const prepared = await prepare(registry, alice, "alice");
    await registry.commit(prepared.commitment);
    for (const devices of [[], deviceKeys(1), deviceKeys(3)]) {
      await expect(submit(registry, { ...prepared, devices })).to.be.revertedWithCustomError(
        registry,
        "IdentityDeviceRootMismatch",
      );
    }
  });

  it("refuses delays of nothing or of ages", async () => {
    const { registry } = await loadFixture(deployIdentities);
    for (const [recovery, cooldown] of [
      [0, DAY],
      [366 * DAY, DAY],
      [DAY, 3651 * DAY],
    ]) {
      await expect(ethers.deployContract("IdentityRegistry", [recovery, cooldown])).to.be.revertedWithCustomError(
        registry,
        "IdentityInvalidDelay",
      );
    }
  });
});
