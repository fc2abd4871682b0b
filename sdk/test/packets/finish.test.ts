import { zeroHash } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { expect, test } from "vitest";
import type { PacketRecord } from "../../src/chain/actions/readPacket.ts";
import type { Core } from "../../src/client/core.ts";
import { findMade, finishPacket, isVoid } from "../../src/packets/finish.ts";
import type { MadePacket } from "../../src/packets/records.ts";
import type { Address, Hex } from "../../src/types/primitives.ts";
import { type PacketFacts, packetCore } from "../support/packetChain.ts";

const key: Hex = `0x${"11".repeat(32)}`;
const creator: Address = `0x${"a1".repeat(20)}`;
const token: Address = `0x${"2".repeat(40)}`;
const time = 1_900_000_000;
const packet: PacketRecord = {
  ...{ creator, token, key: privateKeyToAddress(key), chainHead: zeroHash, lucky: false },
  ...{ total: 100n, left: 100n, expiresAt: 2_000_000_000, shares: 5, issued: 0, paid: 0 },
};
const facts = (over: Partial<PacketFacts> = {}): PacketFacts => ({
  ...{ packet, block: undefined, owners: {}, used: false, head: 50, time },
  ...over,
});
const made = (over: Partial<MadePacket> = {}): MadePacket => ({
  ...{ conversationId: "c", messageId: "m", key, creator, token, amount: "100", shares: 5 },
  ...{ expiresAt: 2_000_000_000, validBefore: time + 3600, from: 10, signature: "0x01" },
  ...over,
});
const said = { id: "m" };
const over = (world: PacketFacts, lies: Record<string, unknown> = {}) => {
  const found = packetCore(world, lies);
  const threads = { message: async () => said };
  return { ...found, core: { ...found.core, threads } as unknown as Core };
};

test("one relay that knows no packet has none made again", async () => {
  const { core, asked } = over(facts({ block: 20, used: true }), { eth_getLogs: [], eth_blockNumber: "0x5" });
  const packetMade = made();
  expect(await finishPacket(core, packetMade)).toBe(said);
  expect(packetMade).toMatchObject({ packetId: 7, block: 20 });
  expect(asked).not.toContain("eth_sendRawTransaction");
});

test("a signature that is used already made the packet, which is looked for until it is there", async () => {
  const world = facts({ refuses: true, used: true });
  const { core } = over(world);
  setTimeout(() => Object.assign(world, { block: 45 }), 1000);
  const packetMade = made();
  expect(await finishPacket(core, packetMade)).toBe(said);
  expect(packetMade).not.toHaveProperty("refused");
});

test("refused and not used it may be made by others as long as the signature holds", async () => {
  const world = facts({ refuses: true });
  const { core } = over(world);
  const packetMade = made();
  await expect(finishPacket(core, packetMade)).rejects.toMatchObject({ code: "PACKET_NOT_MADE" });
  expect(packetMade).toMatchObject({ refused: true });
  expect(await isVoid(core, packetMade)).toBe(false);
  Object.assign(world, { block: 45, used: true });
  expect(await findMade(core, packetMade)).toBe(true);
  expect(packetMade).not.toHaveProperty("refused");
});

test("after its time, and only then, a packet that is nowhere will never be", async () => {
  const late = facts({ time: time + 3600 });
  expect(await isVoid(over(late).core, made())).toBe(true);
  expect(await isVoid(over({ ...late, block: 45 }).core, made())).toBe(false);
  expect(await isVoid(over(facts()).core, made())).toBe(false);
  // Of a signature that was taken back nothing comes either.
  expect(await isVoid(over({ ...late, used: true }).core, made())).toBe(true);
});
