import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openNetwork } from "../../src/client/network.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault, type Vault } from "../../src/store/vault.ts";
import { createBucket, hanging, limited, slow } from "../support/hardRelays.ts";
import { relayStorage, storedRelay } from "../support/relayStorage.ts";
import { settled } from "../support/settled.ts";
import { type ShardRelay, shardedChain, stateWith } from "../support/shardedChain.ts";

/** A list of relays that takes long to be proven, for whoever was given one relay and for whoever has a list. */

// Loading takes no part of a time that is measured here.
beforeAll(async () => void (await (await start([{}], { words: few })).directory()));
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => {
  vi.useRealTimers();
});

const count = 250;
const all = Array.from({ length: count }, (_, at) => storedRelay(at + 1));
const many = stateWith(relayStorage(all));
const few = stateWith(relayStorage(all.slice(0, 3)));
const isOfAll = ({ id }: { id: number }) => id >= 1 && id <= count;

/** A client that was given the first relay, on a network where the relays after it are the registry's. */
async function start(relays: ShardRelay[], options: { words?: typeof many; vault?: Vault; signal?: AbortSignal } = {}) {
  const { chain, asked } = shardedChain(relays, { head: 600, states: { 0: options.words ?? many } });
  const fetching: typeof fetch = async (input, init) =>
    new URL(String(input)).pathname === "/network.json"
      ? Response.json(chain.network)
      : (chain.fetch as typeof fetch)(input, init);
  const kept = options.vault ?? (await openVault(createMemoryStore()));
  let told = 0;
  const onLate = () => void told++;
  const urls = ["http://relay0.test"];
  const network = await openNetwork({ relays: urls, fetch: fetching, onLate, signal: options.signal }, kept);
  const { directory } = network;
  return { directory, kept, asked, told: () => told };
}
const away: ShardRelay = {
  lie: () => {
    throw new TypeError("fetch failed");
  },
};
/** The given one, and those of the registry. */
const withOthers = (given: ShardRelay, others: ShardRelay): ShardRelay[] => [
  given,
  ...Array.from({ length: count }, () => others),
];
const wait = (ms: number) => settled(new Promise<void>((resolve) => setTimeout(resolve, ms)));
/** As hard on this list as a relay's rate is on one of 1,000. */
const poor = () => limited(createBucket({ burst: 100, perSecond: 12 }));

test.each<[string, () => NonNullable<ShardRelay["lie"]>]>([
  ["limits its rate", poor],
  ["is slow", () => slow(1000)],
])("a newcomer gets in by one relay that %s, and has the whole list soon after", async (_, lie) => {
  const { directory, told } = await start(withOthers({ lie: lie() }, {}));
  const began = Date.now();
  const first = await settled(directory());
  expect(Date.now() - began).toBeLessThan(30_000);
  expect(first.length).toBeGreaterThanOrEqual(16);
  expect(first.every(isOfAll)).toBe(true);
  for (let times = 0; told() === 0 && first.length < count && times < 100; times++) await wait(1000);
  expect(await settled(directory())).toHaveLength(count);
});

test("a newcomer gets in although nobody but the given relay answers, which limits its rate", async () => {
  const { directory, told } = await start(withOthers({ lie: poor() }, away));
  const first = await settled(directory());
  expect(first.length).toBeGreaterThanOrEqual(16);
  for (let times = 0; told() === 0 && times < 240; times++) await wait(1000);
  expect(told()).toBe(1);
});

test("a newcomer gets in by a relay that stops in the middle, goes on there, and has these relays at the next start", async () => {
  let left = 25;
  const given: ShardRelay = {
    lie: (method, ...said) => (method === "eth_getProof" && left-- <= 0 ? hanging(method, ...said) : said[0]),
  };
  const relays = withOthers(given, away);
  const { directory, kept } = await start(relays);
  const first = await settled(directory());
  expect(first.length).toBeGreaterThanOrEqual(16);
  expect(first.length).toBeLessThan(count);
  await wait(60_000);
  const again = await start(relays, { vault: kept });
  expect((await settled(again.directory())).length).toBeGreaterThanOrEqual(16);
  relays.fill({}, 1);
  const third = await start(relays, { vault: kept });
  await settled(third.directory());
  await wait(20_000);
  expect(await settled(third.directory())).toHaveLength(count);
});

test("a client with a list does not wait for a new one, and is told when that is there", async () => {
  const { kept } = await start([{}, {}, {}, {}], { words: few }).then(async (before) => {
    expect(await settled(before.directory())).toHaveLength(3);
    return before;
  });
  const relays = withOthers({}, { lie: slow(1400) });
  const { directory, told } = await start(relays, { vault: kept });
  const began = Date.now();
  expect(await settled(directory())).not.toHaveLength(count);
  expect(Date.now() - began).toBeLessThan(4000);
  for (let times = 0; told() === 0 && times < 240; times++) await wait(1000);
  expect(await settled(directory())).toHaveLength(count);
  expect(told()).toBe(1);
});

test("a client that is closed reads no further", async () => {
  const closing = new AbortController();
  const { directory, asked, told } = await start(withOthers({ lie: slow(1000) }, { lie: slow(1000) }), {
    signal: closing.signal,
  });
  await settled(directory());
  closing.abort();
  await wait(2000);
  const before = asked.length;
  await wait(20_000);
  expect(asked).toHaveLength(before);
  expect(told()).toBe(0);
});
