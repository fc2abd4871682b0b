import { afterEach, expect, test } from "vitest";
import { receiveInvite } from "../../../src/conversation/entry/invite.ts";
import { openKnocks } from "../../../src/conversation/entry/knocks.ts";
import { receiveEntry } from "../../../src/conversation/entry/receiveEntry.ts";
import { receiveKnock } from "../../../src/conversation/entry/receiveKnock.ts";
import { encodeEnvelope } from "../../../src/conversation/envelope.ts";
import { groupActions } from "../../../src/conversation/group/actions.ts";
import { createGroupConversation } from "../../../src/conversation/group/create.ts";
import { encodeState, type GroupState } from "../../../src/conversation/group/state.ts";
import { orderKeys } from "../../../src/conversation/order/leaf.ts";
import { addressees, transmit } from "../../../src/conversation/transmit.ts";
import { fromHex, randomBytes, toBase64Url, toHexString } from "../../../src/crypto/bytes.ts";
import { createGroupCommit, type GroupChange } from "../../../src/crypto/mls/commit.ts";
import { createKeyPackage } from "../../../src/crypto/mls/keyPackage.ts";
import { seal } from "../../../src/crypto/seal.ts";
import { createMemoryStore } from "../../../src/store/memory.ts";
import type { Store } from "../../../src/store/types.ts";
import { openVault } from "../../../src/store/vault.ts";
import { type Crowd, createCrowd, type Device } from "../../support/crowd.ts";
import { sendText } from "../../support/say.ts";
import { enrol } from "../../support/world.ts";

/** What a member, somebody who was one, and a stranger can try. */

let crowd: Crowd;
afterEach(() => crowd.close());

interface Group {
  id: string;
  ann: Device;
  bob: Device;
  eve: Device;
}

/** Ann's group with Bob and Eve, who are members. */
async function group(stores: Partial<Record<"bob", Store>> = {}): Promise<Group> {
  crowd = createCrowd();
  const [ann, bob, eve] = [
    await crowd.open(1),
    await crowd.open(2, stores.bob ? { store: stores.bob } : {}),
    await crowd.open(3),
  ];
  await crowd.befriend(ann, bob);
  await crowd.befriend(ann, eve);
  await crowd.befriend(bob, eve);
  const input = { name: "Fair", people: [bob.publicId, eve.publicId] };
  const id = await createGroupConversation(ann.session.core, input);
  await crowd.until("all to be in", () => together(id) && stateIn(ann, id)?.people[eve.publicId] !== undefined);
  return { id, ann, bob, eve };
}

const threadIn = (device: Device, id: string) => device.session.core.threads.get(id);
const stateIn = (device: Device, id: string) => threadIn(device, id)?.state;
const together = (id: string) =>
  crowd.devices.every((device) => Object.keys(stateIn(device, id)?.people ?? {}).length === 3) &&
  new Set(crowd.devices.map((device) => threadIn(device, id)?.sessions.at(-1)?.branch)).size === 1;
const act = (device: Device, id: string) => groupActions(device.session.core, id, "https://x");
const allNamed = (id: string, name: string) =>
  together(id) && crowd.devices.every((device) => stateIn(device, id)?.name === name);

/** What a changed client could make in this epoch. */
async function forged({ session: { core } }: Device, id: string, change: Omit<GroupChange, "expected">) {
  const session = core.threads.get(id)?.sessions.at(-1);
  if (!session) throw new Error("No session.");
  const mls = await core.threads.group(session.route);
  const made = await createGroupCommit(mls, { ...change, expected: { get: (_, device) => [device] } });
  return { ...made, session, keys: await orderKeys(mls) };
}

/** Puts it in front of every line. */
async function ordered(device: Device, id: string, change: Omit<GroupChange, "expected">): Promise<void> {
  const { commit, keys } = await forged(device, id, change);
  for (const relay of [1, 2, 3]) {
    await device.session.core.pool.order(relay, keys.leaf(relay, commit), await keys.close(relay, commit));
  }
}

/** A further device of somebody, with the word of their identity key, that the registry does not list. */
async function ghostOf(seed: number, { publicId }: Device) {
  const devices = crowd.registry.entries.get(publicId)?.devices;
  const { claim, deviceKey } = await enrol(crowd.registry, await openVault(createMemoryStore()), seed);
  Object.assign(crowd.registry.entries.get(publicId) as object, { devices });
  return createKeyPackage(claim, deviceKey.secret, Date.now());
}

const changed = (device: Device, id: string, change: (state: GroupState) => GroupState) => ({
  groupState: encodeState(change(structuredClone(stateIn(device, id) as GroupState))),
});

