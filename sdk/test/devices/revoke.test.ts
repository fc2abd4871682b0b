import { privateKeyToAddress } from "viem/accounts";
import { afterEach, expect, test } from "vitest";
import type { Core } from "../../src/client/core.ts";
import { toHex } from "../../src/crypto/bytes.ts";
import { sealController } from "../../src/devices/controller.ts";
import { type ListNote, ownName, tellOwnDevices } from "../../src/devices/notes.ts";
import { changeDevices, controllerSigner } from "../../src/identity/changeDevices.ts";
import { deviceRoot } from "../../src/identity/deviceRoot.ts";
import { createLocalWallet, newWalletKey } from "../../src/identity/localWallet.ts";
import { readPeer } from "../../src/identity/verifyPeer.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import type { DeviceEvent } from "../../src/types/devices.ts";
import type { Hex } from "../../src/types/primitives.ts";
import { type Crowd, createCrowd, type Device } from "../support/deviceCrowd.ts";
import { sendText } from "../support/say.ts";

let crowd: Crowd;
afterEach(() => crowd.close());

const coreOf = ({ session }: Device): Core => session.core;
const keyOf = (device: Device): Hex => coreOf(device).self.identity.deviceKey;
const entryOf = (device: Device) =>
  crowd.registry.entries.get(device.publicId) as { controller: string; devices: Uint8Array[] };
const holdsKey = (device: Device) =>
  privateKeyToAddress(coreOf(device).self.controller as Hex) === entryOf(device).controller;
const listed = (device: Device) => entryOf(device).devices.map((key) => toHex(key));

/** A person with so many devices and a wallet that counts what it is asked. */
async function person(count: number) {
  crowd = createCrowd();
  const devices: Device[] = [];
  for (let n = 0; n < count; n++) devices.push(await crowd.open(1));
  const real = createLocalWallet(newWalletKey());
  const asked: string[] = [];
  const wallet: WalletSigner = {
    address: real.address,
    signTypedData(typedData) {
      asked.push(typedData.primaryType);
      return real.signTypedData(typedData);
    },
  };
  Object.assign(entryOf(devices[0] as Device), { owner: wallet.address });
  return { devices, wallet, asked };
}

/** What a thief of a device does with its controller key. */
async function putBack(thief: Device): Promise<unknown> {
  const core = coreOf(thief);
  const record = await readPeer(core.chain, thief.publicId);
  const { deviceKey, controller } = core.self;
  return changeDevices(core, record, controllerSigner(controller as Hex), (devices) => [...devices, deviceKey.public]);
}

test("without the wallet a found device puts itself back; removed with the wallet it cannot, and the others go on", async () => {
  const { devices, wallet, asked } = await person(3);
  const [laptop, tablet, phone] = devices as [Device, Device, Device];
  await laptop.devices.revoke(keyOf(phone));
  expect(listed(laptop)).not.toContain(keyOf(phone));
  await putBack(phone);
  expect(listed(laptop)).toContain(keyOf(phone));

  await laptop.devices.revoke(keyOf(phone), wallet);
  expect(asked).toEqual(["SetController"]);
  expect(listed(laptop).toSorted()).toEqual([keyOf(laptop), keyOf(tablet)].toSorted());
  await expect(putBack(phone)).rejects.toMatchObject({ code: "CHAIN_REJECTED" });
  await crowd.until("the new key", () => holdsKey(tablet));
  expect([laptop, tablet, phone].map(holdsKey)).toEqual([true, true, false]);

  // The tablet does not need the wallet, also after a restart.
  const { store } = tablet;
  await tablet.close();
  const again = await crowd.open(1, { store });
  await again.devices.revoke(keyOf(laptop));
  expect(listed(again)).toEqual([keyOf(again)]);
});

test("all devices hear of it within one delivery, also the one without conversations that was removed", async () => {
  const { devices, wallet } = await person(3);
  const [laptop, tablet, phone] = devices as [Device, Device, Device];
  const told: DeviceEvent[] = [];
  await crowd.until("both to know", async () => (await tablet.devices.list()).length === 3);
  coreOf(tablet).events.on("device", (event) => told.push(event));
  await laptop.devices.revoke(keyOf(phone));
  await crowd.until("the phone to notice", () => phone.problems.includes("DEVICE_REVOKED"));
  await crowd.until("the tablet to notice", () => told.some(({ kind }) => kind === "revoked"));
  expect(tablet.problems).toEqual([]);
  await laptop.devices.revoke(keyOf(tablet), wallet);
  await crowd.until("the tablet to notice", () => tablet.problems.includes("DEVICE_REVOKED"));
});

