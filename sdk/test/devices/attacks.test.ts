import { afterEach, expect, test } from "vitest";
import { requestContact } from "../../src/contacts/request.ts";
import { randomBytes, toHex } from "../../src/crypto/bytes.ts";
import { sealFrame } from "../../src/devices/channel.ts";
import { formatLinkAsk, linkCode, newEphemeral, newLinkSecret, parseLinkAsk } from "../../src/devices/linkText.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { LinkRequest } from "../../src/types/devices.ts";
import type { Hex, PublicId } from "../../src/types/primitives.ts";
import { type BlankDevice, type Box, type Crowd, createCrowd, type Device } from "../support/deviceCrowd.ts";
import { sendText } from "../support/say.ts";

let crowd: Crowd;
afterEach(() => crowd.close());

const boxOf = (request: LinkRequest): Box => {
  const id = toHex(parseLinkAsk(request.text, Date.now()).mailbox) as PublicId;
  return crowd.boxes.get(id) as Box;
};

/** Two contacts; what one has fills several frames. */
async function talking(texts = 0) {
  crowd = createCrowd();
  const [ann, bob] = [await crowd.open(1), await crowd.open(2)];
  const id = await crowd.befriend(ann, bob);
  for (let n = 1; n <= texts; n++) await sendText(ann.session.core, id, `${n} ${"x".repeat(12_000)}`);
  await crowd.until("all texts", async () => (await bob.texts(id)).length === texts);
  return { ann, bob, id };
}

/** How it ended, once it has. */
function outcomeOf(work: Promise<unknown>) {
  const state: { over?: "done" | string } = {};
  work.then(
    () => {
      state.over = "done";
    },
    (error) => {
      state.over = error.code;
    },
  );
  return state;
}

async function ask(now?: () => number): Promise<{ blank: BlankDevice; request: LinkRequest }> {
  const blank = await crowd.openBlank(now ? { now } : {});
  return { blank, request: await blank.devices.link() };
}

test("a text of somebody else's shows other digits; a damaged one is none", async () => {
  const { ann } = await talking();
  const { request } = await ask();
  const theirs = { mailbox: newEphemeral().mailbox.public, opening: newEphemeral().opening.public };
  const phished = { ...theirs, secret: newLinkSecret(), madeAt: Date.now() };
  expect((await ann.devices.approve(formatLinkAsk("https://x", phished))).code).not.toBe(request.code);
  expect(request.code).toMatch(/^\d{6}$/);
  const cut = request.text.slice(0, -4);
  const weak = formatLinkAsk("https://x", { ...phished, opening: new Uint8Array(32) });
  for (const text of [cut, weak, "", "hello", `${request.text}AAAA`, "x".repeat(10_000)]) {
    await expect(ann.devices.approve(text)).rejects.toMatchObject({ code: "LINK_INVALID" });
  }
});

test("who knows both ephemeral keys and not the secret can put nothing in", async () => {
  const { ann } = await talking();
  const { blank, request } = await ask();
  const known = parseLinkAsk(request.text, Date.now());
  const guessed = { ...known, secret: randomBytes(16) };
  const account = { kind: "account", pseudonym: "mallory" };
  for (const frame of [
    { v: 1, id: "00".repeat(16), n: 0, done: 0, total: 0, items: [account] },
    { v: 1, id: "00".repeat(16), cancel: true },
  ]) {
    boxOf(request).queue.push(await sealFrame(guessed, "to new", known.opening, frame));
    // One's own words, turned round.
    boxOf(request).queue.push(await sealFrame(known, "to old", known.opening, frame));
  }
  boxOf(request).queue.push(randomBytes(512));
  await crowd.deliver();
  expect(blank.device()).toBeUndefined();
  const sent = outcomeOf((await ann.devices.approve(request.text)).send());
  await crowd.until("the transfer", () => sent.over !== undefined);
  expect(sent.over).toBe("done");
  expect(blank.device()?.publicId).toBe(ann.publicId);
});

