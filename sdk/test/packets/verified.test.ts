import { privateKeyToAddress } from "viem/accounts";
import { afterEach, expect, test, vi } from "vitest";
import type { PacketRecord } from "../../src/chain/actions/readPacket.ts";
import type { Core } from "../../src/client/core.ts";
import type { StoredPacket } from "../../src/conversation/content/packet.ts";
import { verifiedPacket } from "../../src/packets/verified.ts";
import { watchPacket } from "../../src/packets/watch.ts";
import type { Address, Hex, PublicId } from "../../src/types/primitives.ts";
import { type PacketFacts, packetCore } from "../support/packetChain.ts";

afterEach(() => {
  vi.useRealTimers();
});

const key: Hex = `0x${"11".repeat(32)}`;
const [author, other]: [PublicId, PublicId] = [`0x${"a".repeat(64)}`, `0x${"b".repeat(64)}`];
const [wallet, stranger]: [Address, Address] = [`0x${"a1".repeat(20)}`, `0x${"b1".repeat(20)}`];
const token: Address = `0x${"2".repeat(40)}`;

const packet: PacketRecord = {
  ...{ creator: wallet, token, key: privateKeyToAddress(key), chainHead: `0x${"01".repeat(32)}` },
  ...{ total: 100n, left: 100n, expiresAt: 2_000_000_000, shares: 5, issued: 0, paid: 0, lucky: true },
};
const said: StoredPacket = {
  ...{ type: "packet", packetId: 7, asset: { chainId: 1, token }, shares: 5, lucky: true },
  ...{ expiresAt: 2_000_000_000_000, key, block: 12 },
};
const facts = (over: Partial<PacketFacts> = {}): PacketFacts => ({
  ...{ packet, block: 12, owners: { [author]: wallet, [other]: stranger }, used: true, head: 50, time: 1_900_000_000 },
  ...over,
});

function world(body: Partial<StoredPacket> = {}, over: Partial<PacketFacts> = {}, from = author) {
  const { core, asked } = packetCore(facts(over));
  const threads = { message: async () => ({ from, body: { ...said, ...body } }) };
  return { core: { ...core, threads } as unknown as Core, asked };
}

test("a packet that is as its message says, and its author's, is one", async () => {
  const { core, asked } = world();
  expect(await verifiedPacket(core, "c", "m")).toMatchObject({ packet: { shares: 5 }, said: { packetId: 7 } });
  const before = asked.length;
  await verifiedPacket(core, "c", "m");
  // Where it came from is found out once.
  expect(asked.length - before).toBe(2);
  // Its luck may be over.
  await verifiedPacket(world({}, { packet: { ...packet, lucky: false } }).core, "c", "m");
});

test.each<[string, Partial<StoredPacket>, PublicId?]>([
  ["of other shares", { shares: 6 }],
  ["of another time", { expiresAt: 2_000_000_001_000 }],
  ["of another kind", { lucky: false }],
  ["of another token", { asset: { chainId: 1, token: stranger } }],
  ["of another chain", { asset: { chainId: 2, token } }],
  ["with another key", { key: `0x${"12".repeat(32)}` }],
  ["from the first block on", { block: 0 }],
  ["of a later block", { block: 13 }],
  ["of somebody else", {}, other],
])("what a message tells %s is not true, and costs little", async (_, body, from) => {
  const { core, asked } = world(body, {}, from);
  await expect(verifiedPacket(core, "c", "m")).rejects.toMatchObject({ code: "PACKET_INVALID" });
  expect(asked.length).toBeLessThanOrEqual(6);
});

test("nobody goes on looking at a packet that there is not", async () => {
  vi.useFakeTimers();
  const { core, asked } = world({ shares: 6 });
  const problems = new Set<string>();
  const stop = watchPacket(
    { ...core, now: Date.now } as Core,
    "c",
    "m",
    () => undefined,
    ({ code }) => problems.add(code),
  );
  await vi.advanceTimersByTimeAsync(30_000);
  const early = asked.length;
  // A relay may be behind.
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.length).toBeGreaterThan(early);
  const late = asked.length;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toHaveLength(late);
  // Whoever looks at it is told why there is nothing to be seen.
  expect([...problems]).toEqual(["PACKET_INVALID"]);
  stop();
});
