import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { markClean, openDatabase } from "../src/storage/database.ts";
import { startTestRelay, type TestRelay } from "./support/relayProcess.ts";
import {
  connectWire,
  createOwner,
  depositFrame,
  numbered,
  numberOf,
  openMailbox,
  ownFrame,
  type TestOwner,
} from "./support/wire.ts";

async function fill(relay: TestRelay, owner: TestOwner, count: number, size = 4096): Promise<bigint> {
  const wire = await connectWire(relay.url);
  let last = 0n;
  for (let i = 1; i <= count; i++) wire.send(depositFrame(owner.tag, i, numbered(i, size)));
  for (let i = 1; i <= count; i++) last = (await wire.take("receipt", i)).seq;
  wire.close();
  await wire.closed;
  return last;
}

test("killed in the middle of deposits, a relay still has everything it gave a receipt for", async () => {
  const relay = await startTestRelay();
  const owner = createOwner();
  const wire = await connectWire(relay.url);
  const receipted = new Set<number>();
  wire.closed.catch(() => undefined);
  for (let i = 1; i <= 4000; i++) wire.send(depositFrame(owner.tag, i, numbered(i)));
  for (let i = 1; i <= 300; i++) {
    await wire.take("receipt", i);
    receipted.add(i);
  }
  await relay.stop("SIGKILL");
  for (const frame of wire.left()) if (frame.frame === "receipt") receipted.add(frame.reqId);

  await relay.start();
  const reader = await openMailbox(relay.url, owner);
  const seen = new Set<number>();
  let last = 0n;
  while (last < reader.head) {
    const message = await reader.take("message");
    expect(message.seq > last).toBe(true);
    last = message.seq;
    seen.add(numberOf(message.payload));
  }
  for (const number of receipted) expect(seen.has(number)).toBe(true);
  // What comes after a crash is above all that was before it, so no cursor hides it.
  const sender = await connectWire(relay.url);
  sender.send(depositFrame(owner.tag, 1, numbered(5000)));
  expect((await sender.take("receipt", 1)).seq > last).toBe(true);
});

const damages: Record<string, (file: string) => void> = {
  "cut in the middle of a page": (file) => truncateSync(file, Math.floor(statSync(file).size / 2) - 100),
  "cut to half of its pages": (file) => truncateSync(file, Math.floor(statSync(file).size / 2 / 8192) * 8192),
  "cut to a few bytes": (file) => truncateSync(file, 37),
  "overwritten in its middle": (file) => {
    const handle = openSync(file, "r+");
    for (let page = 1; page < 8; page++) writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
    closeSync(handle);
  },
  "another file altogether": (file) => copyFileSync(process.execPath, file),
};

test.each(Object.entries(damages))(
  "a database %s is set aside and the relay begins anew and says so",
  async (_, damage) => {
    const relay = await startTestRelay();
    const owner = createOwner();
    const before = await fill(relay, owner, 60);
    await relay.stop("SIGTERM");
    damage(join(relay.dataDir, "relay.db"));

    await relay.start();
    const health = await relay.health();
    expect(health).toMatchObject({ http: 200, status: "degraded", storage: "began anew after damage" });
    expect(relay.log()).toContain("damaged database set aside");
    expect(readdirSync(relay.dataDir).some((file) => file.startsWith("relay.db.damaged-"))).toBe(true);

    const reader = await openMailbox(relay.url, owner, before);
    const sender = await connectWire(relay.url);
    sender.send(depositFrame(owner.tag, 1, numbered(77)));
    // The new seqs lie above the old ones: a reader's cursor from before the damage hides nothing.
    expect((await sender.take("receipt", 1)).seq > before).toBe(true);
    expect(numberOf((await reader.take("message")).payload)).toBe(77);
  },
);

