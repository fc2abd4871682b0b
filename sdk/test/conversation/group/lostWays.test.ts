import { afterEach, beforeEach, expect, test } from "vitest";
import { receiveCommit } from "../../../src/conversation/commit/receiveCommit.ts";
import { throwOutUnlisted } from "../../../src/conversation/entry/receiveEntry.ts";
import { decodeEnvelope } from "../../../src/conversation/envelope.ts";
import { groupActions } from "../../../src/conversation/group/actions.ts";
import { createGroupConversation } from "../../../src/conversation/group/create.ts";
import type { SessionRecord, Thread } from "../../../src/conversation/threads.ts";
import { createOpener } from "../../../src/crypto/seal.ts";
import { type Crowd, createCrowd, type Device } from "../../support/crowd.ts";
import { createReplay, type Replay } from "../../support/replay.ts";
import { sendText } from "../../support/say.ts";

/** What people did and said on a way of the group that in the end nobody took. */

let crowd: Crowd;
let replay: Replay;
beforeEach(async () => {
  replay = await createReplay(1, 1_800_000_000_000);
});
afterEach(async () => {
  await replay.driven(crowd.close());
  replay.stop();
});
const scenario = (name: string, play: () => Promise<void>) => test(name, () => replay.driven(play()));

interface Three {
  id: string;
  ann: Device;
  bob: Device;
  cid: Device;
}

/** Ann's group with Bob, an admin, and Cid. Nobody of them hears of anything until {@link meet}. */
async function group(): Promise<Three> {
  crowd = createCrowd();
  const [ann, bob, cid] = [await crowd.open(1), await crowd.open(2), await crowd.open(3)];
  for (const [one, other] of [
    [ann, bob],
    [ann, cid],
    [bob, cid],
  ] as const)
    await crowd.befriend(one, other);
  const people = [bob.publicId, cid.publicId];
  const id = await createGroupConversation(ann.session.core, { name: "Ways", people });
  const inside = () => crowd.devices.every((device) => peopleIn(device, id).length === 3);
  await crowd.until("all to be in", inside);
  await act(ann, id).setRole(bob.publicId, "admin");
  const isAdmin = (device: Device) => threadIn(device, id)?.state.people[bob.publicId] === "admin";
  await crowd.until("bob to be an admin", () => crowd.devices.every(isAdmin) && oneWay(id));
  return { id, ann, bob, cid };
}

const threadIn = (device: Device, id: string) => device.session.core.threads.get(id);
const nameIn = (device: Device, id: string) => threadIn(device, id)?.state.name;
const peopleIn = (device: Device, id: string) => Object.keys(threadIn(device, id)?.state.people ?? {});
const act = (device: Device, id: string) => groupActions(device.session.core, id, "");
const branchIn = (device: Device, id: string) => threadIn(device, id)?.sessions.at(-1)?.branch;
const oneWay = (id: string) => new Set(crowd.devices.map((device) => branchIn(device, id))).size === 1;

/** Ann and Bob each reach one honest relay, and their own face of the third. What is done first is on chain first. */
function part({ ann, bob, cid }: Three): void {
  const { order } = crowd.registry;
  expect([ann.client % 2, bob.client % 2]).toEqual([0, 1]);
  order.twoFaced.add(3);
  order.cut.add(`${ann.client} 2`).add(`${bob.client} 1`);
  for (const device of [ann, bob, cid]) device.online = false;
}

function meet(): void {
  crowd.registry.order.cut.clear();
  for (const device of crowd.devices) device.online = true;
}

async function rename(device: Device, id: string, name: string): Promise<void> {
  await act(device, id).update({ name });
  await crowd.until("the name", () => nameIn(device, id) === name);
}

/** From here on this device cannot go back: it has been too long, and what waits for it was lost. */
async function forgetPast(device: Device, id: string): Promise<void> {
  const { threads, serial } = device.session.core;
  await serial.run(id, async () => {
    const thread = threads.get(id) as Thread;
    const [{ route }] = thread.sessions as [SessionRecord];
    await threads.save({ thread, undone: { route, epochs: (await threads.epochs(route)).map(({ epoch }) => epoch) } });
  });
  device.inbox.splice(0);
}

/** Up to a day passes. */
async function patiently(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 86_400_000; waited += 10_000) {
    await crowd.deliver();
    if (await holds()) return;
    await replay.pass(10_000);
  }
  throw new Error(`Waited in vain for: ${what}`);
}

