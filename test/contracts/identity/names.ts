import { expect } from "chai";
import { DAY, ethers, loadFixture, now, time } from "../support/chain.ts";
import { deployIdentities, NAME_COOLDOWN, RECOVERY_DELAY } from "../support/deploy.ts";
import {
  authorise,
  commitmentOf,
  hash,
  identityDomain,
  keysOf,
  later,
  prepare,
  register,
  submit,
} from "../support/identities.ts";
import { sign } from "../support/typedData.ts";

const { toUtf8Bytes } = ethers;

describe("IdentityRegistry: names", () => {
  async function withAlice() {
    const deployed = await deployIdentities();
    const id = await register(deployed.registry, deployed.alice, "alice");
    return { ...deployed, id };
  }
  type World = Awaited<ReturnType<typeof withAlice>>;

  async function rename({ registry, alice }: World, id: bigint, name: string, person = "alice", signer = alice) {
    const secret = hash(`${name} secret`);
    const owner = (await registry.identity(id)).owner;
    await registry.commit(commitmentOf(name, owner, keysOf(person).publicId, secret));
    const { deadline, signature } = await authorise(registry, signer, "Rename", id, { name });
    return { call: () => registry.rename(id, name, secret, deadline, signature), secret, deadline, signature };
  }

  describe("rules", () => {
    /** isAvailable takes a string; malformed bytes must be encoded by hand. */
    async function check(bytes: Uint8Array | string) {
      const { registry } = await loadFixture(deployIdentities);
      const raw = typeof bytes === "string" ? toUtf8Bytes(bytes) : bytes;
      const body = ethers.AbiCoder.defaultAbiCoder().encode(["bytes"], [raw]);
      const { selector } = registry.interface.getFunction("isAvailable") as { selector: string };
      return {
        registry,
        call: ethers.provider.call({ to: await registry.getAddress(), data: selector + body.slice(2) }),
      };
    }

    for (const name of ["abc", "a-b_c", "名", "李雷", "привет", "zoë", "🙂", "0x1", "x".repeat(64), "名".repeat(21)]) {
      it(`allow ${JSON.stringify(name.slice(0, 8))} (${toUtf8Bytes(name).length} bytes)`, async () => {
        const { call } = await check(name);
        expect(BigInt(await call)).to.equal(1n);
      });
    }

    for (const name of ["", "a", "ab", "é", "x".repeat(65), "名".repeat(22), "x".repeat(5_000)]) {
      it(`refuse ${toUtf8Bytes(name).length} bytes`, async () => {
        const { registry, call } = await check(name);
        await expect(call)
          .to.be.revertedWithCustomError(registry, "IdentityNameLength")
          .withArgs(BigInt(toUtf8Bytes(name).length));
      });
    }

    for (const [name, position] of [
      ["Alice", 0],
      ["alicE", 4],
      ["al ice", 2],
      ["alice.skm", 5],
      ["al\nice", 2],
      ["al\u0000ice", 2],
      ["alice\u007f", 5],
      ["al\u0085ice", 2],
    ] as const) {
      it(`refuse ${JSON.stringify(name)}`, async () => {
        const { registry, call } = await check(name);
        await expect(call).to.be.revertedWithCustomError(registry, "IdentityNameCharacter").withArgs(position);
      });
    }

    for (const [what, hex] of [
      ["a lone continuation byte", "61626380"],
      ["a cut character", "616263e590"],
      ["an overlong '/'", "616263c0af"],
      ["an overlong two-byte form", "616263c180"],
      ["an overlong three-byte form", "616263e080af"],
      ["a surrogate", "616263eda080"],
      ["an overlong four-byte form", "616263f08080af"],
      ["a point above U+10FFFF", "616263f4908080"],
      ["a five-byte form", "616263f888808080"],
      ["a broken third byte", "616263e5907f"],
      ["a broken fourth byte", "616263f09f9900"],
      ["0xff", "616263ff"],
    ]) {
      it(`refuse malformed UTF-8: ${what}`, async () => {
        const { registry, call } = await check(ethers.getBytes(`0x${hex}`));
        await expect(call).to.be.revertedWithCustomError(registry, "IdentityNameCharacter").withArgs(3n);
      });
    }

    it("hold at registration and renaming too", async () => {
      const world = await loadFixture(withAlice);
      const { registry, bob } = world;
      await expect(submit(registry, await prepare(registry, bob, "Bob"))).to.be.revertedWithCustomError(
        registry,
        "IdentityNameCharacter",
      );
      const { call } = await rename(world, world.id, "b.b");
      await expect(call()).to.be.revertedWithCustomError(registry, "IdentityNameCharacter");
    });
  });

  it("are announced as taken, cooling or free", async () => {
    const world = await loadFixture(withAlice);
    const { registry, id } = world;
    expect(await registry.isAvailable("alice")).to.equal(false);
    expect(await registry.isAvailable("alicia")).to.equal(true);
    await (await rename(world, id, "alicia")).call();
    expect(await registry.isAvailable("alice")).to.equal(false);
    await time.increase(NAME_COOLDOWN);
    expect(await registry.isAvailable("alice")).to.equal(true);
  });

  it("change by the owner's signature; keys, salt and public ID stay", async () => {
    const world = await loadFixture(withAlice);
    const { registry, id } = world;
    await expect((await rename(world, id, "alicia")).call())
      .to.emit(registry, "Renamed")
      .withArgs(id, hash("alice"), hash("alicia"), "alicia");
    const [found, record] = await registry.identityOf("alicia");
    expect(found).to.equal(id);
    expect(record.saltName).to.equal(hash("alice"));
    expect(record.keyVersion).to.equal(1n);
    expect((await registry.identityOf("alice"))[0]).to.equal(0n);
    expect((await registry.identityByPublicId(keysOf("alice").publicId))[0]).to.equal(id);
  });

  it("once left are kept from others for the cooling-off period, not from who left them", async () => {
    const world = await loadFixture(withAlice);
    const { registry, id, bob } = world;
    await (await rename(world, id, "alicia")).call();
    const bobs = await prepare(registry, bob, "alice", { ...keysOf("bob") });
    await registry.commit(bobs.commitment);
    await expect(submit(registry, bobs)).to.be.revertedWithCustomError(registry, "IdentityNameCooling");
    await (await rename(world, id, "alice")).call();
    await expect(submit(registry, bobs)).to.be.revertedWithCustomError(registry, "IdentityNameTaken");
    await (await rename(world, id, "alicia")).call();
    await time.increase(NAME_COOLDOWN);
    expect(await register(registry, bob, "alice", keysOf("bob"))).to.equal(2n);
    await expect((await rename(world, id, "alice")).call()).to.be.revertedWithCustomError(
      registry,
      "IdentityNameTaken",
    );
  });

  it("change again only when the one left before is free, so that an identity keeps two from others at most", async () => {
    const world = await loadFixture(withAlice);
    const { registry, id, bob } = world;
    await (await rename(world, id, "alicia")).call();
    const free = (await now()) + NAME_COOLDOWN;
    const early = await rename(world, id, "alison");
    await expect(early.call()).to.be.revertedWithCustomError(registry, "IdentityRenameTooEarly").withArgs(id, free);
    expect(await registry.isAvailable("alison")).to.equal(true);
    // Others can have it meanwhile.
    await register(registry, bob, "alison");

    await time.increaseTo(free - DAY / 2);
    const third = await rename(world, id, "alina");
    await time.setNextBlockTimestamp(free - 1);
    await expect(third.call()).to.be.revertedWithCustomError(registry, "IdentityRenameTooEarly");
    await time.setNextBlockTimestamp(free);
    await third.call();
    expect(await registry.isAvailable("alice")).to.equal(true);
    expect(await registry.isAvailable("alicia")).to.equal(false);
  });

  it("once left can be taken back at any time, which does not shorten the wait for a third", async () => {
    const world = await loadFixture(withAlice);
    const { registry, id } = world;
    for (const name of ["alicia", "alice", "alicia", "alice"]) {
      await (await rename(world, id, name)).call();
      await expect((await rename(world, id, "alison")).call()).to.be.revertedWithCustomError(
        registry,
        "IdentityRenameTooEarly",
      );
    }
    await time.increase(NAME_COOLDOWN);
    await (await rename(world, id, "alison")).call();
    expect(await registry.isAvailable("alicia")).to.equal(true);
    // Long free, so that taking it back would be a third name like any other.
    await expect((await rename(world, id, "alicia")).call()).to.be.revertedWithCustomError(
      registry,
      "IdentityRenameTooEarly",
    );
  });

  it("that were left by somebody else do not make their new bearer wait", async () => {
    const world = await loadFixture(withAlice);
    const { registry, id, bob } = world;
    await (await rename(world, id, "alicia")).call();
    await time.increase(NAME_COOLDOWN);
    const bobs = await register(registry, bob, "alice", keysOf("bob"));
    await (await rename(world, bobs, "bobby", "bob", bob)).call();
    expect((await registry.identityOf("bobby"))[0]).to.equal(bobs);
  });

  it("change at will where nothing cools off", async () => {
    const world = await loadFixture(deployIdentities);
    const registry = await ethers.deployContract("IdentityRegistry", [RECOVERY_DELAY, 0]);
    const id = await register(registry, world.alice, "alice");
    for (const name of ["alicia", "alison", "alina"]) await (await rename({ ...world, registry, id }, id, name)).call();
    expect(await registry.isAvailable("alison")).to.equal(true);
  });

  it("of others, and the one already borne, are refused", async () => {
    const world = await loadFixture(withAlice);
    const { registry, id, bob } = world;
    await register(registry, bob, "bob");
    for (const name of ["bob", "alice"]) {
      await expect((await rename(world, id, name)).call())
        .to.be.revertedWithCustomError(registry, "IdentityNameTaken")
        .withArgs(hash(name));
    }
  });

  it("need a commitment under the current public ID to change", async () => {
    const { registry, alice, id } = await loadFixture(withAlice);
    await registry.commit(commitmentOf("alicia", alice.address, hash("other"), hash("s")));
    const { deadline, signature } = await authorise(registry, alice, "Rename", id, { name: "alicia" });
    await expect(registry.rename(id, "alicia", hash("s"), deadline, signature)).to.be.revertedWithCustomError(
      registry,
      "IdentityNoCommitment",
    );
  });

  it("do not change twice by one signature, nor by a stranger's, another chain's or an old one", async () => {
    const world = await loadFixture(withAlice);
    const { registry, alice, bob, id } = world;
    const first = await rename(world, id, "alicia");
    await first.call();
    await (await rename(world, id, "alice")).call();
    await registry.commit(commitmentOf("alicia", alice.address, keysOf("alice").publicId, first.secret));
    await expect(first.call()).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");

    const strangers = await rename(world, id, "alina", "alice", bob);
    await expect(strangers.call()).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");

    const message = { identityId: id, name: "alina", nonce: await registry.ownerNonce(id), deadline: await later() };
    const domain = { ...(await identityDomain(registry)), chainId: 1n };
    const foreign = await sign(alice, domain, "Rename", message);
    await expect(
      registry.rename(id, "alina", hash("alina secret"), message.deadline, foreign),
    ).to.be.revertedWithCustomError(registry, "IdentityInvalidSignature");

    const late = await authorise(registry, alice, "Rename", id, { name: "alina", deadline: 1n });
    await expect(
      registry.rename(id, "alina", hash("alina secret"), late.deadline, late.signature),
    ).to.be.revertedWithCustomError(registry, "IdentityDeadlinePassed");
  });
});