test("damage that shows while the relay runs costs old mail but not the relay", async () => {
  const relay = await startTestRelay();
  const owner = createOwner();
  await fill(relay, owner, 200, 16384);
  await relay.stop("SIGTERM");
  await relay.start();
  // Behind the back of the running relay, and beyond what its cache holds of this file.
  const handle = openSync(join(relay.dataDir, "relay.db"), "r+");
  for (let page = 2; page < 700; page++) writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096);
  closeSync(handle);
  const reader = await connectWire(relay.url);
  reader.send(ownFrame(owner, reader.greeting));
  await reader.take("owned");
  reader.send({ frame: "subscribe", reqId: 2, tag: owner.tag, reader: owner.reader, after: 0n });
  // Either is right: the damage shows to whoever first reads a damaged page.
  await Promise.race([reader.take("subscribed"), reader.take("error", 2)]).catch(() => undefined);
  const sender = await connectWire(relay.url);
  let stored = false;
  for (let i = 1; i <= 50 && !stored; i++) {
    sender.send(depositFrame(owner.tag, i, numbered(i)));
    stored = await Promise.race([
      sender.take("receipt", i).then(() => true),
      sender.take("error", i).then(() => false),
    ]);
  }
  expect(stored).toBe(true);
  expect(relay.log()).toContain("damaged database set aside");
  expect(await relay.health()).toMatchObject({ http: 200, status: "degraded" });
});

test("a damaged database that cannot be replaced ends the process, so that it is started again", async () => {
  const relay = await startTestRelay();
  const owner = createOwner();
  await fill(relay, owner, 200, 16384);
  await relay.stop("SIGTERM");
  await relay.start();
  const sender = await connectWire(relay.url);
  const handle = openSync(join(relay.dataDir, "relay.db"), "r+");
  for (let page = 2; page < 700; page++) writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096);
  closeSync(handle);
  renameSync(relay.dataDir, `${relay.dataDir}-gone`);
  openMailbox(relay.url, owner).catch(() => undefined);
  for (let i = 1; i <= 50; i++) sender.send(depositFrame(createOwner().tag, i, numbered(i)));
  expect(await sender.closed).toBe(1006);
  // The line ends before the last of the log has come.
  await vi.waitFor(() => expect(relay.log()).toContain("the storage thread ended"), { timeout: 30_000 });
});

test("a database closed in good order is not checked page by page, any other is", () => {
  const folder = mkdtempSync(join(tmpdir(), "skrumble-clean-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const note = join(folder, "relay.db.clean");
  const options = { folder, maxBytes: 1024 * 1024, now: Date.now() };
  openDatabase(options).db.close();
  markClean(folder);
  expect(existsSync(note)).toBe(true);
  const { db } = openDatabase(options);
  // Good for one start: a crash from here on leaves none.
  expect(existsSync(note)).toBe(false);
  markClean(folder);
  // Still open, with a log beside it.
  expect(existsSync(note)).toBe(false);
  db.close();
});

test("a full disk refuses deposits with a typed error, and the relay recovers when there is room", async () => {
  // A full disk is simulated by SQLite's own page limit (PRAGMA max_page_count), which fails writes with the same SQLITE_FULL.
  const relay = await startTestRelay({ DATABASE_BYTES: String(1024 * 1024) });
  const owner = createOwner();
  // What nobody ever opened would give way.
  await openMailbox(relay.url, owner);
  const sender = await connectWire(relay.url);
  let refusedAt = 0;
  for (let i = 1; refusedAt === 0; i++) {
    sender.send(depositFrame(owner.tag, i, numbered(i, 16384)));
    const stored = await Promise.race([
      sender.take("receipt", i).then(() => true),
      sender.take("error", i).then(() => false),
    ]);
    if (!stored) refusedAt = i;
  }
  expect(refusedAt).toBeGreaterThan(20);
  sender.send(depositFrame(owner.tag, 5000, numbered(1, 65536)));
  expect(await sender.takeError(5000)).toBe("storage-unavailable");
  expect(await relay.health()).toMatchObject({ http: 503, status: "degraded", storage: "failing" });
  expect(await relay.metric("skrumble_relay_storage_writable")).toBe(0);

  // Reading still works, and what is acknowledged makes room.
  const reader = await openMailbox(relay.url, owner).catch(() => undefined);
  expect(reader).toBeDefined();
  let last = 0n;
  for (let i = 1; i < refusedAt; i++) {
    const message = await reader?.take("message");
    expect(numberOf(message?.payload as Uint8Array)).toBe(i);
    last = message?.seq as bigint;
  }
  reader?.send({ frame: "ack", subscription: 2, upTo: last });
  reader?.send({ frame: "ping", reqId: 9 });
  await reader?.take("pong", 9);
  sender.send(depositFrame(owner.tag, 6000, numbered(6000, 16384)));
  await sender.take("receipt", 6000);
  expect(await relay.health()).toMatchObject({ http: 200, status: "ok", storage: "ok" });
});
