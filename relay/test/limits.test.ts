import { MAX_FRAME_BYTES, wireErrorName } from "@skrumble/sdk/protocol";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { startTestRelay } from "./support/relayProcess.ts";
import { connectWire, createOwner, depositFrame, numbered, numberOf, openMailbox } from "./support/wire.ts";

test("a connection above its rate is told to wait, and may go on afterwards", async () => {
  const relay = await startTestRelay({ FRAMES_PER_SECOND: "20", FRAMES_BURST: "20" });
  const wire = await connectWire(relay.url);
  for (let i = 1; i <= 40; i++) wire.send({ frame: "ping", reqId: i });
  for (let i = 1; i <= 20; i++) await wire.take("pong", i);
  const refused = await wire.take("error", 40);
  expect(wireErrorName(refused.code)).toBe("rate-limited");
  expect(refused.retryAfterMs).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, refused.retryAfterMs + 50));
  wire.send({ frame: "ping", reqId: 50 });
  await wire.take("pong", 50);
});

test("a connection that floods regardless is closed", async () => {
  const relay = await startTestRelay({ FRAMES_PER_SECOND: "1", FRAMES_BURST: "1" });
  const wire = await connectWire(relay.url);
  for (let i = 1; i <= 200; i++) wire.send({ frame: "ping", reqId: i });
  expect(await wire.closed).toBe(1008);
});

test("bytes are limited like frames", async () => {
  const relay = await startTestRelay({ BYTES_PER_SECOND: "1024", BYTES_BURST: "270000" });
  const wire = await connectWire(relay.url);
  const { tag } = createOwner();
  wire.send(depositFrame(tag, 1, numbered(1, 262144)));
  wire.send(depositFrame(tag, 2, numbered(2, 262144)));
  await wire.take("receipt", 1);
  expect(await wire.takeError(2)).toBe("rate-limited");
});

test("a full mailbox refuses its own deposits only, until its owner has read", async () => {
  const relay = await startTestRelay({ MAILBOX_MESSAGES: "3" });
  const owner = createOwner();
  const wire = await connectWire(relay.url);
  for (let i = 1; i <= 3; i++) {
    wire.send(depositFrame(owner.tag, i, numbered(i)));
    await wire.take("receipt", i);
  }
  wire.send(depositFrame(owner.tag, 4, numbered(4)));
  expect(await wire.takeError(4)).toBe("mailbox-full");
  wire.send(depositFrame(createOwner().tag, 5, numbered(5)));
  await wire.take("receipt", 5);

  const reader = await openMailbox(relay.url, owner);
  await reader.take("message");
  const { seq } = await reader.take("message");
  reader.send({ frame: "ack", subscription: 2, upTo: seq });
  reader.send({ frame: "ping", reqId: 3 });
  await reader.take("pong", 3);
  wire.send(depositFrame(owner.tag, 6, numbered(6)));
  await wire.take("receipt", 6);
});

test("a mailbox is limited in bytes too", async () => {
  const relay = await startTestRelay({ MAILBOX_BYTES: "262144" });
  const { tag } = createOwner();
  const wire = await connectWire(relay.url);
  wire.send(depositFrame(tag, 1, numbered(1, 131072)));
  await wire.take("receipt", 1);
  wire.send(depositFrame(tag, 2, numbered(2, 262144)));
  expect(await wire.takeError(2)).toBe("mailbox-full");
});

test("one address gets so many connections and no more; a closed one makes room", async () => {
  const relay = await startTestRelay({ MAX_CONNECTIONS_PER_ADDRESS: "3" });
  const wires = [await connectWire(relay.url), await connectWire(relay.url), await connectWire(relay.url)];
  const refused = new WebSocket(`${relay.url.replace(/^http/, "ws")}/v1`);
  const status = await new Promise((resolve) => {
    refused.on("unexpected-response", (_, response) => resolve(response.statusCode));
    refused.on("error", () => undefined);
  });
  expect(status).toBe(429);
  wires[0]?.close();
  await wires[0]?.closed;
  while ((await relay.metric("skrumble_relay_connections")) > 2)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await connectWire(relay.url);
});

