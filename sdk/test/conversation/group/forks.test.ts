import { afterEach, expect, test } from "vitest";
import { groupActions } from "../../../src/conversation/group/actions.ts";
import { createGroupConversation } from "../../../src/conversation/group/create.ts";
import { type Crowd, createCrowd, type Device } from "../../support/crowd.ts";
import { sendText } from "../../support/say.ts";

/** Relays and members that do not play fair, or are not there. */

let crowd: Crowd;
afterEach(() => crowd.close());

async function group(): Promise<{ id: string; ann: Device; bob: Device; cid: Device }> {
  crowd = createCrowd();
  const [ann, bob, cid] = [await crowd.open(1), await crowd.open(2), await crowd.open(3)];
  await crowd.befriend(ann, bob);
  await crowd.befriend(ann, cid);
  const { core } = ann.session;
  const id = await createGroupConversation(core, { name: "Fork", people: [bob.publicId, cid.publicId] });
  await groupActions(core, id, "")
    .setRole(bob.publicId, "admin")
    .catch(() => undefined);
  await crowd.until("all to be in", () => crowd.devices.every((device) => peopleIn(device, id) === 3));
  await groupActions(core, id, "").setRole(bob.publicId, "admin");
  await crowd.until("bob to be an admin", () =>
    crowd.devices.every((device) => stateIn(device, id)?.people[bob.publicId] === "admin"),
  );
  await crowd.until("everybody to be in one epoch", () => oneBranch(id));
  return { id, ann, bob, cid };
}

const threadIn = (device: Device, id: string) => device.session.core.threads.get(id);
const stateIn = (device: Device, id: string) => threadIn(device, id)?.state;
const peopleIn = (device: Device, id: string) => Object.keys(stateIn(device, id)?.people ?? {}).length;
const rename = (device: Device, id: string, name: string) => groupActions(device.session.core, id, "").update({ name });
const branchIn = (device: Device, id: string) => threadIn(device, id)?.sessions.at(-1)?.branch;
const oneBranch = (id: string) => new Set(crowd.devices.map((device) => branchIn(device, id))).size === 1;
const allNamed = (id: string, names: string[]) =>
  oneBranch(id) && crowd.devices.every((device) => names.includes(stateIn(device, id)?.name ?? ""));

test("one relay that is away changes nothing", async () => {
  const { id, ann } = await group();
  crowd.registry.order.down.add(2);
  await rename(ann, id, "Two of three");
  await crowd.until("the name", () => allNamed(id, ["Two of three"]));
});

test("with two of three relays away the chain decides", async () => {
  const { id, ann, bob } = await group();
  crowd.registry.order.down.add(2).add(3);
  await Promise.all([rename(ann, id, "Ann's"), rename(bob, id, "Bob's")]);
  await crowd.until("one name", () => allNamed(id, ["Ann's", "Bob's"]));
});

test("with all relays and the chain away a change waits, and comes through when they are back", async () => {
  const { id, ann } = await group();
  const { order } = crowd.registry;
  order.down.add(1).add(2).add(3);
  order.chainStands = false;
  await rename(ann, id, "Later");
  await sendText(ann.session.core, id, "meanwhile");
  await crowd.until("the text", async () => (await crowd.devices[1]?.texts(id))?.length === 1);
  expect(stateIn(ann, id)?.name).toBe("Fork");
  order.down.clear();
  order.chainStands = true;
  await crowd.until("the name", () => allNamed(id, ["Later"]));
});

test("a relay that signs two ways splits the group for a moment: all converge, and no text is lost", async () => {
  const { id, ann, bob, cid } = await group();
  const { order } = crowd.registry;
  order.twoFaced.add(3);
  // Ann and Cid see one face, Bob the other; each side reaches one honest relay.
  expect([ann.client % 2, bob.client % 2, cid.client % 2]).toEqual([0, 1, 0]);
  order.cut.add(`${ann.client} 2`).add(`${cid.client} 2`).add(`${bob.client} 1`);
  for (const device of [ann, bob, cid]) device.online = false;
  await Promise.all([rename(ann, id, "Ann's"), rename(bob, id, "Bob's")]);
  await crowd.until("two branches", () => stateIn(ann, id)?.name === "Ann's" && stateIn(bob, id)?.name === "Bob's");
  await sendText(ann.session.core, id, "on Ann's side");
  await sendText(bob.session.core, id, "on Bob's side");
  for (const device of [ann, bob, cid]) device.online = true;
  order.cut.clear();
  await crowd.until("one branch", () => oneBranch(id));
  await crowd.until("both texts everywhere", async () => {
    const texts = await Promise.all(crowd.devices.map((device) => device.texts(id)));
    return texts.every((list) => list.includes("on Ann's side") && list.includes("on Bob's side") && list.length === 2);
  });
});

test("a commit that was ordered before its maker was killed is taken up after the restart", async () => {
  const { id, ann } = await group();
  crowd.registry.order.down.add(1).add(2).add(3);
  crowd.registry.order.chainStands = false;
  await rename(ann, id, "Restarted");
  const { store } = ann;
  await ann.close();
  crowd.registry.order.down.clear();
  crowd.registry.order.chainStands = true;
  await crowd.open(1, { store });
  await crowd.until("the name", () => allNamed(id, ["Restarted"]));
});

test("a device killed while it goes back to the way that counts has not lost what it wanted", async () => {
  const { id, ann, bob, cid } = await group();
  const { order } = crowd.registry;
  order.twoFaced.add(3);
  order.cut.add(`${ann.client} 2`).add(`${cid.client} 2`).add(`${bob.client} 1`);
  for (const device of [ann, bob, cid]) device.online = false;
  await rename(ann, id, "Ann's");
  await crowd.until("Ann's way", () => stateIn(ann, id)?.name === "Ann's");
  await groupActions(bob.session.core, id, "").update({ description: "Bob's" });
  await crowd.until("Bob's way", () => stateIn(bob, id)?.description === "Bob's");

  // With the first thing that it writes down of what it wants, or of where it is, its power goes.
  const { core } = bob.session;
  const write = core.vault.write.bind(core.vault);
  let killed: Promise<void> | undefined;
  core.vault.write = async (ops) => {
    await write(ops);
    const puts = ops.filter((op) => !("delete" in op)).map(({ collection }) => collection);
    if (!killed && puts.some((one) => one === "intent" || one.startsWith("past groups"))) killed = bob.kill();
  };
  order.cut.clear();
  for (const device of [ann, bob, cid]) device.online = true;
  await crowd.until("the end", () => killed !== undefined);
  await killed;
  const again = await crowd.open(2, { store: bob.store });
  expect(branchIn(again, id)).toBe(branchIn(ann, id));
  const wanted = again.session.core.intents.of(id);
  expect(wanted).toMatchObject([{ kind: "settings", patch: { description: "Bob's" } }]);
  await crowd.until(
    "both wishes",
    () => oneBranch(id) && crowd.devices.every((one) => stateIn(one, id)?.description === "Bob's"),
  );
  expect(stateIn(again, id)?.name).toBe("Ann's");
});
