import { afterEach, expect, test } from "vitest";

import { createGroupConversation } from "../../src/conversation/group/create.ts";
import type { LinkProgress } from "../../src/types/devices.ts";
import type { Hex } from "../../src/types/primitives.ts";
import { type Crowd, createCrowd, type Device } from "../support/deviceCrowd.ts";
import { sendText } from "../support/say.ts";

let crowd: Crowd;
afterEach(() => crowd.close());

/** Two contacts with a conversation of so many texts. */
async function talking(texts: number) {
  crowd = createCrowd();
  const [ann, bob] = [await crowd.open(1), await crowd.open(2)];
  const id = await crowd.befriend(ann, bob);
  for (let n = 1; n <= texts; n++) await sendText(n % 2 ? ann.session.core : bob.session.core, id, `text ${n}`);
  await crowd.until("all texts", async () => (await ann.texts(id)).length === texts);
  await crowd.until("all texts", async () => (await bob.texts(id)).length === texts);
  return { ann, bob, id };
}

/** Links a blank device to an old one. */
async function link(old: Device, onProgress?: (progress: LinkProgress) => void) {
  const blank = await crowd.openBlank();
  const request = await blank.devices.link({ name: "Phone", ...(onProgress ? { onProgress } : {}) });
  const approval = await old.devices.approve(request.text);
  expect(approval.code).toBe(request.code);
  const sent = approval.send();
  let over = false;
  const both = Promise.all([sent, request.done]).finally(() => {
    over = true;
  });
  both.catch(() => undefined);
  await crowd.until("the transfer", () => over);
  await both;
  return blank.device() as Device;
}

test("a linked device has contacts, conversations and history, and talks; once revoked it reads nothing", async () => {
  const { ann, bob, id } = await talking(120);
  const group = await createGroupConversation(ann.session.core, { name: "Reading", people: [bob.publicId] });
  await crowd.until("bob", () => bob.session.core.threads.get(group)?.devices.length === 2);
  await sendText(bob.session.core, group, "in the group");
  await crowd.until("the text", async () => (await ann.texts(group)).length === 1);
  const steps: LinkProgress[] = [];
  const phone = await link(ann, (progress) => steps.push(progress));
  expect(await phone.texts(id)).toEqual(await ann.texts(id));
  expect(await phone.texts(group)).toEqual(["in the group"]);
  expect(steps.at(-1)?.done).toBe(steps.at(-1)?.total);
  expect(phone.session.core.book.get(bob.publicId)?.state).toBe("connected");
  await crowd.until("the phone everywhere", () =>
    [id, group].every((one) =>
      [ann, bob, phone].every((device) => device.session.core.threads.get(one)?.devices.length === 3),
    ),
  );
  await sendText(bob.session.core, id, "to both");
  await sendText(phone.session.core, id, "from the phone");
  await sendText(phone.session.core, group, "and here");
  await crowd.until("all texts", async () => {
    const [desk, pocket, theirs] = [await ann.texts(id), await phone.texts(id), await bob.texts(id)];
    return [desk, pocket, theirs].every((texts) => texts.length === 122) && (await bob.texts(group)).length === 2;
  });
  const listed = await ann.devices.list();
  expect(listed.map(({ name, current }) => [name, current])).toEqual([
    ["", true],
    ["Phone", false],
  ]);
  await ann.devices.revoke(listed[1]?.key as Hex);
  await crowd.until("the phone to be out", () =>
    [id, group].every((one) =>
      [ann, bob].every((device) => device.session.core.threads.get(one)?.devices.length === 2),
    ),
  );
  await sendText(bob.session.core, id, "not for the phone");
  await crowd.until("the text", async () => (await ann.texts(id)).includes("not for the phone"));
  expect(await phone.texts(id)).not.toContain("not for the phone");
  expect(phone.session.core.threads.get(id)?.left).toBe("removed");
  await crowd.until("the phone to be told why", () => phone.problems.includes("DEVICE_REVOKED"));
  expect((await ann.devices.list()).length).toBe(1);
  expect(ann.problems).toEqual([]);
  expect(bob.problems).toEqual([]);
});
