import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readShardedIdentities } from "@skrumble/sdk/chain";
import { hexToBytes, keccak256, numberToHex, toHex } from "viem";
import { expect, onTestFinished, test } from "vitest";
import { registryStorage } from "../../sdk/test/support/registryStorage.ts";
import { shardedChain, stateWith } from "../../sdk/test/support/shardedChain.ts";
import { createShards } from "../src/http/shards.ts";
import { createShardKeeper, type ShardChain } from "../src/shards/shardKeeper.ts";
import { createShardReader } from "../src/shards/shardReader.ts";
import { createShardStore } from "../src/shards/shardStore.ts";
import { folder } from "./support/fakeRegistry.ts";

/** What relays publish, over HTTP, is what clients read. */

const head = 600n;
const people = Array.from({ length: 120 }, (_, at) => ({ id: at + 1, name: `person${at + 1}` }));
const words = registryStorage(people);
const state = stateWith(words);

/** A node at which everybody registered in the tenth block. */
const node: ShardChain = {
  block: async (number = head) => ({ number, time: 1_000_000n + number, hash: hexToBytes(keccak256(toHex(number))) }),
  changes: async (from, to) => ({
    ...{ slots: from <= 10n && to >= 10n ? [...words.keys()].map((slot) => hexToBytes(slot)) : [] },
    ...{ commitments: [], spent: [] },
  }),
  words: async (slots) =>
    slots.map((slot) => ({
      ...{ slot, key: hexToBytes(keccak256(slot)) },
      value: hexToBytes(numberToHex(words.get(toHex(slot)) as bigint)),
    })),
  root: async () => hexToBytes(state.storageRoot),
  branch: async () => undefined,
};

/** A relay with a store of its own. @returns its address */
async function startRelay(rate: { perSecond: number; burst: number }): Promise<string> {
  const at = folder();
  const store = createShardStore(at);
  const reader = createShardReader(at);
  const keeper = createShardKeeper({ chain: node, store, from: 1n });
  expect(await keeper.step()).toBe("published");
  const published = () => Number(keeper.published());
  const shards = createShards({ get: reader.get, published, rate, now: Date.now });
  const server = createServer((request, response) => shards.handle(request, response, request.url ?? "", "one"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close().closeAllConnections();
    reader.close();
    store.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a client reads everybody out of what two relays give out, within their limits", async () => {
  const urls = await Promise.all([startRelay({ perSecond: 50, burst: 400 }), startRelay({ perSecond: 50, burst: 3 })]);
  const { asked, chain } = shardedChain([{}, {}], { head: Number(head), states: { 0: state } });
  const through: typeof fetch = (input, init) => {
    const { hostname, pathname } = new URL(String(input));
    const url = urls[Number(hostname.match(/\d+/)?.[0])];
    return pathname.startsWith("/shards/")
      ? fetch(`${url}${pathname}`, init)
      : (chain.fetch as typeof fetch)(input, init);
  };
  const queries = [...people.map(({ name }) => ({ name })), { name: "nobody" }];
  const found = await readShardedIdentities({ ...chain, fetch: through }, queries);
  expect(found.map(({ record }) => record?.name)).toEqual([...people.map(({ name }) => name), undefined]);
  expect(new Set(found.map(({ block }) => block))).toEqual(new Set([512n]));
  expect(asked.filter((one) => /eth_getProof [^0]/.test(one))).toEqual([]);
});
