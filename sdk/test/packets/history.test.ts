import { zeroAddress, zeroHash } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { beforeEach, expect, test } from "vitest";
import type { PacketRecord } from "../../src/chain/actions/readPacket.ts";
import type { Core } from "../../src/client/core.ts";
import { forgetOps } from "../../src/conversation/content/expire.ts";
import { keepSeen, type PacketSeen, packetOps } from "../../src/conversation/content/packetIndex.ts";
import type { HistoryMessage } from "../../src/conversation/content/types.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { holdPacket } from "../../src/packets/follow.ts";
import { packetHistory } from "../../src/packets/history.ts";
import { keepMade, type MadePacket } from "../../src/packets/records.ts";
import { createMemoryStore, openVault, type Store, type Vault } from "../../src/store/index.ts";
import type { Address, Hex, PublicId } from "../../src/types/primitives.ts";
import { type PacketFacts, packetCore } from "../support/packetChain.ts";

/** What a person gave and opened is told from this device, and by the chain where it can be asked. */

const key: Hex = `0x${"11".repeat(32)}`;
const [me, wei]: [PublicId, PublicId] = [`0x${"a".repeat(64)}`, `0x${"b".repeat(64)}`];
const [mine, theirs]: [Address, Address] = [`0x${"a1".repeat(20)}`, `0x${"b1".repeat(20)}`];
const token: Address = `0x${"2".repeat(40)}`;
const time = 1_900_000_000;
const packet: PacketRecord = {
  ...{ creator: mine, token, key: privateKeyToAddress(key), chainHead: zeroHash, lucky: false },
  ...{ total: 100n, left: 100n, expiresAt: time + 1000, shares: 5, issued: 0, paid: 0 },
};
const asset = { chainId: 1, token };

let store: Store;
let vault: Vault;
beforeEach(async () => {
  store = createMemoryStore();
  vault = await openVault(store);
});

function message(id: string, at: number, from = me): HistoryMessage {
  return {
    ...{ id, number: at, from, at, outgoing: from === me, delivery: "sent" },
    body: {
      ...{ type: "packet", packetId: 7, asset, shares: 5, lucky: false, message: "Luck" },
      ...{ expiresAt: (time + 1000) * 1000, key, block: 12 },
    },
  } as HistoryMessage;
}

const seenOf = (id: string, over: Partial<PacketSeen> = {}): PacketSeen => ({
  ...{ conversationId: "c", id, at: 1, state: "empty", total: "100", left: "0", taken: 5, done: true },
  ...over,
});

/** Over the vault as it is, like a client that was opened again. */
function open(over: Partial<PacketFacts> = {}, messages: HistoryMessage[] = []) {
  const owners = { [me]: mine, [wei]: theirs };
  const facts: PacketFacts = { packet, block: 12, owners, used: true, head: 50, time, ...over };
  const { core, asked } = packetCore(facts);
  const whole = {
    ...{ ...core, vault, self: { identity: { publicId: me, wallet: mine } } },
    threads: {
      get: (id: string) => (id === "c" ? {} : undefined),
      message: async (_: string, id: string) => messages.find((one) => one.id === id),
    },
  } as unknown as Core;
  return { core: whole, facts, asked };
}

const say = (...all: HistoryMessage[]) => vault.write(all.flatMap((one) => packetOps("c", one)));

/** A chain that nobody can ask. */
function cutOff({ chain }: Core): void {
  const fail = () => Promise.reject(new SkrumbleError("CHAIN_UNREACHABLE"));
  Object.assign(chain.rpc, { request: fail, requestAt: fail });
}

test("without a network it tells what this device remembers, also after a restart; with one what the chain says", async () => {
  const told = message("m", 5);
  await say(told);
  const first = open({}, [told]);
  const before = await packetHistory(first.core, {});
  expect(first.asked).toEqual([]);
  expect(before.packets).toMatchObject([
    { messageId: "m", given: true, stage: "open", current: false, message: "Luck" },
  ]);
  expect(before.packets[0]).not.toHaveProperty("total");
  expect(before.sums).toEqual([]);
  expect(JSON.stringify(before)).not.toContain(key.slice(2));

  const fresh = await packetHistory(first.core, { fresh: true });
  expect(fresh.packets).toMatchObject([{ total: 100n, left: 100n, taken: 0, current: true, seen: time * 1000 }]);
  expect(fresh.sums).toEqual([{ asset, given: 100n, got: 0n }]);

  await vault.close();
  vault = await openVault(store);
  const later = open({ time: time + 2000 }, [told]);
  cutOff(later.core);
  const { packets, sums } = await packetHistory(later.core, { fresh: true });
  expect(packets).toMatchObject([{ total: 100n, stage: "over", current: false, seen: time * 1000 }]);
  expect(sums).toEqual(fresh.sums);
});

test("what went back is not counted as given, what is over is not asked for again", async () => {
  const told = message("m", 5);
  await say(told);
  const { core, asked } = open({ packet: { ...packet, left: 0n }, time: time + 2000 }, [told]);
  const { packets, sums } = await packetHistory(core, { fresh: true });
  expect(packets).toMatchObject([{ stage: "refunded", returned: 100n, current: true }]);
  expect(sums).toEqual([{ asset, given: 0n, got: 0n }]);
  const requests = asked.length;
  expect((await packetHistory(core, { fresh: true })).packets).toMatchObject([{ current: true }]);
  expect(asked.length).toBe(requests);
});