scenario("who leaves on a way that nobody took is let go by those who cannot read that way", async () => {
  const three = await group();
  const { id, ann, bob, cid } = three;
  part(three);
  await rename(ann, id, "Ann's");
  await rename(ann, id, "Ann's again");
  await rename(bob, id, "Bob's");
  for (const device of [ann, bob]) await forgetPast(device, id);
  await act(bob, id).leave();
  meet();
  await patiently("bob to be let go", () => [ann, cid].every((one) => !peopleIn(one, id).includes(bob.publicId)));
  expect(threadIn(bob, id)?.left).toBe("left");
});

scenario("who leaves on a way that nobody took does not come back by going back", async () => {
  const three = await group();
  const { id, ann, bob, cid } = three;
  part(three);
  await rename(ann, id, "Ann's");
  await rename(bob, id, "Bob's");
  await act(bob, id).leave();
  meet();
  await patiently("bob to be let go", () => [ann, cid].every((one) => !peopleIn(one, id).includes(bob.publicId)));
  expect(threadIn(bob, id)?.left).toBe("left");
});

scenario("what somebody said before they left and came back throws nobody out", async () => {
  const { id, ann, cid } = await group();
  const kept: Uint8Array[] = [];
  const { post } = crowd;
  crowd.post = (to, payload, handOn) => {
    if (to === ann.publicId) kept.push(payload.slice());
    return post(to, payload, handOn);
  };
  await act(cid, id).leave();
  await crowd.until("cid to be let go", () => !peopleIn(ann, id).includes(cid.publicId));
  await act(ann, id).invite([cid.publicId]);
  await crowd.until("cid to be back", () => threadIn(cid, id)?.left === undefined && oneWay(id));
  const { store } = ann;
  await ann.close();
  const again = await crowd.open(1, { store });
  for (const payload of kept) await again.take(payload);
  await rename(again, id, "All here");
  await crowd.until("one way", () => oneWay(id));
  expect(peopleIn(again, id)).toContain(cid.publicId);
  expect(again.session.core.intents.of(id)).toEqual([]);
});

scenario(
  "what was said on the other way is said again to those who were on it, and to nobody who came meanwhile",
  async () => {
    const three = await group();
    const { id, ann, bob, cid } = three;
    const dan = await crowd.open(4);
    await crowd.befriend(ann, dan);
    part(three);
    ann.online = true;
    await act(ann, id).invite([dan.publicId]);
    await crowd.until("dan to be in", () => threadIn(dan, id) !== undefined);
    await rename(bob, id, "Bob's");
    await sendText(bob.session.core, id, "among the three of us");
    meet();
    await patiently("one way", () => oneWay(id) && crowd.devices.every((device) => nameIn(device, id) === "Bob's"));
    await sendText(bob.session.core, id, "to all");
    const reads = async (device: Device, text: string) => (await device.texts(id)).includes(text);
    await patiently("the texts", async () => {
      const toAll = await Promise.all([ann, cid, dan].map((device) => reads(device, "to all")));
      const before = await Promise.all([ann, cid].map((device) => reads(device, "among the three of us")));
      return [...toAll, ...before].every(Boolean);
    });
    expect(await reads(dan, "among the three of us")).toBe(false);
  },
);

scenario("who was removed on a way that nobody took comes back when nobody can go back", async () => {
  const three = await group();
  const { id, ann, bob, cid } = three;
  part(three);
  await rename(ann, id, "Ann's");
  await rename(ann, id, "Ann's again");
  await rename(ann, id, "Ann's once more");
  for (const device of [bob, cid]) {
    device.inbox.splice(0);
    device.online = true;
  }
  crowd.registry.order.down.add(1);
  await act(bob, id).remove(cid.publicId);
  await crowd.until("cid to be removed", () => threadIn(cid, id)?.left === "removed");
  crowd.registry.order.down.clear();
  for (const device of crowd.devices) await forgetPast(device, id);
  meet();
  await sendText(ann.session.core, id, "where are you?");
  await patiently("one way", () => oneWay(id) && crowd.devices.every((device) => !threadIn(device, id)?.left));
  expect(peopleIn(cid, id).length).toBe(3);
});

