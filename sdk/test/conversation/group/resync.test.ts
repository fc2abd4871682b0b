import { afterEach, expect, test } from "vitest";
import { knock, openKnocks } from "../../../src/conversation/entry/knocks.ts";
import { groupActions } from "../../../src/conversation/group/actions.ts";
import { createGroupConversation } from "../../../src/conversation/group/create.ts";
import type { SessionRecord, Thread } from "../../../src/conversation/threads.ts";
import { type Crowd, createCrowd, type Device } from "../../support/crowd.ts";
import { sendText } from "../../support/say.ts";

/** When a device asks to be let in anew, and when it must not. */

let crowd: Crowd;
let clock = 0;
const now = () => Date.now() + clock;
afterEach(() => crowd.close());

/** Ann's group with Bob, an admin. */
async function group(): Promise<{ id: string; ann: Device; bob: Device }> {
  crowd = createCrowd();
  clock = 0;
  const [ann, bob] = [await crowd.open(1, { now }), await crowd.open(2, { now })];
  await crowd.befriend(ann, bob);
  const id = await createGroupConversation(ann.session.core, { name: "Late", people: [bob.publicId] });
  await crowd.until("bob to be in", () => threadIn(bob, id) !== undefined);
  await act(ann, id).setRole(bob.publicId, "admin");
  await crowd.until("bob to be an admin", () => threadIn(bob, id)?.state.people[bob.publicId] === "admin");
  return { id, ann, bob };
}

const threadIn = (device: Device, id: string) => device.session.core.threads.get(id);
const nameIn = (device: Device, id: string) => threadIn(device, id)?.state.name;
const act = (device: Device, id: string) => groupActions(device.session.core, id, "");
const branchIn = (device: Device, id: string) => threadIn(device, id)?.sessions.at(-1)?.branch;
const allNamed = (id: string, name: string) =>
  crowd.devices.every((device) => threadIn(device, id)?.state.name === name) &&
  new Set(crowd.devices.map((device) => branchIn(device, id))).size === 1;
const parkedOf = async ({ session: { core } }: Device) => (await core.vault.range("parked")).length;

test("mail of epochs long past is dropped when relays hand it out again, and nobody asks to be let in for it", async () => {
  const { id, ann, bob } = await group();
  const mail: Uint8Array[] = [];
  crowd.post = (to, payload, handOn) => {
    if (to === bob.publicId) mail.push(payload.slice());
    handOn(payload);
    return 3;
  };
  for (let epoch = 0; epoch < 8; epoch++) {
    await act(ann, id).update({ name: `Name ${epoch}` });
    await crowd.until("the name", () => allNamed(id, `Name ${epoch}`));
    await sendText(ann.session.core, id, `text ${epoch}`);
    await crowd.until("the text", async () => (await bob.texts(id)).length === epoch + 1);
  }
  const { store } = bob;
  await bob.close();
  const again = await crowd.open(2, { store, now });
  for (const payload of mail.slice(0, 4)) {
    await again.take(payload);
    clock += 61_000;
    await crowd.until("it to be dropped", async () => (await parkedOf(again)) === 0);
  }
  expect(await openKnocks(again.session.core)).toBe(0);
});

test("what a device wanted while it was out is done once it is let in again", async () => {
  const { id, ann, bob } = await group();
  const { core } = bob.session;
  await core.serial.run(id, async () => {
    const thread = threadIn(bob, id);
    if (!thread) throw new Error("No thread.");
    const sessions = thread.sessions.map((session) => ({ ...session, closed: now() }));
    await core.threads.save({ thread: { ...thread, left: "removed", sessions } });
  });
  await core.intents.add(id, [{ kind: "settings", patch: { name: "Wanted while out" } }]);
  await knock(core, ann.publicId, id);
  await crowd.until("the name", () => allNamed(id, "Wanted while out"));
});