test("of others' packets those are told that this person opened", async () => {
  await say(message("opened", 3, wei), message("drawn", 2, wei), message("late", 1, wei));
  await keepSeen(vault, seenOf("opened", { state: "received", mine: { amount: "30" } }));
  await keepSeen(vault, seenOf("drawn", { state: "waiting", mine: {}, done: false, taken: 1, left: "100" }));
  await keepSeen(vault, seenOf("late"));
  const { core } = open();
  const { packets, sums } = await packetHistory(core, {});
  expect(packets).toMatchObject([
    { messageId: "opened", given: false, stage: "taken", mine: { amount: 30n }, current: true },
    { messageId: "drawn", given: false, stage: "open", mine: {}, current: false },
  ]);
  expect(sums).toEqual([{ asset, given: 0n, got: 30n }]);
});

test("one that nobody saw on this device is looked at, and told only where it was opened", async () => {
  const told = message("m", 5, wei);
  await say(told);
  const { core, asked } = open({ packet: { ...packet, creator: theirs } }, [told]);
  expect((await packetHistory(core, {})).packets).toEqual([]);
  expect((await packetHistory(core, { fresh: true })).packets).toEqual([]);
  expect(asked.length).toBeGreaterThan(0);
});

test("packets that are not true take no line from the others, and are looked at a few at a time, at last never again", async () => {
  const made = Array.from({ length: 100 }, (_, n) => message(`made up ${n}`, 100 + n, wei));
  const told = message("m", 5);
  await say(told, ...made);
  const lies = made.map((one) => ({ ...one, body: { ...one.body, shares: 4 } }) as HistoryMessage);
  const { core, facts } = open({}, [told, ...lies]);
  const looked = new Set<string>();
  let looks = 0;
  const { message: find } = core.threads;
  core.threads.message = (conversation, id) => {
    looks++;
    looked.add(id);
    return find(conversation, id);
  };
  expect((await packetHistory(core, {})).packets).toMatchObject([{ messageId: "m" }]);
  const page = await packetHistory(core, { fresh: true });
  expect(page).toMatchObject({ packets: [{ messageId: "m", current: true }] });
  expect(page).not.toHaveProperty("next");
  expect(looks).toBe(31);
  for (let n = 0; n < 4; n++) await packetHistory(core, { fresh: true });
  expect(looked.size).toBe(101);
  expect(looks).toBe(105);
  facts.time = time + 2000;
  for (let n = 0; n < 4; n++) await packetHistory(core, { fresh: true });
  // After a restart: they were over, and no packets.
  const later = open({ time: time + 2000 }, [told, ...lies]);
  later.core.threads.message = async (_, id) => {
    expect(id).toBe("m");
    return told;
  };
  await packetHistory(later.core, { fresh: true });
});

test("a packet in doubt is told of, unless it is being made at this moment or nobody was asked", async () => {
  const made = (messageId: string, over: Partial<MadePacket>): MadePacket => ({
    ...{ conversationId: "c", messageId, key, creator: mine, token: zeroAddress, amount: "100", shares: 5 },
    ...{ expiresAt: time + 1000, validBefore: time + 3600, from: 10 },
    ...over,
  });
  await keepMade(vault, made("sent", { sends: { next: 3, asked: true } }));
  await keepMade(vault, made("signed", { signature: "0x01", validBefore: time + 3500 }));
  await keepMade(vault, made("planned", { sends: { next: 3 } }));
  await keepMade(vault, made("there", { signature: "0x01", packetId: 7, block: 12 }));
  const { core, asked } = open();
  const ids = async () => (await packetHistory(core, {})).packets.map(({ messageId }) => messageId);
  expect((await packetHistory(core, {})).packets[0]).toMatchObject({
    ...{ messageId: "sent", at: time * 1000, given: true, stage: "unsure", total: 100n, current: false },
    asset: { chainId: 1, token: zeroAddress },
  });
  expect(await ids()).toEqual(["sent", "signed"]);
  const release = holdPacket(core, "sent");
  expect(await ids()).toEqual(["signed"]);
  release();
  expect(asked).toEqual([]);
  // An hour later nothing of the wallet waits: nobody is kept in doubt for so long.
  const later = open({ time: time + 3601, sent: { mined: 3, pending: 4 } });
  const doubted = async () =>
    (await packetHistory(later.core, { fresh: true })).packets.map(({ messageId }) => messageId);
  expect(await doubted()).toEqual(["sent", "signed"]);
  Object.assign(later.facts, { sent: { mined: 4, pending: 4 } });
  expect(await doubted()).toEqual(["signed"]);
});

test("pages begin where the others end, and nothing of one moment is lost between them", async () => {
  await say(...[1, 2, 2, 2, 3, 4].map((at, i) => message(`m${i}`, at)));
  const { core } = open();
  const page = async (before?: number) => {
    const { packets, next } = await packetHistory(core, { limit: 3, ...(before === undefined ? {} : { before }) });
    return { at: packets.map(({ at }) => at), next };
  };
  expect(await page()).toEqual({ at: [4, 3, 2, 2, 2], next: 2 });
  expect(await page(2)).toEqual({ at: [1], next: undefined });
});

test("what is deleted here, and what belongs to no conversation here, is not told", async () => {
  const told = message("m", 5);
  await say(told);
  await vault.write(packetOps("elsewhere", message("n", 6)));
  await keepSeen(vault, seenOf("m"));
  const { core } = open();
  expect((await packetHistory(core, {})).packets).toHaveLength(1);
  await vault.write(forgetOps("c", told));
  expect(await packetHistory(core, {})).toEqual({ packets: [], sums: [] });
});
