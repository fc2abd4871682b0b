import { ed25519 } from "@noble/curves/ed25519.js";
import { expect, test } from "vitest";
import { isOrderEquivocation, orderEntryMessage, verifyOrderEntry } from "../../src/protocol/index.ts";
import { falseOrder, firstOrder, relayKey, relaySecret, sampleBytes, secondOrder } from "./samples.ts";

const sign = (entry: Parameters<typeof orderEntryMessage>[0]) => ({
  ...entry,
  signature: ed25519.sign(orderEntryMessage(entry), relaySecret),
});

test.each<[string, Partial<typeof firstOrder>]>([
  ["another position", { position: 1 }],
  ["another leaf", { leaf: secondOrder.leaf }],
  ["another body", { bodyHash: secondOrder.bodyHash }],
  ["another time", { storedAt: firstOrder.storedAt + 1 }],
  ["another signature", { signature: secondOrder.signature }],
  ["no signature", { signature: new Uint8Array(0) }],
  ["a short leaf", { leaf: firstOrder.leaf.subarray(0, 95) }],
  ["a negative time", { storedAt: -1 }],
  ["a position that is none", { position: 0.5 }],
])("an entry with %s does not verify", (_, change) => {
  expect(verifyOrderEntry(firstOrder, relayKey)).toBe(true);
  expect(verifyOrderEntry({ ...firstOrder, ...change }, relayKey)).toBe(false);
});

test("an entry verifies under no other key, nor under bytes that are no key", () => {
  expect(verifyOrderEntry(firstOrder, ed25519.getPublicKey(sampleBytes("other", 32)))).toBe(false);
  expect(verifyOrderEntry(firstOrder, new Uint8Array(31))).toBe(false);
});

test("a position no log has does not verify, signed or not", () => {
  expect(verifyOrderEntry(sign({ ...firstOrder, position: 16 }), relayKey)).toBe(false);
});

test("two leaves or two bodies at one position of one log are a proof, whoever comes first", () => {
  const otherBody = sign({ ...firstOrder, bodyHash: secondOrder.bodyHash });
  for (const other of [falseOrder, otherBody]) {
    expect(isOrderEquivocation(firstOrder, other, relayKey)).toBe(true);
    expect(isOrderEquivocation(other, firstOrder, relayKey)).toBe(true);
  }
});

test("what a relay may say, or what it never signed, is no proof", () => {
  const otherLog = sign({ ...firstOrder, leaf: sampleBytes("other log", 96) });
  const saidAgain = sign({ ...firstOrder, storedAt: firstOrder.storedAt + 5 });
  const forged = { ...falseOrder, signature: firstOrder.signature };
  for (const other of [firstOrder, secondOrder, otherLog, saidAgain, forged]) {
    expect(isOrderEquivocation(firstOrder, other, relayKey)).toBe(false);
  }
});
