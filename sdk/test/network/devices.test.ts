import { expect, test } from "vitest";
import { connect, eventually, joinPerson, openClient, type Person } from "../../../test/support/network.ts";
import { openNetwork } from "../../src/client/network.ts";
import { loadSelf, type Self, saveSelf } from "../../src/client/self.ts";
import { changeDevices, controllerSigner } from "../../src/identity/changeDevices.ts";
import { isControllerOf, replaceController } from "../../src/identity/controller.ts";
import { createDevice } from "../../src/identity/device.ts";
import { readPeer } from "../../src/identity/verifyPeer.ts";
import {
  type Conversation,
  createLocalWallet,
  createMemoryStore,
  type DeviceEvent,
  type DeviceInfo,
  type Hex,
  type Message,
  SkrumbleError,
} from "../../src/index.ts";
import { openVault } from "../../src/store/vault.ts";
import { closeAll, useNetwork } from "../support/network.ts";

const network = useNetwork();

/** Every text of a conversation, page by page. */
async function allTexts(conversation: Conversation): Promise<string[]> {
  const texts: string[] = [];
  let page = await conversation.messages({ limit: 200 });
  while (page.length > 0) {
    texts.unshift(...page.flatMap(({ body }) => (body.type === "text" ? [body.text] : [])));
    page = await conversation.messages({ limit: 200, before: (page[0] as Message).id });
  }
  return texts;
}

test("a linked device has 500 messages and talks; revoked, it reads nothing that is sent afterwards", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  for (let n = 0; n < 250; n++) {
    await Promise.all([oneEnd.sendText(`alice ${n}`), otherEnd.sendText(`bob ${n}`)]);
  }
  await eventually("500 messages", async () => (await allTexts(oneEnd)).length === 500);

  const phone: Person = { ...alice, client: await openClient(network) };
  const request = await phone.client.devices.link({ name: "Phone" });
  const approval = await alice.client.devices.approve(request.text);
  expect(approval.code).toBe(request.code);
  const began = performance.now();
  const [identity] = await Promise.all([request.done, approval.send()]);
  console.info(`500 messages and the way into the conversation: ${Math.round(performance.now() - began)} ms`);
  expect(identity.publicId).toBe(alice.client.identity?.publicId);
  await expect(alice.client.devices.approve(request.text)).rejects.toMatchObject({ code: "LINK_USED" });

  const pocket = phone.client.conversations.open(oneEnd.id);
  expect((await allTexts(pocket)).toSorted()).toEqual((await allTexts(oneEnd)).toSorted());
  await otherEnd.sendText("to both");
  for (const end of [oneEnd, pocket]) {
    await eventually("both devices", async () => (await allTexts(end)).includes("to both"));
  }
  await pocket.sendText("from the phone");
  for (const end of [oneEnd, otherEnd]) {
    await eventually("the phone's text", async () => (await allTexts(end)).includes("from the phone"));
  }

  const named = await eventually("the name", async () =>
    (await alice.client.devices.list()).find(({ name, current }) => name === "Phone" && !current),
  );
  await alice.client.devices.revoke((named as DeviceInfo).key);
  await eventually("the phone to be out", async () => {
    await otherEnd.sendText("still there?").catch(() => undefined);
    return (await phone.client.conversations.list()).length > 0 && pocketIsOut();
  });
  await otherEnd.sendText("not for the phone");
  await eventually("the text", async () => (await allTexts(oneEnd)).includes("not for the phone"));
  expect(await allTexts(pocket)).not.toContain("not for the phone");
  expect(await alice.client.devices.list()).toHaveLength(1);
  await closeAll(alice, bob, phone);

  async function pocketIsOut(): Promise<boolean> {
    const error = await pocket.sendText("am I?").then(
      () => undefined,
      (reason) => reason,
    );
    return error?.code === "GROUP_LEFT";
  }
});

test("a device that joined with wallet and code is told of, gets history once approved, and can take the place of all", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  await otherEnd.sendText("before");
  await eventually("the text", async () => (await allTexts(oneEnd)).includes("before"));
  const told: DeviceEvent[] = [];
  alice.client.on("device", (event) => told.push(event));

  const { wallet, name: pseudonym, securityCode } = alice;
  const second: Person = { ...alice, client: await openClient(network) };
  await second.client.join({ wallet, pseudonym, securityCode });
  const joined = await eventually("the event", () => told.find(({ kind }) => kind === "joined"));
  expect(joined.device.key).toBe(second.client.identity?.deviceKey);
  expect(await second.client.conversations.list()).toEqual([]);

  const request = await second.client.devices.link();
  const approval = await alice.client.devices.approve(request.text);
  await Promise.all([request.done, approval.send()]);
  const secondEnd = second.client.conversations.open(oneEnd.id);
  expect(await allTexts(secondEnd)).toEqual(["before"]);
  await eventually("the second to talk", async () => secondEnd.sendText("from the second").catch(() => undefined));
  await eventually("its text", async () => (await allTexts(otherEnd)).includes("from the second"));

  const third: Person = { ...alice, client: await openClient(network) };
  await third.client.join({ wallet, pseudonym, securityCode, onlyDevice: true });
  expect(await third.client.devices.list()).toMatchObject([{ current: true }]);
  await expect(alice.client.devices.revoke(third.client.identity?.deviceKey ?? "0x", wallet)).resolves.toBeUndefined();
  await closeAll(alice, bob, second, third);
});

