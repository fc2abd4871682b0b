import { afterEach, expect, test } from "vitest";
import { createGroupConversation } from "../../src/conversation/group/create.ts";
import { setTimer } from "../../src/conversation/group/setTimer.ts";
import { markRead } from "../../src/conversation/receipts.ts";
import { sendContent } from "../../src/conversation/send/sendContent.ts";
import type { MessageId } from "../../src/types/primitives.ts";
import { type Crowd, createCrowd, type Device } from "../support/deviceCrowd.ts";
import { sendText } from "../support/say.ts";

let crowd: Crowd;
afterEach(() => crowd.close());

const minute = 60_000;
const day = 86_400_000;
const hour = 3600;

const stored = async (device: Device, id: string, text: string) =>
  (await device.session.core.threads.messages(id, { limit: 100 })).find(
    ({ body }) => body.type === "text" && body.text === text,
  );

test.each([
  ["ahead", day],
  ["behind", -day],
])("a device whose clock is a day %s talks as others do", async (_, off) => {
  crowd = createCrowd();
  const wrong = () => Date.now() + off;
  const [ann, pad] = [await crowd.open(1, { now: wrong }), await crowd.open(1)];
  const [bob, carl] = [await crowd.open(2), await crowd.open(3)];
  const all = [ann, pad, bob];
  const clockOf = (device: Device) => (device === ann ? wrong() : Date.now());
  const everywhere = (what: string, id: string, text: string) =>
    crowd.until(what, async () => (await Promise.all(all.map((one) => stored(one, id, text)))).every(Boolean));

  // It asks and is asked; key packages and envelopes are good on both sides.
  const id = await crowd.befriend(ann, bob);
  await crowd.befriend(carl, ann);
  await crowd.until("all devices", () =>
    all.every(({ session }) => session.core.threads.get(id)?.devices.length === 3),
  );
  const group = await createGroupConversation(ann.session.core, {
    name: "Clocks",
    people: [bob.publicId, carl.publicId],
  });
  await crowd.until("the group", () =>
    [...all, carl].every(({ session }) => session.core.threads.get(group)?.devices.length === 4),
  );
  await sendText(carl.session.core, group, "in the group");
  await everywhere("a text of the group", group, "in the group");

  // In the order in which they were said, and not dated ahead.
  const said: string[] = [];
  for (let n = 0; n < 6; n++) {
    said.push(`text ${n}`);
    await sendText((n % 2 ? bob : ann).session.core, id, `text ${n}`);
    await everywhere("a text", id, `text ${n}`);
  }
  for (const device of all) {
    expect(await device.texts(id)).toEqual(said);
    for (const { at } of await device.session.core.threads.messages(id, { limit: 100 })) {
      expect(at).toBeLessThanOrEqual(clockOf(device) + minute);
      expect(at).toBeGreaterThan(clockOf(device) - day - 10 * minute);
    }
  }

  // Its own words may be changed.
  const changed = (await stored(ann, id, "text 4"))?.id as MessageId;
  await sendContent(ann.session.core, id, { kind: "edit", target: changed, text: "changed" });
  await everywhere("the change", id, "changed");

  // What disappears stays its whole time on each device, from when it was sent or read there.
  await setTimer(ann.session.core, id, hour);
  await crowd.until("the timer", () => all.every(({ session }) => session.core.threads.get(id)?.state.timer === hour));
  for (const [from, to, text] of [
    [ann, bob, "from the wrong clock"],
    [bob, ann, "to the wrong clock"],
  ] as const) {
    await sendText(from.session.core, id, text);
    await everywhere("a text that disappears", id, text);
    await markRead(to.session.core, id, (await stored(to, id, text))?.id as MessageId);
    for (const device of [from, to]) {
      const expiresAt = (await stored(device, id, text))?.expiresAt ?? 0;
      expect(expiresAt).toBeGreaterThan(clockOf(device) + hour * 1000 - minute);
      expect(expiresAt).toBeLessThanOrEqual(clockOf(device) + hour * 1000);
    }
  }
  const sent = await stored(pad, id, "from the wrong clock");
  expect(sent?.expiresAt ?? 0).toBeGreaterThan(Date.now() + hour * 1000 - minute);
  expect(sent?.expiresAt ?? 0).toBeLessThanOrEqual(Date.now() + hour * 1000);
  expect(all.flatMap(({ problems }) => problems)).toEqual([]);
});
