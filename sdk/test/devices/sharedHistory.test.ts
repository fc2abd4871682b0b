import { afterEach, expect, test } from "vitest";
import { groupActions } from "../../src/conversation/group/actions.ts";
import { createGroupConversation } from "../../src/conversation/group/create.ts";
import { type Crowd, createCrowd, type Device } from "../support/deviceCrowd.ts";
import { sendText } from "../support/say.ts";

/** What an admin shares with somebody who has several devices. */

let crowd: Crowd;
afterEach(() => crowd.close());

const threadIn = (device: Device, id: string) => device.session.core.threads.get(id);
const sharedIn = async (device: Device, id: string) =>
  (await device.session.core.threads.messages(id, { limit: 100 })).map(({ body, sharedBy }) => [
    body.type === "text" ? body.text : body.type === "notice" ? body.notice.kind : body.type,
    sharedBy,
  ]);

test("all devices in the group get it, and a device that is linked later has it from the other", async () => {
  crowd = createCrowd();
  const [ann, cid] = [await crowd.open(1), await crowd.open(2)];
  await crowd.befriend(ann, cid);
  const { core } = ann.session;
  const id = await createGroupConversation(core, { name: "Tea" });
  await sendText(core, id, "one");
  const link = async () => {
    const blank = await crowd.openBlank();
    const request = await blank.devices.link();
    const approval = await cid.devices.approve(request.text);
    let over = false;
    const both = Promise.all([approval.send(), request.done]).finally(() => {
      over = true;
    });
    both.catch(() => undefined);
    await crowd.until("the transfer", () => over);
    await both;
    const device = blank.device() as Device;
    await crowd.until("it to be in", () => (threadIn(device, id)?.sessions.length ?? 0) > 0);
    return device;
  };
  const actions = groupActions(core, id, "https://x");
  await actions.invite([cid.publicId]);
  await crowd.until("cid", () => threadIn(cid, id) !== undefined);
  const phone = await link();
  await sendText(core, id, "two");
  await actions.shareHistory(cid.publicId);
  const all = [
    ["one", ann.publicId],
    ["added", undefined],
    ["two", undefined],
    ["shared", undefined],
  ];
  const has = async (device: Device) => (await sharedIn(device, id)).length === all.length;
  await crowd.until("both", async () => (await has(cid)) && (await has(phone)));
  expect(await sharedIn(cid, id)).toEqual(all);
  expect(await sharedIn(phone, id)).toEqual(all);
  const tablet = await link();
  expect(await sharedIn(tablet, id)).toEqual(all);
});
