import { encodeEventTopics, type Hex, keccak256, numberToHex } from "viem";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Core } from "../../src/client/core.ts";
import { createSerial } from "../../src/client/serial.ts";
import { checkContacts } from "../../src/contacts/checkContact.ts";
import type { Person } from "../../src/conversation/people.ts";
import { identityRegistryAbi as abi } from "../../src/generated/index.ts";
import type { PublicId } from "../../src/types/primitives.ts";
import { agreementKeyOf, deviceOf, publicIdOf, registryStorage } from "../support/registryStorage.ts";
import { fakeTime, settled } from "../support/settled.ts";
import { type ShardRelay, shardedChain, stateWith } from "../support/shardedChain.ts";

/** The look at many people at the start, on a network with seals whose relays have shards. */

const ids = Array.from({ length: 30 }, (_, at) => at + 1);
const own = 30;
const revoked = 7;
const entries = ids.map((id) => ({ id, name: `person${id}`, revoked: id === revoked }));
const states = { 0: stateWith(registryStorage(entries)) };

beforeEach(fakeTime);
afterEach(() => {
  vi.useRealTimers();
});

const knownAs = (id: number): Person => ({
  ...{ publicId: publicIdOf(id), pseudonym: `person${id}`, agreementKey: agreementKeyOf(id) },
  ...{ devices: [deviceOf(id)], at: 0 },
});

/** Who is looked at by proof. */
async function lookedAt(input: {
  relays?: ShardRelay[];
  people?: number[];
  known?: (id: number) => Person | undefined;
  problem?: number;
  logs?: { blockNumber: Hex; topics: Hex[] }[];
}): Promise<{ looked: number[]; asked: string[] }> {
  const { relays = [{}, {}, {}], people = ids, known = knownAs, problem, logs = [] } = input;
  const { asked, chain } = shardedChain(relays, { head: 600, states, logs });
  const looked: number[] = [];
  const numberOf = (publicId: PublicId) => ids.find((id) => publicIdOf(id) === publicId) as number;
  const state = { people: Object.fromEntries(people.map((id) => [publicIdOf(id), {}])) };
  const contact = (id: PublicId) => (numberOf(id) === problem ? { problem: { code: "IDENTITY_CHANGED" } } : undefined);
  await settled(
    checkContacts({
      ...{ chain, now: Date.now, signal: new AbortController().signal, serial: createSerial() },
      ...{ self: { identity: { publicId: publicIdOf(own) } }, book: { get: contact } },
      people: {
        get: (publicId: PublicId) => known(numberOf(publicId)),
        load: async (publicId: PublicId) => void looked.push(numberOf(publicId)),
      },
      threads: { all: () => [{ id: "one", kind: "group", state, devices: [] }], get: () => undefined },
    } as unknown as Core),
  );
  return { looked, asked };
}

const event = (eventName: "DevicesChanged" | "Revoked", id: number, block: number) => ({
  ...{ address: `0x${"11".repeat(20)}`, blockNumber: numberToHex(block), data: "0x", logIndex: "0x0" },
  topics: encodeEventTopics({ abi, eventName, args: { identityId: BigInt(id) } }) as Hex[],
  transactionHash: keccak256(numberToHex(block)),
});

test("only who has changed is looked at, and oneself", async () => {
  const { looked, asked } = await lookedAt({});
  expect(looked).toEqual([revoked, own]);
  expect(asked.some((one) => one.includes("eth_call"))).toBe(false);
});

test("so is who is not known yet, or is known with another name, key or device", async () => {
  const other = (id: number): Person | undefined => {
    if (id === 3) return undefined;
    if (id === 4) return { ...knownAs(id), pseudonym: "person" };
    if (id === 5) return { ...knownAs(id), agreementKey: agreementKeyOf(6) };
    return id === 6 ? { ...knownAs(id), devices: [deviceOf(6), deviceOf(7)] } : knownAs(id);
  };
  expect((await lookedAt({ known: other })).looked).toEqual([3, 4, 5, 6, revoked, own]);
});

test("and whoever an event since the last period names, or had a problem", async () => {
  const logs = [event("DevicesChanged", 9, 100), event("DevicesChanged", 11, 513), event("Revoked", 12, 600)];
  expect((await lookedAt({ logs, problem: 2 })).looked).toEqual([2, revoked, 11, 12, own]);
});

test.each<[string, ShardRelay[]]>([
  ["no relay has shards", [{ latest: null }, { latest: null }]],
  ["no relay gives the shards that it says it has", [{ part: () => undefined }, { part: () => undefined }]],
  [
    "operators do not agree what has happened since",
    [{}, { lie: (method, result) => (method === "eth_getLogs" ? [event("Revoked", 1, 600)] : result) }],
  ],
  [
    "operators know of no block as late as that of the shards",
    Array.from({ length: 2 }, () => ({
      lie: (method: string, result: unknown) => (method === "eth_blockNumber" ? numberToHex(500) : result),
    })),
  ],
  ["nobody answers", [{ lie: () => null }, { lie: () => null }]],
])("everybody is looked at where %s", async (_, relays) => {
  expect((await lookedAt({ relays })).looked).toEqual(ids);
});

test("few people are looked at one after the other, without shards", async () => {
  const { looked, asked } = await lookedAt({ people: ids.slice(0, 7) });
  expect(looked).toEqual(ids.slice(0, 7));
  expect(asked).toEqual([]);
});