test("a member's commits that rename, promote, remove others or add strangers count for nothing, though they stand first", async () => {
  const { id, ann, bob, eve } = await group();
  const stranger = await crowd.open(4);
  const { claim, deviceKey } = stranger.session.core.self;
  const ghost = await createKeyPackage(claim, deviceKey.secret, Date.now());
  const people = (state: GroupState, more: GroupState["people"]) => ({
    ...state,
    people: { ...state.people, ...more },
  });
  const attempts: Omit<GroupChange, "expected">[] = [
    changed(eve, id, (state) => ({ ...state, name: "Eve's" })),
    changed(eve, id, (state) => people(state, { [eve.publicId]: "owner" })),
    { remove: [bob.session.core.self.deviceKey.public] },
    { add: [ghost.public] },
    { add: [(await ghostOf(2, bob)).public] },
    { add: [(await ghostOf(2, bob)).public], remove: [bob.session.core.self.deviceKey.public] },
    { add: [(await ghostOf(3, eve)).public] },
    { add: [ghost.public], ...changed(eve, id, (state) => people(state, { [stranger.publicId]: "member" })) },
  ];
  await stranger.close();
  for (const [at, attempt] of attempts.entries()) {
    await ordered(eve, id, attempt);
    await act(ann, id).update({ name: `Still fair ${at}` });
    await crowd.until("Ann's name", () => allNamed(id, `Still fair ${at}`));
  }
  expect(stateIn(bob, id)?.people[eve.publicId]).toBe("member");
  expect(threadIn(bob, id)?.devices.length).toBe(3);
});

test("a member who fills every line with junk stops nobody: the chain decides", async () => {
  const { id, ann, eve } = await group();
  const { keys } = await forged(eve, id, {});
  for (let entry = 0; entry < 16; entry++) {
    const junk = randomBytes(100);
    for (const relay of [1, 2, 3]) {
      await eve.session.core.pool.order(relay, keys.leaf(relay, junk), await keys.close(relay, junk));
    }
  }
  await act(ann, id).update({ name: "Through" });
  await crowd.until("the name", () => allNamed(id, "Through"));
});

test("a commit that was anchored and withheld changes nothing when it is shown later", async () => {
  const { id, ann, eve } = await group();
  const { commit, keys, session } = await forged(eve, id, {});
  await eve.session.core.pool.anchor(keys.leaf("chain", commit));
  await act(ann, id).update({ name: "Ordered" });
  await crowd.until("the name", () => allNamed(id, "Ordered"));
  const { core } = eve.session;
  const [route, branch] = [fromHex(session.route), fromHex(session.branch)];
  const envelope = encodeEnvelope({ kind: "commit", route, branch, votes: [], message: commit });
  for (const { publicId, agreementKey } of addressees(core, Object.keys(stateIn(ann, id)?.people ?? {}) as never)) {
    await core.pool.deposit(publicId, await seal(fromHex(agreementKey), envelope), { ttlSeconds: 60 });
  }
  await sendText(ann.session.core, id, "after it");
  await crowd.until("the text", async () => (await eve.texts(id)).includes("after it"));
  expect(allNamed(id, "Ordered")).toBe(true);
});

test("who was removed can no longer write, neither in the old epoch nor by commits", async () => {
  const { id, ann, bob, eve } = await group();
  let late = 0;
  ann.session.core.now = () => Date.now() + late;
  bob.session.core.now = () => Date.now() + late;
  eve.online = false;
  await act(ann, id).remove(eve.publicId);
  await crowd.until("the removal", () => [ann, bob].every((one) => !stateIn(one, id)?.people[eve.publicId]));
  await sendText(eve.session.core, id, "said before I knew");
  await crowd.until("the last word", async () => (await bob.texts(id)).includes("said before I knew"));
  late = 3_600_000;
  await sendText(eve.session.core, id, "still here");
  await ordered(eve, id, {});
  await sendText(ann.session.core, id, "without you");
  await crowd.until("Ann's text", async () => (await bob.texts(id)).includes("without you"));
  expect(await bob.texts(id)).toEqual(["said before I knew", "without you"]);
});

test("a newcomer who asks for what was said before gets nothing", async () => {
  const { id, ann, bob } = await group();
  for (const text of ["one", "two", "three"]) await sendText(ann.session.core, id, text);
  await crowd.until("the texts", async () => (await bob.texts(id)).length === 3);
  const dan = await crowd.open(4);
  await crowd.befriend(ann, dan);
  await act(ann, id).invite([dan.publicId]);
  await crowd.until("Dan", () => stateIn(dan, id) !== undefined && threadIn(ann, id)?.devices.length === 4);
  const route = threadIn(dan, id)?.sessions.at(-1)?.route as string;
  await transmit(dan.session.core, id, {
    ttlSeconds: 60,
    build: () => ({ v: 1, type: "missing", route, device: ann.session.core.self.identity.deviceKey, ns: [1, 2, 3] }),
  });
  await sendText(ann.session.core, id, "four");
  await crowd.until("the new text", async () => (await dan.texts(id)).includes("four"));
  await sendText(bob.session.core, id, "five");
  await crowd.until("the newest text", async () => (await dan.texts(id)).includes("five"));
  expect(await dan.texts(id)).toEqual(["four", "five"]);
});