scenario("who comes over from another way says what they said there, without speaking again", async () => {
  const three = await group();
  const { id, ann, bob, cid } = three;
  part(three);
  await rename(ann, id, "Ann's");
  await rename(ann, id, "Ann's again");
  await rename(bob, id, "Bob's");
  await sendText(bob.session.core, id, "on Bob's way");
  for (const device of [ann, bob]) await forgetPast(device, id);
  meet();
  await sendText(ann.session.core, id, "over here");
  await patiently("the text everywhere", async () => {
    const texts = await Promise.all([ann, cid].map((device) => device.texts(id)));
    return texts.every((list) => list.includes("on Bob's way"));
  });
});

scenario("what somebody wanted on the way they come over from is done on the other", async () => {
  const three = await group();
  const { id, ann, bob } = three;
  part(three);
  await rename(ann, id, "Ann's");
  await rename(ann, id, "Ann's again");
  await rename(bob, id, "Bob's");
  // Where the two ways parted is known to both, and the keys of it are gone.
  for (const { session } of [ann, bob]) {
    const [{ route }] = (threadIn(ann, id) as Thread).sessions as [SessionRecord];
    await session.core.vault.write([{ collection: `past groups ${route}`, drop: true }]);
  }
  for (const device of crowd.devices) device.inbox.splice(0);
  meet();
  await sendText(ann.session.core, id, "over here");
  await patiently("one way", () => oneWay(id) && crowd.devices.every((device) => nameIn(device, id) === "Bob's"));
});

scenario("who was let in on a way that nobody took, and belongs on no other, learns it", async () => {
  const three = await group();
  const { id, ann, bob } = three;
  const dan = await crowd.open(4);
  await crowd.befriend(bob, dan);
  part(three);
  for (const name of ["Ann's", "Ann's again", "Ann's once more", "Ann's fourth"]) await rename(ann, id, name);
  bob.inbox.splice(0);
  bob.online = true;
  crowd.registry.order.down.add(1);
  await act(bob, id).invite([dan.publicId]);
  await crowd.until("dan to be in", () => threadIn(dan, id) !== undefined);
  crowd.registry.order.down.clear();
  for (const device of crowd.devices) await forgetPast(device, id);
  meet();
  await sendText(ann.session.core, id, "over here");
  await patiently("dan to be out", () => threadIn(dan, id)?.left === "removed");
  await patiently("bob to have come over", () => branchIn(ann, id) === branchIn(bob, id));
  expect(peopleIn(ann, id)).not.toContain(dan.publicId);
});

scenario("a removal that comes over two ways at once is no problem", async () => {
  const { id, ann, bob, cid } = await group();
  cid.online = false;
  await act(ann, id).remove(cid.publicId);
  await crowd.until("cid to be removed", () => [ann, bob].every((one) => peopleIn(one, id).length === 2));
  const { core } = cid.session;
  const opener = await createOpener(core.self.agreementKey.secret);
  const opened = await Promise.all(cid.inbox.map(async (payload) => decodeEnvelope(await opener.open(payload))));
  const commit = opened.find((envelope) => envelope?.kind === "commit");
  if (commit?.kind !== "commit") throw new Error("No commit.");
  expect(await Promise.all([receiveCommit(core, commit), receiveCommit(core, commit)])).toEqual(["done", "done"]);
  expect(threadIn(cid, id)?.left).toBe("removed");
});

scenario("nobody throws out a device because they know an old list of the registry", async () => {
  const { id, ann, bob } = await group();
  const { core } = bob.session;
  await core.people.disown(ann.publicId);
  await throwOutUnlisted(core, id);
  expect(core.intents.of(id)).toEqual([]);
  const { store } = bob;
  await bob.close();
  const again = await crowd.open(2, { store, now: () => Date.now() - 86_400_000 });
  await crowd.open(1);
  expect((await again.session.core.people.load(ann.publicId, 0)).devices.length).toBe(2);
});

scenario("a device whose clock was set back to before it came in follows all the same", async () => {
  const { id, ann, bob } = await group();
  const { store } = bob;
  await bob.close();
  const again = await crowd.open(2, { store, now: () => Date.now() - 86_400_000 });
  again.online = false;
  await rename(ann, id, "Ann's");
  await sendText(ann.session.core, id, "in the new epoch");
  again.inbox.splice(0, again.inbox.length - 1);
  again.online = true;
  await patiently("the name", () => nameIn(again, id) === "Ann's");
  await patiently("the text", async () => (await again.texts(id)).includes("in the new epoch"));
});
