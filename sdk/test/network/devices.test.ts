import { expect, test } from "vitest";
import { connect, eventually, joinPerson, openClient, type Person } from "../../../test/support/network.ts";
import type { Conversation, DeviceEvent, DeviceInfo, Message } from "../../src/index.ts";
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