test("removed with the wallet, a stolen device with all its keys writes no list, comes back no more and reads nothing", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  const { wallet, name: pseudonym, securityCode } = alice;
  const join = async (store = createMemoryStore()): Promise<Person> => {
    const device: Person = { ...alice, store, client: await openClient(network, { store }) };
    await device.client.join({ wallet, pseudonym, securityCode });
    const request = await device.client.devices.link();
    await Promise.all([request.done, (await alice.client.devices.approve(request.text)).send()]);
    return device;
  };
  const [tablet, phone] = [await join(), await join()];
  const pocket = phone.client.conversations.open(oneEnd.id);
  await eventually("the phone to talk", async () => pocket.sendText("before").catch(() => undefined));
  await eventually("its text", async () => (await allTexts(otherEnd)).includes("before"));
  const stolen = phone.client.identity?.deviceKey as Hex;

  // Somebody who finds it: the chain still takes what its key signs.
  await alice.client.devices.revoke(stolen, wallet);
  const listed = async () => (await alice.client.devices.list()).map(({ key }) => key);
  expect(await listed()).not.toContain(stolen);
  await eventually(
    "the phone to know",
    async () => !(await phone.client.devices.list()).some(({ current }) => current),
  );
  const blank = await openClient(network);
  const { text } = await blank.devices.link();
  await expect(phone.client.devices.revoke(alice.client.identity?.deviceKey as Hex)).rejects.toMatchObject({
    code: "DEVICE_NEEDS_WALLET",
  });
  await expect((await phone.client.devices.approve(text)).send()).rejects.toMatchObject({
    code: "DEVICE_NEEDS_WALLET",
  });
  await phone.client.close();

  const vault = await openVault(phone.store);
  const self = (await loadSelf(vault)) as Self;
  const { chain } = await openNetwork({ relays: network.urls }, vault);
  const record = await readPeer(chain, self.identity.publicId);
  const controller = self.controller as Hex;
  expect(isControllerOf(record, controller)).toBe(false);
  const context = { chain, now: Date.now, signal: undefined };
  const asController = (change: (devices: Uint8Array[]) => Uint8Array[]) =>
    changeDevices(context, record, controllerSigner(controller), change);
  await expect(asController((devices) => [...devices, self.deviceKey.public])).rejects.toBeInstanceOf(SkrumbleError);
  await expect(asController(() => [self.deviceKey.public])).rejects.toBeInstanceOf(SkrumbleError);
  const posing = createLocalWallet(controller);
  await expect(
    replaceController(context, { ...record, owner: posing.address }, posing, (devices) => devices),
  ).rejects.toMatchObject({ code: "WALLET_CHANGED_ACCOUNT" });
  await vault.close();

  // With a device of their own, which the stolen identity key certifies.
  const keys = { publicId: record.publicId, identity: self.identityKey, agreement: self.agreementKey, controller };
  const store = createMemoryStore();
  const theirs = await openVault(store);
  await saveSelf(theirs, { keys, device: createDevice(keys, record.keyVersion, Date.now()), record });
  await theirs.close();
  const thief = await openClient(network, { store });
  const target = await thief.contacts.find(bob.name);
  await thief.contacts.request(target.publicId, "it is me").catch(() => undefined);
  phone.client = await openClient(network, { store: phone.store });

  for (const [from, words] of [
    [otherEnd, "not for the finder"],
    [oneEnd, "nor this"],
  ] as const) {
    await eventually("a text", async () => from.sendText(words).catch(() => undefined));
  }
  const rest = tablet.client.conversations.open(oneEnd.id);
  for (const end of [oneEnd, otherEnd, rest]) {
    await eventually("both texts", async () => {
      const all = await allTexts(end);
      return all.includes("not for the finder") && all.includes("nor this");
    });
  }
  const found = phone.client.conversations.open(oneEnd.id);
  expect((await allTexts(found)).filter((words) => words !== "before")).toEqual([]);
  expect(await thief.conversations.list()).toEqual([]);
  expect(await listed()).toHaveLength(2);
  // The one that is left has the new key, and needs no wallet.
  const left = alice.client.identity?.deviceKey as Hex;
  await eventually("the key", async () =>
    tablet.client.devices.revoke(left).then(
      () => true,
      () => false,
    ),
  );
  expect(await tablet.client.devices.list()).toMatchObject([{ current: true }]);
  await Promise.all([thief.close(), blank.close()]);
  await closeAll(alice, bob, tablet, phone);
});
