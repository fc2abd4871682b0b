import { afterEach, expect, test } from "vitest";
import { requestContact } from "../../../src/contacts/request.ts";
import { joinByLink } from "../../../src/conversation/entry/joinByLink.ts";
import { groupActions } from "../../../src/conversation/group/actions.ts";
import { createGroupConversation } from "../../../src/conversation/group/create.ts";
import { type Crowd, createCrowd, type Device } from "../../support/crowd.ts";
import { sendText } from "../../support/say.ts";

let crowd: Crowd;
afterEach(() => crowd.close());

const peopleIn = (device: Device, id: string) =>
  Object.keys(device.session.core.threads.get(id)?.state.people ?? {}).length;

test("three people make a group, talk, and the one who is removed reads nothing that is said afterwards", async () => {
  crowd = createCrowd();
  const [ann, bob, cid] = [await crowd.open(1), await crowd.open(2), await crowd.open(3)];
  await crowd.befriend(ann, bob);
  await crowd.befriend(ann, cid);
  const id = await createGroupConversation(ann.session.core, { name: "Reading", people: [bob.publicId, cid.publicId] });
  await crowd.until("all to be in", () => [ann, bob, cid].every((device) => peopleIn(device, id) === 3));
  await sendText(bob.session.core, id, "hello");
  await crowd.until(
    "hello",
    async () => (await cid.texts(id)).includes("hello") && (await ann.texts(id)).includes("hello"),
  );
  await groupActions(ann.session.core, id, "https://x").remove(cid.publicId);
  await crowd.until("the removal", () => [ann, bob].every((device) => peopleIn(device, id) === 2));
  await crowd.until("cid to know", () => cid.session.core.threads.get(id)?.left === "removed");
  await sendText(ann.session.core, id, "without cid");
  await crowd.until("the text", async () => (await bob.texts(id)).includes("without cid"));
  expect(await cid.texts(id)).toEqual(["hello"]);
  await expect(sendText(cid.session.core, id, "let me in")).rejects.toMatchObject({ code: "GROUP_LEFT" });
  for (const device of crowd.devices) expect(device.problems).toEqual([]);
});

test("who comes by the link waits for an admin, reads nothing from before, and can leave", async () => {
  crowd = createCrowd();
  const [ann, bob, dan] = [await crowd.open(1), await crowd.open(2), await crowd.open(4)];
  await crowd.befriend(ann, bob);
  const id = await createGroupConversation(ann.session.core, { name: "Open house", people: [bob.publicId] });
  await crowd.until("bob", () => peopleIn(bob, id) === 2);
  await sendText(bob.session.core, id, "before dan");
  const actions = groupActions(ann.session.core, id, "https://x");
  await joinByLink(dan.session.core, await actions.link());
  await crowd.until("a request", async () => (await actions.view()).requests.length === 1);
  await actions.decide(dan.publicId, true);
  await crowd.until("dan to be in", () => [ann, bob, dan].every((device) => peopleIn(device, id) === 3));
  await sendText(bob.session.core, id, "welcome");
  await crowd.until("the text", async () => (await dan.texts(id)).length > 0);
  expect(await dan.texts(id)).toEqual(["welcome"]);
  await groupActions(dan.session.core, id, "https://x").leave();
  await crowd.until("dan to be gone", () => [ann, bob].every((device) => peopleIn(device, id) === 2));
  expect(dan.session.core.threads.get(id)?.left).toBe("left");
});

test("what one writes alone in a group waits for nobody", async () => {
  crowd = createCrowd();
  const [ann, bob] = [await crowd.open(1), await crowd.open(2)];
  await crowd.befriend(ann, bob);
  const id = await createGroupConversation(ann.session.core, { name: "Notes", people: [] });
  const { id: note } = await sendText(ann.session.core, id, "to myself");
  const deliveryOf = async (message: string) => (await ann.session.core.threads.message(id, message))?.delivery;
  expect(await deliveryOf(note)).toBe("sent");
  await groupActions(ann.session.core, id, "https://x").invite([bob.publicId]);
  await crowd.until("bob", () => [ann, bob].every((device) => peopleIn(device, id) === 2));
  expect((await sendText(ann.session.core, id, "to bob")).delivery).toBe("sending");
  await crowd.until("the text", async () => (await bob.texts(id)).length > 0);
  expect(await bob.texts(id)).toEqual(["to bob"]);
});

