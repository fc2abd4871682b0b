import { createHash, randomBytes } from "node:crypto";
import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { FEATURE_ORDER, type FrameOf, verifyOrderEntry } from "@skrumble/sdk/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestRelay, type TestRelay } from "./support/relayProcess.ts";
import { connectWire, createOwner, depositFrame, numbered, openMailbox, type Wire } from "./support/wire.ts";

let relay: TestRelay;
const cleanUps: (() => Promise<void>)[] = [];
beforeAll(async () => {
  relay = await startTestRelay({}, (clean) => cleanUps.push(clean));
});
afterAll(() => Promise.all(cleanUps.map((clean) => clean())));

function orderFrame(reqId: number, tag: Uint8Array = randomBytes(32), size = 512): FrameOf<"order"> {
  return { frame: "order", reqId, leaf: Buffer.concat([tag, randomBytes(64)]), body: numbered(reqId, size) };
}

async function append(wire: Wire, frame: FrameOf<"order">): Promise<FrameOf<"ordered">> {
  wire.send(frame);
  return wire.take("ordered", frame.reqId);
}

const bytesOf = (data: Uint8Array) => Buffer.from(data);
const hashOf = (body: Uint8Array) => createHash("sha256").update(body).digest();

test("a leaf gets its place and the vote, signed; the log and its bodies can be read by anybody", async () => {
  const wire = await connectWire(relay.url);
  expect(wire.greeting.features & FEATURE_ORDER).toBe(FEATURE_ORDER);
  const tag = randomBytes(32);
  const [a, b] = [orderFrame(1, tag), orderFrame(2, tag, 262144)];
  const first = await append(wire, a);
  const second = await append(wire, b);
  expect(first.own).toEqual(first.first);
  expect(second.first).toEqual(first.own);
  expect([first.own.position, second.own.position]).toEqual([0, 1]);
  expect(bytesOf(second.own.leaf)).toEqual(bytesOf(b.leaf));
  expect(bytesOf(second.own.bodyHash)).toEqual(hashOf(b.body));
  for (const entry of [first.own, second.own]) expect(verifyOrderEntry(entry, relay.relayKey)).toBe(true);

  const other = await connectWire(relay.url);
  other.send({ frame: "orderQuery", reqId: 3, tag });
  expect((await other.take("orderLog", 3)).entries).toEqual([first.own, second.own]);
  other.send({ frame: "orderFetch", reqId: 4, tag, position: 1 });
  const fetched = await other.take("orderEntry", 4);
  expect(fetched).toMatchObject(second.own);
  expect(bytesOf(fetched.body)).toEqual(bytesOf(b.body));
  other.send({ frame: "orderFetch", reqId: 5, tag, position: 2 });
  expect(await other.takeError(5)).toBe("order-unknown");
  other.send({ frame: "orderQuery", reqId: 6, tag: randomBytes(32) });
  expect((await other.take("orderLog", 6)).entries).toEqual([]);
  expect(await relay.metric("skrumble_relay_ordered_total")).toBeGreaterThanOrEqual(2);
});

test("asked again a relay says the same; the same leaf with another body is refused", async () => {
  const wire = await connectWire(relay.url);
  const frame = orderFrame(1);
  const before = await append(wire, frame);
  expect(await append(wire, frame)).toEqual(before);
  wire.send({ ...frame, reqId: 2, body: numbered(9) });
  expect(await wire.takeError(2)).toBe("order-conflict");
});

test("the seventeenth leaf of a tag is refused, and so is a body above 512 KiB together", async () => {
  const wire = await connectWire(relay.url);
  const tag = randomBytes(32);
  for (let i = 1; i <= 17; i++) wire.send(orderFrame(i, tag));
  for (let i = 1; i <= 16; i++) expect((await wire.take("ordered", i)).own.position).toBe(i - 1);
  expect(await wire.takeError(17)).toBe("order-full");
  const large = randomBytes(32);
  for (const reqId of [20, 21]) await append(wire, orderFrame(reqId, large, 262144));
  wire.send(orderFrame(22, large));
  expect(await wire.takeError(22)).toBe("order-full");
});

test("two clients race for the first place over their own sockets: exactly one wins, both are told the same", async () => {
  for (let round = 0; round < 20; round++) {
    const wires = await Promise.all([connectWire(relay.url), connectWire(relay.url)]);
    const tag = randomBytes(32);
    const answers = await Promise.all(wires.map((wire, index) => append(wire, orderFrame(index + 1, tag))));
    expect(answers.map(({ own }) => own.position).sort()).toEqual([0, 1]);
    expect(answers[0]?.first).toEqual(answers[1]?.first);
    for (const wire of wires) wire.close();
  }
});