/** A store over another one's present content, as somebody restores a disk. */
async function copyOf(store: Store): Promise<() => Promise<void>> {
  const rows = await store.range({ prefix: "" });
  return async () => {
    const now = await store.range({ prefix: "" });
    await store.write([
      ...now.map(({ key }) => ({ delete: key })),
      ...rows.map(({ key, value }) => ({ put: key, value })),
    ]);
  };
}

test("a device restored from an old copy comes back by itself, though it had made commits since", async () => {
  const store = createMemoryStore();
  const { id, ann, bob, eve } = await group({ bob: store });
  await act(ann, id).setRole(bob.publicId, "admin");
  await crowd.until("an admin", () => together(id) && stateIn(bob, id)?.people[bob.publicId] === "admin");
  const restore = await copyOf(store);
  await act(bob, id).update({ name: "Bob's" });
  await crowd.until("the name", () => allNamed(id, "Bob's"));
  await sendText(bob.session.core, id, "before the crash");
  await crowd.until("the text", async () => (await eve.texts(id)).includes("before the crash"));
  await bob.close();
  await restore();
  await act(ann, id).update({ name: "Ann's" });
  const again = await crowd.open(2, { store });
  await crowd.until("Ann's name", () => stateIn(eve, id)?.name === "Ann's");
  await sendText(ann.session.core, id, "hello again");
  await crowd.until("Bob to be back", () => allNamed(id, "Ann's"));
  await sendText(again.session.core, id, "back");
  await crowd.until("Bob's text", async () => (await eve.texts(id)).includes("back"));
});

test("nobody leads into a conversation with other people by its id", async () => {
  const { id, bob, eve } = await group();
  const pair = bob.session.core.book.get(crowd.devices[0]?.publicId as never)?.conversationId as string;
  const invite = { v: 1 as const, from: eve.publicId, nonce: "00".repeat(32), name: "Trap", people: 2 };
  for (const conversationId of [id, pair]) await receiveInvite(bob.session.core, { ...invite, conversationId });
  expect(await openKnocks(bob.session.core)).toBe(0);
  const before = structuredClone(threadIn(bob, id)?.devices);
  const welcome = toBase64Url(randomBytes(64));
  const entry = {
    v: 1 as const,
    from: eve.publicId,
    nonce: toHexString(randomBytes(32)),
    kind: "group" as const,
    welcome,
  };
  await receiveEntry(bob.session.core, { ...entry, conversationId: pair, route: "11".repeat(16) });
  expect(threadIn(bob, id)?.devices).toEqual(before);
});

test("invitations and knocks without end leave little behind", async () => {
  const { id, bob, ann } = await group();
  const { core } = bob.session;
  const eve = crowd.devices[2] as Device;
  for (let n = 0; n < 200; n++) {
    const [nonce, conversationId] = [toHexString(randomBytes(32)), toHexString(randomBytes(16))];
    await receiveInvite(core, { v: 1, from: eve.publicId, nonce, conversationId, name: "Come", people: 3 });
  }
  expect(await openKnocks(core)).toBeLessThanOrEqual(64);
  const stranger = await crowd.open(5);
  const { claim, deviceKey } = stranger.session.core.self;
  const keyPackage = toBase64Url((await createKeyPackage(claim, deviceKey.secret, Date.now())).public);
  const reads = crowd.registry.reads;
  for (let n = 0; n < 10_000; n++) {
    const nonce = n.toString(16).padStart(64, "0");
    const knock = { v: 1 as const, from: stranger.publicId, nonce, sentAt: Date.now(), conversationId: id, keyPackage };
    await receiveKnock(ann.session.core, knock);
  }
  expect(crowd.registry.reads).toBe(reads);
  expect(ann.session.core.intents.of(id)).toEqual([]);
  expect(await ann.session.core.vault.range(`join requests ${id}`)).toEqual([]);
});

test("a key package that no commit can use keeps nothing else from happening", async () => {
  const { id, ann, eve } = await group();
  const { claim, deviceKey } = eve.session.core.self;
  const old = await createKeyPackage(claim, deviceKey.secret, Date.now() - 400 * 86_400_000);
  const nonce = toHexString(randomBytes(32));
  const body = { v: 1 as const, from: eve.publicId, nonce, sentAt: Date.now(), conversationId: id };
  await receiveKnock(ann.session.core, { ...body, keyPackage: toBase64Url(old.public) });
  await act(ann, id).update({ name: "Unhindered" });
  await crowd.until("the name", () => allNamed(id, "Unhindered"));
  expect(ann.session.core.intents.of(id)).toEqual([]);
});