test("a message above the frame limit and a text message close the connection", async () => {
  const relay = await startTestRelay();
  const large = await connectWire(relay.url);
  large.sendRaw(new Uint8Array(MAX_FRAME_BYTES + 1));
  expect(await large.closed).toBe(1009);
  const text = await connectWire(relay.url);
  text.socket.send("hello");
  expect(await text.closed).toBe(1003);
});

test("lines that hold the most of frames that are not whole are cut off, all others stay", async () => {
  const relay = await startTestRelay({ UNFINISHED_BYTES: "1000000" });
  const quiet = await connectWire(relay.url);
  const slow = await connectWire(relay.url);
  // First part of a fragmented message (RFC 6455, 5.4); the last never comes, pings in between do.
  slow.socket.send(new Uint8Array(50_000), { fin: false });
  const hoarders = await Promise.all(Array.from({ length: 8 }, () => connectWire(relay.url)));
  for (const { socket } of hoarders) {
    socket.send(new Uint8Array(200_000), { fin: false });
    socket.ping();
  }
  await expect.poll(() => relay.metric("skrumble_relay_connections"), { timeout: 20_000 }).toBeLessThan(7);
  slow.socket.send(new Uint8Array(50_000), { fin: true });
  expect(await slow.takeError(0)).toBe("unsupported-version");
  quiet.send({ frame: "ping", reqId: 1 });
  await quiet.take("pong", 1);
});

test("a reader that takes nothing is paused, gets everything later, and slows nobody else", async () => {
  const relay = await startTestRelay({ MAILBOX_BYTES: "1000000000" });
  const slow = createOwner();
  const quick = createOwner();
  const slowLine = await openMailbox(relay.url, slow);
  slowLine.socket.pause();
  const quickLine = await openMailbox(relay.url, quick);
  const sender = await connectWire(relay.url);
  // 24 MB: far more than socket buffers and the relay's bound hold.
  const count = 384;
  for (let i = 1; i <= count; i++) sender.send(depositFrame(slow.tag, i, numbered(i, 65536)));
  for (let i = 1; i <= count; i++) await sender.take("receipt", i);
  // The receipts of the last messages may come before the relay has tried to hand those on.
  await expect.poll(() => relay.metric("skrumble_relay_subscriptions_paused"), { timeout: 30_000 }).toBe(1);
  sender.send(depositFrame(quick.tag, 1000, numbered(1)));
  await quickLine.take("message");
  slowLine.socket.resume();
  for (let i = 1; i <= count; i++) expect(numberOf((await slowLine.take("message")).payload)).toBe(i);
});

test("a TURN request without TURN, and a frame only relays send, are typed errors", async () => {
  const relay = await startTestRelay();
  const wire = await connectWire(relay.url);
  wire.send({ frame: "turn", reqId: 1 });
  expect(await wire.takeError(1)).toBe("turn-unavailable");
  wire.send({ frame: "anchor", reqId: 2, leaf: new Uint8Array(96) });
  expect(await wire.takeError(2)).toBe("anchor-unavailable");
  wire.send({ frame: "pong", reqId: 3 });
  expect(await wire.takeError(0)).toBe("unknown-type");
});

test("a relay says goodbye when it is stopped, and what it took is stored", async () => {
  const relay = await startTestRelay();
  const owner = createOwner();
  const wire = await connectWire(relay.url);
  const goodbye = wire.take("error", 0);
  wire.send(depositFrame(owner.tag, 1, numbered(1)));
  await wire.take("receipt", 1);
  await relay.stop("SIGTERM");
  expect(wireErrorName((await goodbye).code)).toBe("shutting-down");
  expect(await wire.closed).toBe(1012);
  expect(relay.log()).toContain('"stopped"');
  await relay.start();
  const reader = await openMailbox(relay.url, owner);
  expect(numberOf((await reader.take("message")).payload)).toBe(1);
});