test("a device that missed the new key asks for the wallet, and with it gives the identity on", async () => {
  const { devices, wallet, asked } = await person(3);
  const [laptop, tablet, phone] = devices as [Device, Device, Device];
  tablet.online = false;
  await laptop.devices.revoke(keyOf(phone), wallet);
  tablet.inbox.splice(0);
  tablet.online = true;
  await expect(tablet.devices.revoke(keyOf(laptop))).rejects.toMatchObject({ code: "DEVICE_NEEDS_WALLET" });
  const blank = await crowd.openBlank();
  const request = await blank.devices.link();
  const approval = await tablet.devices.approve(request.text);
  await expect(approval.send()).rejects.toMatchObject({ code: "DEVICE_NEEDS_WALLET" });
  let over = false;
  const both = Promise.all([approval.send({ wallet }), request.done]).finally(() => {
    over = true;
  });
  both.catch(() => undefined);
  await crowd.until("the transfer", () => over);
  await both;
  expect(asked).toEqual(["SetController", "SetController"]);
  expect(holdsKey(tablet)).toBe(true);
  expect(holdsKey(blank.device() as Device)).toBe(true);
  await crowd.until("the laptop", () => holdsKey(laptop));
});

test("the wallet is not asked for nothing, and only the owner's counts", async () => {
  const { devices, wallet, asked } = await person(2);
  const [laptop, phone] = devices as [Device, Device];
  const stranger = createLocalWallet(newWalletKey());
  await expect(laptop.devices.revoke(keyOf(phone), stranger)).rejects.toMatchObject({ code: "WALLET_CHANGED_ACCOUNT" });
  await expect(laptop.devices.revoke(keyOf(laptop), wallet)).rejects.toMatchObject({ code: "DEVICE_IS_THIS" });
  await expect(laptop.devices.revoke(`0x${"ab".repeat(32)}`, wallet)).rejects.toMatchObject({ code: "DEVICE_UNKNOWN" });
  expect(asked).toEqual([]);
  const refusing: WalletSigner = {
    address: wallet.address,
    signTypedData: () => Promise.reject(Object.assign(new Error("no"), { code: 4001 })),
  };
  await expect(laptop.devices.revoke(keyOf(phone), refusing)).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  expect(listed(laptop)).toHaveLength(2);
  expect(holdsKey(laptop)).toBe(true);
});

test("no device takes a key that the registry does not name, or one that is sealed to another, and none from a removed one", async () => {
  const { devices, wallet } = await person(3);
  const [laptop, tablet, phone] = devices as [Device, Device, Device];
  const wrong = newWalletKey();
  const root = toHex(deviceRoot(entryOf(laptop).devices));
  const tell = async (from: Device, controllers: ListNote["controllers"]) =>
    tellOwnDevices(coreOf(from), await ownName(coreOf(from)), { root, controllers });
  await tell(laptop, [await sealController(wrong, keyOf(tablet))]);
  await tell(laptop, [{ ...(await sealController(wrong, keyOf(phone))), to: keyOf(tablet) }]);
  await tell(laptop, [{ to: keyOf(tablet), sealed: "AAAA" }]);
  await crowd.until("the laptop's notes", async () => (await coreOf(tablet).vault.range("parked")).length === 0);
  expect(holdsKey(tablet)).toBe(true);

  await laptop.devices.revoke(keyOf(phone), wallet);
  await crowd.until("the new key", () => holdsKey(tablet));
  await tell(phone, [await sealController(wrong, keyOf(tablet))]);
  await crowd.until("the phone's note", async () => (await coreOf(tablet).vault.range("parked")).length === 1);
  expect(holdsKey(tablet)).toBe(true);
});

test("what is written after the removal stays closed to the removed device, in an epoch that is one later", async () => {
  const { devices, wallet } = await person(2);
  const [laptop, phone] = devices as [Device, Device];
  const bob = await crowd.open(2);
  const id = await crowd.befriend(laptop, bob);
  await crowd.until("all three", () =>
    [laptop, bob, phone].every((device) => coreOf(device).threads.get(id)?.devices.length === 3),
  );
  const epoch = coreOf(bob).threads.get(id)?.sessions.at(-1)?.epoch ?? 0;
  await laptop.devices.revoke(keyOf(phone), wallet);
  await crowd.until("the phone to be out", () => coreOf(bob).threads.get(id)?.devices.length === 2);
  expect(coreOf(bob).threads.get(id)?.sessions.at(-1)?.epoch).toBe(epoch + 1);
  await sendText(coreOf(bob), id, "not for the finder");
  await crowd.until("the text", async () => (await laptop.texts(id)).includes("not for the finder"));
  expect(await phone.texts(id)).toEqual([]);
});