test("a device that was let in on a way that nobody took comes along when its helper goes back", async () => {
  const { id, ann, bob } = await group();
  const phone = await crowd.open(1, { now });
  const { order } = crowd.registry;
  // Each of the two reaches one honest relay, and its own face of the third. Bob's commit is on chain first.
  expect([ann.client % 2, bob.client % 2]).toEqual([0, 1]);
  order.twoFaced.add(3);
  order.cut.add(`${ann.client} 2`).add(`${bob.client} 1`);
  ann.online = false;
  await act(bob, id).update({ name: "Bob's" });
  await crowd.until("bob's commit", () => threadIn(bob, id)?.state.name === "Bob's");
  bob.online = false;
  await crowd.until("it to wait for ann", () => ann.inbox.length > 0);
  await knock(phone.session.core, ann.publicId, id);
  await crowd.until("the knock", () => ann.inbox.length > 1);
  await ann.take(ann.inbox.pop() as Uint8Array);
  await crowd.until("the phone to be in", () => threadIn(phone, id) !== undefined);
  expect(branchIn(phone, id)).not.toBe(branchIn(bob, id));
  ann.online = true;
  bob.online = true;
  order.cut.clear();
  await crowd.until("one group", () => allNamed(id, "Bob's"));
  expect(threadIn(bob, id)?.devices.length).toBe(3);
});

test("when nobody can go back to where two ways parted, those on the lesser one come over, and no text is lost", async () => {
  const { id, ann, bob } = await group();
  const { order } = crowd.registry;
  order.twoFaced.add(3);
  order.cut.add(`${ann.client} 2`).add(`${bob.client} 1`);
  for (const device of [ann, bob]) device.online = false;
  await Promise.all([act(ann, id).update({ name: "Ann's" }), act(bob, id).update({ name: "Bob's" })]);
  await crowd.until("two ways", () => nameIn(ann, id) === "Ann's" && nameIn(bob, id) === "Bob's");
  for (const { session } of [ann, bob]) {
    const { threads, serial } = session.core;
    await serial.run(id, async () => {
      const thread = threads.get(id) as Thread;
      const [{ route }] = thread.sessions as [SessionRecord];
      const epochs = (await threads.epochs(route)).map(({ epoch }) => epoch);
      await threads.save({ thread, undone: { route, epochs } });
    });
  }
  const lasting = [ann, bob].toSorted((a, b) => ((branchIn(a, id) ?? "") > (branchIn(b, id) ?? "") ? -1 : 1))[0];
  const name = nameIn(lasting as Device, id) as string;
  await sendText(ann.session.core, id, "on Ann's side");
  await sendText(bob.session.core, id, "on Bob's side");
  for (const device of [ann, bob]) {
    device.inbox.splice(0, device.inbox.length - 1);
    device.online = true;
  }
  order.cut.clear();
  await crowd.until("one way", () => {
    clock += 10_000;
    for (const { session } of crowd.devices) session.core.wakeParked();
    return allNamed(id, name);
  });
  for (const { session } of [ann, bob]) await sendText(session.core, id, "together");
  await crowd.until("both texts everywhere", async () => {
    const texts = await Promise.all(crowd.devices.map((device) => device.texts(id)));
    return texts.every((list) => list.includes("on Ann's side") && list.includes("on Bob's side"));
  });
});

test.each([0, 7])("who missed that they were removed learns it once they speak, %i epochs later", async (epochs) => {
  const { id, ann, bob } = await group();
  bob.online = false;
  await act(ann, id).remove(bob.publicId);
  await crowd.until("the removal", () => threadIn(ann, id)?.state.people[bob.publicId] === undefined);
  for (let epoch = 0; epoch < epochs; epoch++) {
    await act(ann, id).update({ name: `Without Bob ${epoch}` });
    await crowd.until("the name", () => nameIn(ann, id) === `Without Bob ${epoch}`);
  }
  bob.inbox.splice(0);
  for (const relay of [1, 2, 3]) crowd.registry.order.wipe(relay);
  bob.online = true;
  clock += 700_000;
  await sendText(bob.session.core, id, "anybody there?");
  await crowd.until("bob to know", () => {
    clock += 10_000;
    bob.session.core.wakeParked();
    return threadIn(bob, id)?.left === "removed";
  });
  expect(await ann.texts(id)).toEqual([]);
});
