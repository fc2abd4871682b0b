import { by, time } from "../support/chain.ts";
import { deployIdentities, RECOVERY_DELAY } from "../support/deploy.ts";
import { authorise, commitmentOf, deviceKeys, deviceRoot, hash, keysOf, prepare } from "../support/identities.ts";
import type { Meter } from "./meter.ts";
import { DEADLINE } from "./token.ts";

export async function measureIdentities(meter: Meter): Promise<void> {
  const { registry, alice, bob, carol, dave } = await deployIdentities();
  const send = (name: string, args: unknown[], which?: string) =>
    meter.send("IdentityRegistry", by(dave, registry), name, args, which);
  const signed = (as: typeof alice, type: Parameters<typeof authorise>[2], fields = {}) =>
    authorise(registry, as, type, 1n, { deadline: DEADLINE, ...fields }).then(({ signature }) => signature);

  const registering = async (as: typeof alice, name: string, count: number, which: string) => {
    const prepared = await prepare(registry, as, name, { devices: deviceKeys(count), deadline: DEADLINE });
    await (which === "1 device" ? send("commit", [prepared.commitment]) : submitCommit(prepared.commitment));
    const { registration, secret, devices, signature } = prepared;
    await send("registerFor", [registration, secret, devices, signature], which);
  };
  const submitCommit = (commitment: string) => registry.commit(commitment);
  await registering(alice, "alice", 1, "1 device");
  await registering(bob, "x".repeat(64), 64, "64 devices, the longest name");

  await registry.commit(commitmentOf("alicia", alice.address, keysOf("alice").publicId, hash("s")));
  await send("rename", [1n, "alicia", hash("s"), DEADLINE, await signed(alice, "Rename", { name: "alicia" })]);
  for (const count of [1, 64]) {
    const devices = deviceKeys(count, `${count}`);
    const signature = await signed(alice, "SetDevices", { deviceRoot: deviceRoot(devices) });
    await send("setDevices", [1n, devices, DEADLINE, signature], `${count} device${count > 1 ? "s" : ""}`);
  }
  for (const count of [1, 64]) {
    const devices = deviceKeys(count, `${count}`);
    const { controller } = keysOf("alice", 10 + count);
    const signature = await signed(alice, "SetController", { controller, deviceRoot: deviceRoot(devices) });
    const which = `${count} device${count > 1 ? "s" : ""}`;
    await send("setController", [1n, controller, devices, DEADLINE, signature], which);
  }
  await send("revoke", [1n, DEADLINE, await signed(alice, "Revoke")]);
  for (const [index, count] of [1, 64].entries()) {
    const devices = deviceKeys(count, `${count}`);
    const keys = { ...keysOf("alice", index + 2), deviceRoot: deviceRoot(devices) };
    const which = `${count} device${count > 1 ? "s" : ""}`;
    await registry.commit(commitmentOf("alicia", alice.address, keys.publicId, hash("s")));
    await send("rotate", [1n, keys, hash("s"), devices, DEADLINE, await signed(alice, "Rotate", keys)], which);
  }

  const recovery = carol.address;
  await send("setRecovery", [1n, recovery, DEADLINE, await signed(alice, "SetRecovery", { recovery })]);
  const newOwner = dave.address;
  await send("startRecovery", [1n, newOwner, DEADLINE, await signed(carol, "StartRecovery", { newOwner })]);
  await send("cancelRecovery", [1n, DEADLINE, await signed(alice, "CancelRecovery")]);
  await registry.startRecovery(1n, newOwner, DEADLINE, await signed(carol, "StartRecovery", { newOwner }));
  await time.increase(RECOVERY_DELAY);
  await send("finishRecovery", [1n, DEADLINE, await signed(dave, "AcceptRecovery")]);

  for (const [name, ...args] of [
    ["identityOf", "alicia"],
    ["identityByNameHash", hash("alicia")],
    ["identityByPublicId", keysOf("alice").publicId],
    ["identityByOwner", dave.address],
    ["idByOwner", dave.address],
    ["identity", 1n],
    ["activeKeys", 1n],
    ["identityCount"],
    ["isAvailable", "x".repeat(64)],
    ["commitmentOf", hash("none")],
    ["recoveryOf", 1n],
    ["ownerNonce", 1n],
    ["deviceNonce", 1n],
    ["recoveryNonce", 1n],
    ["computeDeviceRoot", deviceKeys(64)],
    ["recoveryDelay"],
    ["nameCooldown"],
    ["eip712Domain"],
  ] as const) {
    await meter.read("IdentityRegistry", registry, name, args);
  }
}
