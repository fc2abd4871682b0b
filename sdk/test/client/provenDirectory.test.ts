import type { Hex } from "viem";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openNetwork } from "../../src/client/network.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault, type Vault } from "../../src/store/vault.ts";
import { relayStorage, storedRelay } from "../support/relayStorage.ts";
import { fakeTime, settled } from "../support/settled.ts";
import { type ShardRelay, shardedChain, stateWith } from "../support/shardedChain.ts";

/** The list of relays on a network with seals, from the very first start on. */

beforeEach(fakeTime);
afterEach(() => {
  vi.useRealTimers();
});

const all = [0, 1, 2].map((at) => storedRelay(at + 1, at));
const state = stateWith(relayStorage(all));
const captured = stateWith(relayStorage([storedRelay(66, 0)]));
const lie: ShardRelay["lie"] = (method, result, params) =>
  method === "eth_getProof" ? captured.prove(params[1] as Hex[]) : result;

/** A client that was given the first so many relays. */
async function start(given: number, relays: ShardRelay[], vault?: Vault) {
  const { chain } = shardedChain(relays, { head: 600, states: { 0: state } });
  const fetching: typeof fetch = async (input, init) =>
    new URL(String(input)).pathname === "/network.json"
      ? Response.json(chain.network)
      : (chain.fetch as typeof fetch)(input, init);
  const urls = Array.from({ length: given }, (_, at) => `http://relay${at}.test`);
  const kept = vault ?? (await openVault(createMemoryStore()));
  const network = await openNetwork({ relays: urls, fetch: fetching }, kept);
  return {
    kept,
    ids: async () => (await settled(network.directory())).map(({ id }) => id),
    asked: () => network.chain.rpc.endpoints().map(({ url }) => new URL(url).hostname),
  };
}

test("one relay that lies about the list at the very first start is found out, and nothing of it stays", async () => {
  const relays: ShardRelay[] = [{ lie }, {}, {}];
  const { ids, asked, kept } = await start(1, relays);
  await expect(ids()).rejects.toMatchObject({ code: "CHAIN_UNPROVEN" });
  expect(asked()).toEqual(["relay0.test"]);
  expect(await kept.getMany([{ collection: "network", key: "relays" }])).toEqual([undefined]);
  relays[0] = {};
  expect(await ids()).toEqual([1, 2, 3]);
  expect(asked().toSorted()).toEqual(["relay0.test", "relay1.test", "relay2.test"]);
});

test.each<[string, ShardRelay[]]>([
  ["one lies", [{ lie }, {}, {}]],
  ["two say the same lie", [{ lie }, { lie }, {}]],
])("of several relays that were given the others are asked: %s", async (_, relays) => {
  const { ids } = await start(3, relays);
  expect(await ids()).toEqual([1, 2, 3]);
});

test("that relays are away is another thing than that they lie", async () => {
  const away: ShardRelay["lie"] = () => {
    throw new TypeError("fetch failed");
  };
  await expect((await start(1, [{ lie: away }])).ids()).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
});

test("the list of the last time stays, however many lie about a new one", async () => {
  const relays: ShardRelay[] = [{}, {}, {}];
  const { ids, kept } = await start(3, relays);
  expect(await ids()).toEqual([1, 2, 3]);
  relays.fill({ lie });
  expect(await ids()).toEqual([1, 2, 3]);
  expect(await (await start(3, relays, kept)).ids()).toEqual([1, 2, 3]);
});
