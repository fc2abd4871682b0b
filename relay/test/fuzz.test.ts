import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { encodeFrame, FRAMES, MAX_FRAME_BYTES } from "@skrumble/sdk/protocol";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { startTestRelay } from "./support/relayProcess.ts";
import { connectWire, createOwner, depositFrame, numbered, numberOf, openMailbox } from "./support/wire.ts";

/** xorshift32: the same cases every time. */
function createRandom(seed: number) {
  let state = seed;
  return (below: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Resident memory of a process in MiB, as Linux tells it. */
function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

test("a live relay outlives 120,000 hostile frames: no crash, memory bounded, everybody else is served", async () => {
  const relay = await startTestRelay();
  const random = createRandom(0xc0ffee);
  const types = Object.values(FRAMES).map(([type]) => type);
  const owner = createOwner();
  const reader = await openMailbox(relay.url, owner);
  const originals = [
    depositFrame(owner.tag, 1, numbered(1)),
    { frame: "subscribe", reqId: 2, tag: owner.tag, reader: owner.reader, after: 0n },
    { frame: "ack", subscription: 2, upTo: 2n ** 63n },
    {
      frame: "own",
      reqId: 1,
      publicId: owner.publicId,
      deviceKey: owner.deviceKey,
      keyVersion: 1,
      issuedAt: 1,
      cert: new Uint8Array(64),
      signature: new Uint8Array(64),
    },
    { frame: "anchor", reqId: 3, leaf: new Uint8Array(96) },
    { frame: "anchorQuery", reqId: 4, tag: owner.tag },
    { frame: "turn", reqId: 5 },
    { frame: "order", reqId: 8, leaf: new Uint8Array(96), body: new Uint8Array(512) },
    { frame: "orderQuery", reqId: 9, tag: owner.tag },
    { frame: "orderFetch", reqId: 10, tag: owner.tag, position: 0 },
    { frame: "ping", reqId: 6 },
    { frame: "error", reqId: 7, code: 1, retryAfterMs: 0 },
  ].map((frame) => encodeFrame(frame as Parameters<typeof encodeFrame>[0]));

  function hostile(): Uint8Array {
    if (random(2) === 0) {
      const bytes = Buffer.alloc(random(30) === 0 ? random(MAX_FRAME_BYTES) : random(700));
      for (let at = 0; at < Math.min(bytes.length, 64); at++) bytes[at] = random(256);
      if (bytes.length > 1 && random(4) > 0) {
        bytes[0] = 1;
        bytes[1] = types[random(types.length)] as number;
      }
      return bytes;
    }
    const bytes = Buffer.from(originals[random(originals.length)] as Uint8Array);
    for (let flips = random(5); flips >= 0; flips--) bytes[random(bytes.length)] = random(256);
    // Mutated deposits must not reach the test's own mailbox and count as messages.
    if (bytes.length > 40 && bytes[1] === 2) bytes[6] = (owner.tag[0] as number) ^ 1;
    return random(3) === 0 ? bytes.subarray(0, random(bytes.length + 1)) : bytes;
  }

  const before = residentMiB(relay.pid);
  // Counted by the relay itself: what it read, not what was written to a connection it had closed already.
  while ((await relay.metric("skrumble_relay_frames_total")) < 120_000) {
    // A connection that misbehaves is closed, so hostile clients come back all the time, several at once.
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const wire = await connectWire(relay.url);
        for (let i = 0; i < 100 && wire.socket.readyState === WebSocket.OPEN; i++) wire.sendRaw(hostile());
        wire.close();
        await wire.closed;
      }),
    );
  }
  expect(await relay.metric("skrumble_relay_rejected_total")).toBeGreaterThan(50_000);
  while ((await relay.metric("skrumble_relay_connections")) > 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(residentMiB(relay.pid) - before).toBeLessThan(256);

  const sender = await connectWire(relay.url);
  sender.send(depositFrame(owner.tag, 1, numbered(4242)));
  await sender.take("receipt", 1);
  expect(numberOf((await reader.take("message")).payload)).toBe(4242);
  expect(await relay.health()).toMatchObject({ http: 200, status: "ok" });
});

test("20,000 frames of known shape and random content end in answers or errors, never in silence of the relay", async () => {
  const relay = await startTestRelay();
  const random = createRandom(7);
  for (let round = 0; round < 40; round++) {
    const wire = await connectWire(relay.url);
    for (let i = 0; i < 500; i++) {
      const type = [0x01, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b][random(10)] as number;
      const lengths = { 1: 212, 3: 60, 4: 12, 5: 100, 6: 36, 7: 4, 8: 4, 9: 612, 10: 36, 11: 37 };
      const length = lengths[type as keyof typeof lengths];
      const bytes = Buffer.alloc(2 + length);
      for (let at = 0; at < bytes.length; at++) bytes[at] = random(256);
      bytes[0] = 1;
      bytes[1] = type;
      if (wire.socket.readyState === WebSocket.OPEN) wire.sendRaw(bytes);
    }
    wire.close();
    await wire.closed;
  }
  expect(await relay.health()).toMatchObject({ http: 200, status: "ok" });
});

test("bytes that are no WebSocket at all do not disturb the relay", async () => {
  const relay = await startTestRelay();
  const random = createRandom(99);
  for (let i = 0; i < 300; i++) {
    await new Promise<void>((resolve) => {
      const socket = connect(relay.port, "127.0.0.1", () => {
        const upgrade = `GET /v1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;
        const noise = Buffer.from(Array.from({ length: random(400) }, () => random(256)));
        socket.end(i % 2 === 0 ? Buffer.concat([Buffer.from(upgrade), noise]) : noise);
      });
      socket.on("error", () => resolve());
      socket.on("close", () => resolve());
      socket.resume();
    });
  }
  expect(await relay.health()).toMatchObject({ http: 200, status: "ok" });
});