test("frames that come twice, late or not at all: nothing is doubled, and nothing is called complete that is not", async () => {
  const { ann, id } = await talking(30);
  const { blank, request } = await ask();
  const done = outcomeOf(request.done);
  const sent = outcomeOf((await ann.devices.approve(request.text)).send());
  const box = boxOf(request);
  box.limit = 1;
  await crowd.until("the first frame", () => blank.device() !== undefined);
  await crowd.until("the window", () => box.seen.length >= 4);
  const lost = box.queue.shift() as Uint8Array;
  box.queue.reverse();
  box.queue.push(...box.seen.slice(0, 1), ...box.seen.slice(2));
  delete box.limit;
  await crowd.deliver();
  expect([done.over, sent.over]).toEqual([undefined, undefined]);
  expect((await blank.device()?.texts(id))?.length).toBeLessThan(30);
  box.queue.push(lost, lost);
  await crowd.until("the rest", () => done.over !== undefined && sent.over !== undefined);
  expect([done.over, sent.over]).toEqual(["done", "done"]);
  expect(await blank.device()?.texts(id)).toEqual(await ann.texts(id));
});

test("the code holds for ten minutes on both sides, and once", async () => {
  const { ann } = await talking();
  let later = 0;
  const { blank, request } = await ask(() => Date.now() + later);
  const old = formatLinkAsk("https://x", { ...parseLinkAsk(request.text, Date.now()), madeAt: Date.now() - 601_000 });
  const ahead = formatLinkAsk("https://x", { ...parseLinkAsk(request.text, Date.now()), madeAt: Date.now() + 601_000 });
  for (const text of [old, ahead]) {
    await expect(ann.devices.approve(text)).rejects.toMatchObject({ code: "LINK_EXPIRED" });
  }
  const approval = await ann.devices.approve(request.text);
  const sent = outcomeOf(approval.send());
  const done = outcomeOf(request.done);
  later = 601_000;
  await crowd.until("the end", () => done.over !== undefined && blank.device() === undefined);
  expect(done.over).toBe("LINK_EXPIRED");
  expect(sent.over).toBeUndefined();

  const again = await ask();
  const second = await ann.devices.approve(again.request.text);
  const over = outcomeOf(second.send());
  await crowd.until("the transfer", () => over.over !== undefined);
  expect(over.over).toBe("done");
  await expect(second.send()).rejects.toMatchObject({ code: "LINK_USED" });
  await expect(ann.devices.approve(again.request.text)).rejects.toMatchObject({ code: "LINK_USED" });
});

test("either side can cancel, and the other one hears of it", async () => {
  const { ann } = await talking(30);
  for (const who of ["old", "new"] as const) {
    const { blank, request } = await ask();
    const done = outcomeOf(request.done);
    const stop = new AbortController();
    const sent = outcomeOf((await ann.devices.approve(request.text)).send({ signal: stop.signal }));
    const box = boxOf(request);
    box.limit = 1;
    await crowd.until("the first frame", () => blank.device() !== undefined && box.seen.length >= 4);
    if (who === "old") stop.abort();
    else await request.cancel();
    delete box.limit;
    await crowd.until("both ends", () => done.over !== undefined && sent.over !== undefined);
    expect([done.over, sent.over]).toEqual(["LINK_CANCELLED", "LINK_CANCELLED"]);
    await expect(ann.devices.approve(request.text)).rejects.toMatchObject({ code: "LINK_USED" });
  }
});

test("a transfer goes on after a restart of either side", async () => {
  const { ann, id } = await talking(40);
  const store = createMemoryStore();
  const blank = await crowd.openBlank({ store });
  const request = await blank.devices.link();
  outcomeOf(request.done);
  outcomeOf((await ann.devices.approve(request.text)).send());
  const box = boxOf(request);
  box.limit = 2;
  await crowd.until(
    "two frames",
    async () => ((await blank.device()?.texts(id))?.length ?? 0) > 0 && box.seen.length > 4,
  );
  const texts = await ann.texts(id);
  await Promise.all([blank.close(), ann.close()]);
  delete box.limit;
  const [desk, phone] = [await crowd.open(1, { store: ann.store }), await crowd.open(1, { store })];
  expect((await phone.texts(id)).length).toBeLessThan(40);
  await crowd.until("the rest", async () => (await phone.texts(id)).length === 40);
  expect(await phone.texts(id)).toEqual(texts);
  await crowd.until("the phone in it", () => desk.session.core.threads.get(id)?.devices.length === 3);
});

test("another person's transfer is refused by a device that has an identity", async () => {
  const { ann, bob } = await talking();
  const request = await bob.devices.link();
  const done = outcomeOf(request.done);
  const sent = outcomeOf((await ann.devices.approve(request.text)).send());
  await crowd.until("both ends", () => done.over !== undefined && sent.over !== undefined);
  expect([done.over, sent.over]).toEqual(["LINK_REFUSED", "LINK_CANCELLED"]);
  expect(bob.session.core.self.identity.publicId).toBe(bob.publicId);
});