test("an owner's connection does not order: the relay must not see who is in which conversation", async () => {
  const owner = createOwner();
  const mailbox = await openMailbox(relay.url, owner);
  mailbox.send(orderFrame(7));
  expect(await mailbox.takeError(7)).toBe("mixed-connection");
  mailbox.send({ frame: "orderQuery", reqId: 8, tag: randomBytes(32) });
  expect(await mailbox.takeError(8)).toBe("mixed-connection");
  mailbox.send({ frame: "orderFetch", reqId: 9, tag: randomBytes(32), position: 0 });
  expect(await mailbox.takeError(9)).toBe("mixed-connection");
});

test("ordering is dearer than forwarding: a flood is told to wait", async () => {
  const strict = await startTestRelay({ FRAMES_PER_SECOND: "20", FRAMES_BURST: "60" });
  const wire = await connectWire(strict.url);
  for (let i = 1; i <= 10; i++) wire.send(orderFrame(i));
  expect(await wire.takeError(10)).toBe("rate-limited");
});

test("killed right after an answer, a relay knows the place and signs the same", async () => {
  const own = await startTestRelay();
  const wire = await connectWire(own.url);
  const tag = randomBytes(32);
  const frames = [orderFrame(1, tag), orderFrame(2, tag)];
  const before = [];
  for (const frame of frames) before.push(await append(wire, frame));
  await own.stop("SIGKILL");
  await own.start();
  const again = await connectWire(own.url);
  const after = [];
  for (const frame of [...frames].reverse()) after.unshift(await append(again, frame));
  expect(after).toEqual(before);
  expect((await append(again, orderFrame(3, tag))).own.position).toBe(2);
});

test("what was taken before a stop is stored and answered", async () => {
  const own = await startTestRelay();
  const wire = await connectWire(own.url);
  const tag = randomBytes(32);
  const frames = Array.from({ length: 12 }, (_, index) => orderFrame(index + 1, tag));
  for (const frame of frames) wire.send(frame);
  const answered = wire.take("ordered", 1);
  await own.stop("SIGTERM");
  const told = [await answered, ...wire.left().filter((frame) => frame.frame === "ordered")];
  await own.start();
  const again = await connectWire(own.url);
  again.send({ frame: "orderQuery", reqId: 1, tag });
  const { entries } = await again.take("orderLog", 1);
  for (const { own: entry } of told) expect(entries[entry.position]).toEqual(entry);
});

test("a truncated database is set aside, and ordering goes on with a new one", async () => {
  const own = await startTestRelay();
  const wire = await connectWire(own.url);
  const tag = randomBytes(32);
  await append(wire, orderFrame(1, tag, 65536));
  await own.stop("SIGTERM");
  const file = join(own.dataDir, "relay.db");
  truncateSync(file, Math.floor(statSync(file).size / 2) - 100);
  await own.start();
  expect(readdirSync(own.dataDir).some((name) => name.startsWith("relay.db.damaged-"))).toBe(true);
  const again = await connectWire(own.url);
  again.send({ frame: "orderQuery", reqId: 1, tag });
  expect((await again.take("orderLog", 1)).entries).toEqual([]);
  expect((await append(again, orderFrame(2, tag))).own.position).toBe(0);
});

test("a full disk takes no leaf and says so, keeps what it has, and takes more when there is room", async () => {
  // The same page limit by which damage.test.ts fills a disk.
  const own = await startTestRelay({ DATABASE_BYTES: String(1024 * 1024) });
  const owner = createOwner();
  await openMailbox(own.url, owner);
  const wire = await connectWire(own.url);
  const frame = orderFrame(1);
  const before = await append(wire, frame);
  for (let i = 1, full = false; !full; i++) {
    wire.send(depositFrame(owner.tag, 1000 + i, numbered(i, 16384)));
    full = await Promise.race([
      wire.take("receipt", 1000 + i).then(() => false),
      wire.take("error", 1000 + i).then(() => true),
    ]);
  }
  wire.send(orderFrame(2, randomBytes(32), 65536));
  expect(await wire.takeError(2)).toBe("storage-unavailable");
  expect(await append(wire, frame)).toEqual(before);
  expect(await own.health()).toMatchObject({ http: 503, storage: "failing" });

  const reader = await openMailbox(own.url, owner);
  let last = 0n;
  while (last < reader.head) last = (await reader.take("message")).seq;
  reader.send({ frame: "ack", subscription: 2, upTo: last });
  reader.send({ frame: "ping", reqId: 9 });
  await reader.take("pong", 9);
  await append(wire, orderFrame(3, randomBytes(32), 65536));
  expect(await own.health()).toMatchObject({ http: 200, storage: "ok" });
});

test("a client that takes none of the bodies it asks for is let go, and the relay serves others", async () => {
  const own = await startTestRelay();
  const wire = await connectWire(own.url);
  const tag = randomBytes(32);
  await append(wire, orderFrame(1, tag, 262144));
  wire.socket.pause();
  for (let i = 0; i < 400; i++) wire.send({ frame: "orderFetch", reqId: 2, tag, position: 0 });
  const other = await connectWire(own.url);
  await expect.poll(() => own.metric("skrumble_relay_connections"), { timeout: 20_000 }).toBe(1);
  await append(other, orderFrame(1));
});
