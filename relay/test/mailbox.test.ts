import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestRelay, type TestRelay } from "./support/relayProcess.ts";
import { connectWire, createOwner, depositFrame, numbered, numberOf, openMailbox, ownFrame } from "./support/wire.ts";

let relay: TestRelay;
const cleanUps: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(cleanUps.map((clean) => clean())));
beforeAll(async () => {
  relay = await startTestRelay({}, (clean) => cleanUps.push(clean));
});

describe("mailbox ownership", () => {
  test("only who holds identity and device key reads a mailbox", async () => {
    const owner = createOwner();
    const stranger = createOwner();
    const wire = await connectWire(relay.url);
    const good = ownFrame(owner, wire.greeting, 1);

    // A stranger's device under the owner's name: its certificate is not by the owner's identity key.
    wire.send({ ...ownFrame(stranger, wire.greeting, 2), publicId: owner.publicId });
    expect(await wire.takeError(2)).toBe("bad-signature");
    // A proof made for another connection.
    const other = await connectWire(relay.url);
    wire.send({ ...ownFrame(owner, other.greeting, 3) });
    expect(await wire.takeError(3)).toBe("bad-signature");
    // A proof made for another relay.
    wire.send({ ...ownFrame(owner, { ...wire.greeting, relayKey: randomBytes(32) }, 4) });
    expect(await wire.takeError(4)).toBe("bad-signature");
    // A certificate for another key version.
    wire.send({ ...good, reqId: 5, keyVersion: 2 });
    expect(await wire.takeError(5)).toBe("bad-signature");
    // Bytes that are no curve point.
    wire.send({ ...good, reqId: 6, publicId: new Uint8Array(32).fill(0xff) });
    expect(await wire.takeError(6)).toBe("bad-signature");
    // Not proven yet, or another's mailbox.
    wire.send({ frame: "subscribe", reqId: 7, tag: owner.tag, reader: owner.reader, after: 0n });
    expect(await wire.takeError(7)).toBe("not-owner");

    wire.send(good);
    expect((await wire.take("owned", 1)).tag).toEqual(owner.tag);
    wire.send({ frame: "subscribe", reqId: 8, tag: stranger.tag, reader: owner.reader, after: 0n });
    expect(await wire.takeError(8)).toBe("not-owner");
    wire.send({ frame: "ack", subscription: 99, upTo: 1n });
    expect(await wire.takeError(99)).toBe("not-owner");
  });

  test("one connection is either a mailbox's owner or anonymous, never both", async () => {
    const owner = createOwner();
    const reading = await openMailbox(relay.url, owner);
    reading.send(depositFrame(createOwner().tag, 9, numbered(1)));
    expect(await reading.takeError(9)).toBe("mixed-connection");

    const anonymous = await connectWire(relay.url);
    anonymous.send(depositFrame(owner.tag, 1, numbered(1)));
    await anonymous.take("receipt", 1);
    anonymous.send(ownFrame(owner, anonymous.greeting, 2));
    expect(await anonymous.takeError(2)).toBe("mixed-connection");
  });
});

