import { expect, test } from "vitest";
import { type StoredPacket, shownPacket } from "../../src/conversation/content/packet.ts";
import { contentSchema } from "../../src/conversation/content/schema.ts";
import { itemSchema } from "../../src/devices/items.ts";

const packet = {
  kind: "packet",
  packetId: 3,
  asset: { chainId: 7586, token: `0x${"ab".repeat(20)}` },
  shares: 5,
  lucky: true,
  expiresAt: 1_800_000_000_000,
  message: "Happy new year",
  key: `0x${"11".repeat(32)}`,
  block: 12,
};

test("a packet travels as it is, its message cleaned", () => {
  expect(contentSchema.parse(packet)).toEqual(packet);
  expect(contentSchema.parse({ ...packet, message: " a\nb " })).toMatchObject({ message: "a b" });
  expect(contentSchema.parse({ ...packet, message: "\u200b " })).toMatchObject({ message: undefined });
  expect(contentSchema.parse({ ...packet, amount: "5", more: 1 })).toEqual(packet);
});

test.each<[string, Record<string, unknown>]>([
  ["no number", { packetId: 0 }],
  ["a number too large", { packetId: 2 ** 60 }],
  ["no shares", { shares: 0 }],
  ["too many shares", { shares: 101 }],
  ["half a share", { shares: 1.5 }],
  ["a key that is none", { key: "0x11" }],
  ["a key in capitals", { key: packet.key.replaceAll("1", "A") }],
  ["a token that is none", { asset: { chainId: 1, token: "0x" } }],
  ["a time before all times", { expiresAt: -1 }],
  ["a message too long", { message: "x".repeat(561) }],
  ["no block", { block: undefined }],
])("%s is no packet", (_, over) => {
  expect(contentSchema.safeParse({ ...packet, ...over }).success).toBe(false);
});

test("programs never see the key; one's other devices get it", () => {
  const { kind: type, ...rest } = packet;
  const stored = { type, ...rest } as StoredPacket;
  expect(JSON.stringify(shownPacket(stored))).not.toContain("1111");
  const message = { id: "a".repeat(32), number: 1, from: packet.key, outgoing: false, at: 1, delivery: "delivered" };
  const item = { kind: "message", id: "b".repeat(32), message: { ...message, body: stored } };
  expect(itemSchema.parse(item)).toEqual(item);
});
