import { afterEach, expect, test } from "vitest";
import { groupActions } from "../../src/conversation/group/actions.ts";
import { createGroupConversation } from "../../src/conversation/group/create.ts";
import { concat } from "../../src/crypto/bytes.ts";
import { restoreHistory } from "../../src/devices/restoreHistory.ts";
import { saveHistory } from "../../src/devices/saveHistory.ts";
import { type Crowd, createCrowd, type Device } from "../support/deviceCrowd.ts";
import { sendText } from "../support/say.ts";

/** A device that has the history of its conversations, and not their keys. */

let crowd: Crowd;
afterEach(() => crowd.close());

/** Ann has lost her only device, and has its history in a file. */
async function world() {
  crowd = createCrowd();
  let at = Date.now();
  const now = () => at;
  const [ann, bob] = [await crowd.open(1, { now }), await crowd.open(2, { now })];
  const id = await crowd.befriend(ann, bob);
  await sendText(ann.session.core, id, "before");
  const group = await createGroupConversation(bob.session.core, { name: "Reading", people: [ann.publicId] });
  await crowd.until("ann in the group", () => ann.session.core.threads.get(group)?.devices.length === 2);
  const file = concat(...(await saveHistory(ann.session.core)));
  return {
    ...{ ann, bob, id, group, file, now },
    passes: (ms: number) => {
      at += ms;
    },
    async blank() {
      await ann.close();
      Object.assign(crowd.registry.entries.get(ann.publicId) as object, { devices: [] });
      return crowd.open(1, { now });
    },
  };
}

const isIn = (device: Device, id: string) => (device.session.core.threads.get(id)?.sessions.length ?? 0) > 0;
const rowsOf = (device: Device, collection: string) => device.session.core.vault.range(collection);

test("is let in once chain and relays are back, in the same run", async () => {
  const { bob, id, group, file, blank } = await world();
  const fresh = await blank();
  crowd.registry.reachable = false;
  await restoreHistory(fresh.session.core, file);
  await crowd.deliver();
  expect(await rowsOf(fresh, "knock")).toEqual([]);
  crowd.registry.reachable = true;
  await crowd.until("the new device everywhere", () => isIn(fresh, id) && isIn(fresh, group));
  await sendText(bob.session.core, id, "welcome back");
  await crowd.until("the text", async () => (await fresh.texts(id)).at(-1) === "welcome back");
  await crowd.until("nothing to be left to try", async () => (await rowsOf(fresh, "entering")).length === 0);
});

test("knocks again when its time has come, after a restart too, and not before", async () => {
  const { bob, id, group, file, blank, passes, now } = await world();
  const fresh = await blank();
  const { store } = fresh;
  bob.online = false;
  await restoreHistory(fresh.session.core, file);
  const knocks = async (device: Device, count: number) =>
    crowd.until(`${count} knocks`, async () => (await rowsOf(device, "knock")).length === count);
  await knocks(fresh, 2);
  await crowd.until("both noted", async () => (await rowsOf(fresh, "entering")).length === 2);
  await fresh.close();

  const second = await crowd.open(1, { store, now });
  for (let turn = 0; turn < 20; turn++) await crowd.deliver();
  expect(await rowsOf(second, "knock")).toHaveLength(2);
  await second.close();

  passes(31_000);
  const third = await crowd.open(1, { store, now });
  await knocks(third, 4);
  // A minute by now.
  await crowd.until("both noted", async () =>
    (await rowsOf(third, "entering")).every(({ value }) => (value as { tries: number }).tries === 2),
  );
  await third.close();
  passes(31_000);
  const fourth = await crowd.open(1, { store, now });
  for (let turn = 0; turn < 20; turn++) await crowd.deliver();
  expect(await rowsOf(fourth, "knock")).toHaveLength(4);

  bob.online = true;
  await crowd.until("the new device everywhere", () => isIn(fourth, id) && isIn(fourth, group));
});

test("hears that it was removed meanwhile, and knocks no more", async () => {
  const { ann, bob, id, group, file, blank } = await world();
  await groupActions(bob.session.core, group, "https://x").remove(ann.publicId);
  await crowd.until("the group without ann", () => bob.session.core.threads.get(group)?.devices.length === 1);
  const fresh = await blank();
  await restoreHistory(fresh.session.core, file);
  await crowd.until("the word", () => fresh.session.core.threads.get(group)?.left === "removed");
  await crowd.until("the pair", () => isIn(fresh, id));
  await crowd.until("nothing to be left to try", async () => (await rowsOf(fresh, "entering")).length === 0);
});