describe("store and forward", () => {
  test("what was deposited before and while a reader listens arrives once, in order", async () => {
    const owner = createOwner();
    const sender = await connectWire(relay.url);
    for (let i = 1; i <= 300; i++) sender.send(depositFrame(owner.tag, i, numbered(i)));
    for (let i = 1; i <= 300; i++) await sender.take("receipt", i);
    const reader = await openMailbox(relay.url, owner);
    for (let i = 301; i <= 600; i++) sender.send(depositFrame(owner.tag, i, numbered(i)));
    let last = 0n;
    for (let i = 1; i <= 600; i++) {
      const message = await reader.take("message");
      expect(numberOf(message.payload)).toBe(i);
      expect(message.subscription).toBe(2);
      expect(message.seq > last).toBe(true);
      last = message.seq;
    }
  });

  test("acknowledged messages are gone, the others come again", async () => {
    const owner = createOwner();
    const sender = await connectWire(relay.url);
    for (let i = 1; i <= 3; i++) sender.send(depositFrame(owner.tag, i, numbered(i)));
    const first = await openMailbox(relay.url, owner);
    await first.take("message");
    const second = await first.take("message");
    await first.take("message");
    first.send({ frame: "ack", subscription: 2, upTo: second.seq });
    // Answers come in order: once a later deposit is receipted, the acknowledgement is committed too.
    first.send({ frame: "ping", reqId: 5 });
    await first.take("pong", 5);
    sender.send(depositFrame(owner.tag, 4, numbered(4)));
    await sender.take("receipt", 4);
    first.close();
    await first.closed;
    const again = await openMailbox(relay.url, owner);
    expect(numberOf((await again.take("message")).payload)).toBe(3);
    expect(numberOf((await again.take("message")).payload)).toBe(4);
    // A client that knows where it stands does not get them twice.
    const resumed = await openMailbox(relay.url, owner, second.seq + 1n);
    expect(numberOf((await resumed.take("message")).payload)).toBe(4);
  });

  test("a message stays until every device of the person has acknowledged it", async () => {
    const owner = createOwner();
    const tablet = owner.otherDevice();
    const phoneLine = await openMailbox(relay.url, owner);
    const tabletLine = await openMailbox(relay.url, tablet);
    const sender = await connectWire(relay.url);
    sender.send(depositFrame(owner.tag, 1, numbered(1)));
    const { seq } = await phoneLine.take("message");
    expect((await tabletLine.take("message")).seq).toBe(seq);
    phoneLine.send({ frame: "ack", subscription: 2, upTo: seq });
    phoneLine.close();
    tabletLine.close();
    await Promise.all([phoneLine.closed, tabletLine.closed]);

    const tabletAgain = await openMailbox(relay.url, tablet);
    expect((await tabletAgain.take("message")).seq).toBe(seq);
    tabletAgain.send({ frame: "ack", subscription: 2, upTo: seq });
    tabletAgain.send({ frame: "ping", reqId: 5 });
    await tabletAgain.take("pong", 5);
    sender.send(depositFrame(owner.tag, 2, numbered(2)));
    await sender.take("receipt", 2);
    const phoneAgain = await openMailbox(relay.url, owner);
    expect(numberOf((await phoneAgain.take("message")).payload)).toBe(2);
  });

  test("nobody acknowledges what was not delivered yet", async () => {
    const owner = createOwner();
    const reader = await openMailbox(relay.url, owner);
    reader.send({ frame: "ack", subscription: 2, upTo: 0xffffffffffffffffn });
    const sender = await connectWire(relay.url);
    sender.send(depositFrame(owner.tag, 1, numbered(1)));
    await sender.take("receipt", 1);
    const again = await openMailbox(relay.url, owner);
    expect(numberOf((await again.take("message")).payload)).toBe(1);
  });

  test("after its time a message is not delivered any more", async () => {
    const owner = createOwner();
    const sender = await connectWire(relay.url);
    sender.send(depositFrame(owner.tag, 1, numbered(1), 1));
    sender.send(depositFrame(owner.tag, 2, numbered(2), 3600));
    const { expiresAt } = await sender.take("receipt", 1);
    await sender.take("receipt", 2);
    while (Date.now() <= expiresAt) await new Promise((resolve) => setTimeout(resolve, 50));
    const reader = await openMailbox(relay.url, owner);
    expect(numberOf((await reader.take("message")).payload)).toBe(2);
    expect(reader.left()).toEqual([]);
  });

  test("an ephemeral message reaches who listens, with seq 0, and is never stored", async () => {
    const owner = createOwner();
    const sender = await connectWire(relay.url);
    const nobody = createOwner();
    const stored = await relay.metric("skrumble_relay_stored_total");
    sender.send(depositFrame(nobody.tag, 1, numbered(1), 0, 1));
    const reader = await openMailbox(relay.url, owner);
    const tablet = await openMailbox(relay.url, owner.otherDevice());
    // Whether anybody listens must not show: no answer in either case.
    sender.send(depositFrame(owner.tag, 2, numbered(2), 0, 1));
    for (const line of [reader, tablet]) {
      const message = await line.take("message");
      expect(numberOf(message.payload)).toBe(2);
      expect(message.seq).toBe(0n);
    }
    sender.send({ frame: "ping", reqId: 3 });
    await sender.take("pong", 3);
    expect(sender.left()).toEqual([]);
    const late = await openMailbox(relay.url, nobody);
    late.send({ frame: "ping", reqId: 3 });
    await late.take("pong", 3);
    expect(late.left()).toEqual([]);
    expect(await relay.metric("skrumble_relay_stored_total")).toBe(stored);
  });

  test("a device that comes back takes over from the line it lost", async () => {
    const owner = createOwner();
    const before = await relay.metric("skrumble_relay_subscriptions");
    const lost = await openMailbox(relay.url, owner);
    const back = await openMailbox(relay.url, owner);
    // Lines of earlier tests may end meanwhile, so there is at most one more.
    expect(await relay.metric("skrumble_relay_subscriptions")).toBeLessThanOrEqual(before + 1);
    const sender = await connectWire(relay.url);
    sender.send(depositFrame(owner.tag, 1, numbered(1)));
    await back.take("message");
    expect(lost.left()).toEqual([]);
  });

  test("sixteen devices read a mailbox, a seventeenth is told so", async () => {
    const owner = createOwner();
    for (let i = 0; i < 16; i++) await openMailbox(relay.url, i === 0 ? owner : owner.otherDevice());
    const device = owner.otherDevice();
    const wire = await connectWire(relay.url);
    wire.send(ownFrame(device, wire.greeting));
    await wire.take("owned");
    wire.send({ frame: "subscribe", reqId: 2, tag: device.tag, reader: device.reader, after: 0n });
    expect(await wire.takeError(2)).toBe("too-many-readers");
  });
});
