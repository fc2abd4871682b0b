import { createHash, randomBytes } from "node:crypto";
import { PADDING_CLASSES } from "@skrumble/sdk/protocol";
import { type StorageReceipt, verifyReceipt } from "@skrumble/sdk/relay";
import { expect, test } from "vitest";
import { startTestRelay } from "./support/relayProcess.ts";
import { connectWire, createOwner, depositFrame, numbered, openMailbox } from "./support/wire.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

test("every deposit of a busy relay gets a receipt that verifies, and no other payload, mailbox or relay fits it", async () => {
  const relay = await startTestRelay();
  const { signingKey } = relay.info();
  const tag = createOwner().tag;
  const wire = await connectWire(relay.url);
  const payloads = Array.from({ length: 500 }, (_, index) => numbered(index + 1));
  // Handed over in one go, so that commits carry different numbers of them.
  payloads.forEach((payload, index) => {
    wire.send(depositFrame(tag, index + 1, payload, 60 + index));
  });
  const seqs = new Set<bigint>();
  let deepest = 0;
  for (let i = 0; i < payloads.length; i++) {
    const { seq, storedAt, expiresAt, proof, signature } = await wire.take("receipt", i + 1);
    const payloadHash = sha256(payloads[i] as Uint8Array);
    const receipt: StorageReceipt = { relayId: 1, tag, payloadHash, seq, storedAt, expiresAt, proof, signature };
    expect(await verifyReceipt(receipt, signingKey, 60 + i)).toBe(true);
    seqs.add(seq);
    deepest = Math.max(deepest, proof.length);
    if (i % 50 > 0) continue;
    const forged: StorageReceipt[] = [
      { ...receipt, payloadHash: sha256(numbered(9999)) },
      { ...receipt, tag: createOwner().tag },
      { ...receipt, seq: seq + 1n },
      { ...receipt, seq: 0n },
      { ...receipt, storedAt: storedAt + 1, expiresAt: expiresAt + 1 },
      { ...receipt, expiresAt: expiresAt + 1000 },
      { ...receipt, proof: [...proof, randomBytes(32)] },
      { ...receipt, proof: proof.slice(1).concat(randomBytes(32)) },
      { ...receipt, signature: randomBytes(64) },
      { ...receipt, signature: new Uint8Array(10) },
      { ...receipt, signature: new Uint8Array(64) },
    ];
    for (const lie of forged) expect(await verifyReceipt(lie, signingKey, 60 + i)).toBe(false);
    expect(await verifyReceipt(receipt, signingKey, 61 + i)).toBe(false);
    expect(await verifyReceipt(receipt, `0x${randomBytes(32).toString("hex")}`, 60 + i)).toBe(false);
    expect(await verifyReceipt(receipt, "0xnonsense", 60 + i)).toBe(false);
  }
  expect(seqs.size).toBe(payloads.length);
  // One signature vouched for many: deposits were committed together.
  expect(deepest).toBeGreaterThan(0);
  expect(await relay.metric("skrumble_relay_commits_total")).toBeLessThan(payloads.length);
});

test("of a mailbox nobody has opened a week is promised at most, and clients take no less", async () => {
  const relay = await startTestRelay();
  const owner = createOwner();
  const { signingKey } = relay.info();
  const [day, month] = [86_400, 30 * 86_400];
  const wire = await connectWire(relay.url);
  const payload = numbered(1);
  const deposit = async (reqId: number, ttl: number): Promise<StorageReceipt> => {
    wire.send(depositFrame(owner.tag, reqId, payload, ttl));
    const { frame: _, reqId: __, ...receipt } = await wire.take("receipt", reqId);
    return { relayId: 1, tag: owner.tag, payloadHash: sha256(payload), ...receipt };
  };
  const short = await deposit(1, month);
  expect(short.expiresAt - short.storedAt).toBe(7 * day * 1000);
  expect(await verifyReceipt(short, signingKey, month)).toBe(true);
  expect(await verifyReceipt(short, signingKey, 6 * day)).toBe(false);
  const shorter = await deposit(2, 6 * day);
  expect(await verifyReceipt(shorter, signingKey, month)).toBe(false);
  await openMailbox(relay.url, owner);
  const long = await deposit(3, month);
  expect(long.expiresAt - long.storedAt).toBe(month * 1000);
  expect(await verifyReceipt(long, signingKey, month)).toBe(true);
});

test("every padding class is stored and delivered, nothing else is", async () => {
  const relay = await startTestRelay();
  const wire = await connectWire(relay.url);
  const tag = createOwner().tag;
  for (const size of PADDING_CLASSES) {
    wire.send(depositFrame(tag, size, numbered(1, size)));
    await wire.take("receipt", size);
  }
  const frame = Buffer.alloc(43 + 1000);
  frame.set([1, 2, 0, 0, 0, 7]);
  wire.sendRaw(frame);
  expect(await wire.takeError(7)).toBe("bad-payload-size");
});

test("a time to live outside its bounds is refused", async () => {
  const relay = await startTestRelay();
  const wire = await connectWire(relay.url);
  const tag = createOwner().tag;
  wire.send(depositFrame(tag, 1, numbered(1), 0));
  expect(await wire.takeError(1)).toBe("bad-ttl");
  wire.send(depositFrame(tag, 2, numbered(1), 30 * 86_400 + 1));
  expect(await wire.takeError(2)).toBe("bad-ttl");
  wire.send(depositFrame(tag, 3, numbered(1), 30 * 86_400));
  await wire.take("receipt", 3);
});
