import { zeroAddress, zeroHash } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { describe, expect, test } from "vitest";
import type { PacketRecord } from "../../src/chain/actions/readPacket.ts";
import type { Core } from "../../src/client/core.ts";
import { createSerial } from "../../src/client/serial.ts";
import { goOnInstead } from "../../src/packets/goOnInstead.ts";
import { keepMade, keptPackets, type MadePacket } from "../../src/packets/records.ts";
import { reservePacket } from "../../src/packets/send.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import type { Address, Hex } from "../../src/types/primitives.ts";
import { type PacketFacts, packetCore } from "../support/packetChain.ts";

/** A packet that the wallet sends by itself is not sent a second time unawares. */

const creator: Address = `0x${"a1".repeat(20)}`;
const skm: Address = `0x${"2".repeat(40)}`;
const keyOf = (byte: string): Hex => `0x${byte.repeat(32)}`;
const time = 1_900_000_000;
const packet: PacketRecord = {
  ...{ creator, token: zeroAddress, key: privateKeyToAddress(keyOf("11")), chainHead: zeroHash, lucky: false },
  ...{ total: 100n, left: 100n, expiresAt: 2_000_000_000, shares: 5, issued: 0, paid: 0 },
};
const made = (messageId: string, over: Partial<MadePacket> = {}): MadePacket => ({
  ...{ conversationId: "c", messageId, key: keyOf(messageId), creator, token: zeroAddress, amount: "100", shares: 5 },
  ...{ expiresAt: 2_000_000_000, validBefore: time + 3600, from: 10 },
  ...over,
});

async function world(over: Partial<PacketFacts> = {}) {
  const facts: PacketFacts = {
    ...{ packet, block: undefined, owners: {}, used: false, head: 50, time, sent: { mined: 3, pending: 3 } },
    ...over,
  };
  const { core } = packetCore(facts);
  const vault = await openVault(createMemoryStore());
  const whole = { ...core, vault, serial: createSerial(), now: () => facts.time * 1000 } as unknown as Core;
  const reserve = (wanted: MadePacket, replace = false, isAsked = false) =>
    reservePacket(whole, wanted, { replace, isAsked: () => isAsked });
  // The wallet was asked for it, and nobody heard an answer.
  await keepMade(vault, made("11", { sends: { next: 3, asked: true } }));
  return { core: whole, facts, vault, reserve };
}

test("while it may have been sent it is refused, unless it is to take the place of that one", async () => {
  const { facts, vault, reserve } = await world();
  for (const pending of [3, 4]) {
    Object.assign(facts, { sent: { mined: 3, pending } });
    await expect(reserve(made("12"))).rejects.toMatchObject({ code: "PACKET_UNSURE" });
    expect(await reserve(made("13"), true)).toMatchObject({ accountNonce: 3, made: { messageId: "13" } });
  }
  // Something else had that number.
  Object.assign(facts, { sent: { mined: 4, pending: 4 } });
  expect(await reserve(made("13"), true)).not.toHaveProperty("accountNonce");
  expect((await keptPackets(vault)).made.map(({ messageId }) => messageId).toSorted()).toEqual(["11", "13"]);
});

test("one that is on chain goes on by itself, and another sum is another packet", async () => {
  const { reserve } = await world({ block: 45 });
  expect(await reserve(made("12", { amount: "101" }))).toMatchObject({ made: { sends: { next: 3 } } });
  await expect(reserve(made("13"), true)).rejects.toMatchObject({ code: "PACKET_UNDER_WAY" });
});

test("after an hour nobody is kept waiting, unless something of the wallet waits; its key is kept until the packet is over", async () => {
  const { facts, vault, reserve } = await world({ time: time + 3601, sent: { mined: 3, pending: 4 } });
  const kept = async () => (await keptPackets(vault)).made.map(({ messageId }) => messageId).toSorted();
  await expect(reserve(made("12"))).rejects.toMatchObject({ code: "PACKET_UNSURE" });
  Object.assign(facts, { sent: { mined: 4, pending: 4 } });
  await reserve(made("12"));
  // The wallet's prompt may still be open: the contract takes it until the packet expires.
  expect(await kept()).toEqual(["11", "12"]);
  Object.assign(facts, { time: 2_000_000_000 });
  await reserve(made("13"));
  expect(await kept()).toEqual(["12", "13"]);
});

describe("a wallet that has signed such a packet is not asked again", () => {
  const signed = (over: Partial<MadePacket> = {}) => made("11", { signature: "0x01", token: skm, ...over });
  const again = made("12", { token: skm });

  test("while the signature holds, also after it was refused: that one goes on", async () => {
    const { core, vault } = await world();
    await keepMade(vault, signed({ refused: true }));
    await expect(goOnInstead(core, again)).rejects.toMatchObject({ code: "PACKET_UNDER_WAY" });
    expect((await keptPackets(vault)).made[0]).not.toHaveProperty("refused");
    await goOnInstead(core, made("12", { token: skm, amount: "101" }));
    await goOnInstead(core, made("12", { token: skm, conversationId: "d" }));
  });

  test("but when its time is over, or it is made", async () => {
    const { core, facts, vault } = await world();
    await keepMade(vault, signed({ packetId: 7, block: 20 }));
    await goOnInstead(core, again);
    await keepMade(vault, signed());
    Object.assign(facts, { time: time + 3601 });
    await goOnInstead(core, again);
    expect((await keptPackets(vault)).made).toEqual([]);
  });
});

test("what no wallet was asked for yet is nothing, what one is being asked for is", async () => {
  const { vault, reserve } = await world();
  await keepMade(vault, made("11", { sends: { next: 3 } }));
  await expect(reserve(made("12"), false, true)).rejects.toMatchObject({ code: "PACKET_UNSURE" });
  expect(await reserve(made("12"))).not.toHaveProperty("accountNonce");
});