test("what a device had already moves behind the history it gets", async () => {
  const { ann, bob, id } = await talking();
  for (const text of ["one", "two", "three"]) await sendText(bob.session.core, id, text);
  await crowd.until("the texts", async () => (await ann.texts(id)).length === 3);
  const phone = await crowd.open(1);
  await requestContact(phone.session.core, bob.publicId);
  await crowd.until("the phone", () => phone.session.core.threads.get(id)?.devices.length === 3);
  await crowd.until("the phone", () => bob.session.core.threads.get(id)?.devices.length === 3);
  await sendText(bob.session.core, id, "four");
  await crowd.until("the text", async () => (await phone.texts(id)).length === 1);
  const request = await phone.devices.link();
  const sent = outcomeOf((await ann.devices.approve(request.text)).send());
  await crowd.until("the transfer", () => sent.over !== undefined);
  expect(sent.over).toBe("done");
  expect(await phone.texts(id)).toEqual(["one", "two", "three", "four"]);
  expect((await phone.session.core.search.query("two")).length).toBe(1);
});

test("where all places are taken, the oldest device makes room", async () => {
  const { ann } = await talking();
  const entry = crowd.registry.entries.get(ann.publicId);
  const others = Array.from({ length: 63 }, () => randomBytes(32));
  Object.assign(entry as object, { devices: sorted([...(entry?.devices ?? []), ...others]) });
  await ann.devices.list();
  const { blank, request } = await ask();
  const approval = await ann.devices.approve(request.text);
  const oldest = approval.oldest?.key as Hex;
  expect(others.map(toHex)).toContain(oldest);
  await expect(approval.send()).rejects.toMatchObject({ code: "TOO_MANY_DEVICES" });
  const sent = outcomeOf(approval.send({ revoke: oldest }));
  await crowd.until("the transfer", () => sent.over !== undefined);
  expect(sent.over).toBe("done");
  const keys = (await ann.devices.list()).map(({ key }) => key);
  expect(keys).toHaveLength(64);
  expect(keys).not.toContain(oldest);
  expect(keys).toContain((blank.device() as Device).session.core.self.identity.deviceKey);
});

const sorted = (keys: Uint8Array[]) => keys.toSorted((a, b) => (toHex(a) < toHex(b) ? -1 : 1));

test("names are told to all devices, the later one counts, and only listed devices are listened to", async () => {
  const { ann } = await talking();
  const phone = await crowd.open(1);
  const phoneKey = phone.session.core.self.identity.deviceKey;
  const joined = new Promise((resolve) => ann.session.core.events.on("device", resolve));
  await phone.devices.rename(phoneKey, "  Phone\u202e ");
  await crowd.until("the name", async () => (await ann.devices.list()).some(({ name }) => name === "Phone"));
  expect(await joined).toMatchObject({ kind: "joined", device: { key: phoneKey } });
  await ann.devices.rename(phoneKey, "Old phone");
  await crowd.until("the name", async () => (await phone.devices.list())[0]?.name === "Old phone");
  await expect(ann.devices.rename(toHex(randomBytes(32)), "x")).rejects.toMatchObject({ code: "DEVICE_UNKNOWN" });
  await expect(ann.devices.rename(phoneKey, " \u202e")).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(ann.devices.revoke(toHex(randomBytes(32)))).rejects.toMatchObject({ code: "DEVICE_UNKNOWN" });
  await expect(phone.devices.revoke(phoneKey)).rejects.toMatchObject({ code: "DEVICE_IS_THIS" });
  await ann.devices.revoke(phoneKey);
  await phone.devices.rename(phoneKey, "Still me");
  await crowd.deliver();
  expect(await ann.devices.list()).toHaveLength(1);
});

test("the six digits follow from everything the text says", () => {
  crowd = createCrowd();
  const [one, other] = [newEphemeral(), newEphemeral()];
  const base = { mailbox: one.mailbox.public, opening: one.opening.public, secret: newLinkSecret(), madeAt: 1 };
  const changes = [
    { mailbox: other.mailbox.public },
    { opening: other.opening.public },
    { secret: newLinkSecret() },
    { madeAt: 2 },
  ];
  for (const change of changes) expect(linkCode({ ...base, ...change })).not.toBe(linkCode(base));
});