test("admins who commit at the same time end up in one group, and nobody's wish is lost", async () => {
  crowd = createCrowd();
  const [ann, bob, cid] = [await crowd.open(1), await crowd.open(2), await crowd.open(3)];
  await crowd.befriend(ann, bob);
  await crowd.befriend(ann, cid);
  const id = await createGroupConversation(ann.session.core, { name: "Race", people: [bob.publicId, cid.publicId] });
  await crowd.until("all to be in", () => [ann, bob, cid].every((device) => peopleIn(device, id) === 3));
  await groupActions(ann.session.core, id, "https://x").setRole(bob.publicId, "admin");
  const roleOf = (device: Device) => device.session.core.threads.get(id)?.state.people[bob.publicId];
  await crowd.until("bob to be an admin", () => [ann, bob, cid].every((device) => roleOf(device) === "admin"));
  const settings = (device: Device) => {
    const { name, description } = device.session.core.threads.get(id)?.state ?? {};
    return `${name} / ${description}`;
  };
  await Promise.all([
    groupActions(ann.session.core, id, "https://x").update({ name: "Ann's" }),
    groupActions(bob.session.core, id, "https://x").update({ description: "Bob's" }),
  ]);
  await crowd.until("both wishes", () => [ann, bob, cid].every((device) => settings(device) === "Ann's / Bob's"));
  const branches = [ann, bob, cid].map((device) => device.session.core.threads.get(id)?.sessions.at(-1)?.branch);
  expect(new Set(branches).size).toBe(1);
});

test("a second device of a person comes into all of it, and each sees what the other says", async () => {
  crowd = createCrowd();
  const [ann, bob] = [await crowd.open(1), await crowd.open(2)];
  const id = await crowd.befriend(ann, bob);
  const phone = await crowd.open(1);
  await requestContact(phone.session.core, bob.publicId);
  await crowd.until("the phone to be in", () => phone.session.core.threads.get(id) !== undefined);
  await crowd.until("three devices", () =>
    [ann, bob, phone].every((device) => device.session.core.threads.get(id)?.devices.length === 3),
  );
  await sendText(ann.session.core, id, "from the desk");
  await sendText(bob.session.core, id, "from bob");
  await crowd.until("both texts", async () => (await phone.texts(id)).length === 2);
  await sendText(phone.session.core, id, "from the phone");
  await crowd.until("all texts", async () => (await ann.texts(id)).length === 3 && (await bob.texts(id)).length === 3);
});

test("a group in which nothing happens for ten days gets fresh keys, once", async () => {
  crowd = createCrowd();
  let at = Date.now();
  const now = () => at;
  const [ann, bob] = [await crowd.open(1, { now }), await crowd.open(2, { now })];
  const id = await crowd.befriend(ann, bob);
  const sessionOf = (device: Device) => device.session.core.threads.get(id)?.sessions.at(-1);
  const before = sessionOf(ann)?.epoch ?? 0;
  const { store } = bob;
  await bob.close();
  at += 10 * 86_400_000;
  const again = await crowd.open(2, { store, now });
  await crowd.until("the new epoch", () =>
    [ann, again].every(
      (device) => sessionOf(device)?.epoch === before + 1 && !device.session.core.intents.of(id).length,
    ),
  );
  expect(sessionOf(ann)?.branch).toBe(sessionOf(again)?.branch);
  await sendText(again.session.core, id, "still here");
  await crowd.until("the text", async () => (await ann.texts(id)).includes("still here"));
});
