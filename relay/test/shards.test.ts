import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { openManifest, openShard, trieRoot } from "@skrumble/sdk/shards";
import { toHex } from "viem";
import { expect, onTestFinished, test, vi } from "vitest";
import { createShards } from "../src/http/shards.ts";
import { createShardKeeper } from "../src/shards/shardKeeper.ts";
import { createShardStore } from "../src/shards/shardStore.ts";
import {
  type Change,
  commitmentWord,
  folder,
  keeperOfFake as setUp,
  slot,
  someWrites as some,
  timeOf,
  value,
} from "./support/fakeRegistry.ts";

test("each period is published once, and its shards prove every leaf", async () => {
  const { state, add, leavesAt, keeper, read } = setUp();
  state.head = 255n;
  add({ block: 3n, writes: some(40) });
  expect(await keeper.step()).toBe("waiting");
  state.head = 300n;
  expect(await keeper.step()).toBe("published");
  expect(keeper.published()).toBe(256n);
  expect(read(256n)).toEqual(leavesAt(256n));
  expect(await keeper.step()).toBe("waiting");
  add({ block: 301n, writes: some(600) });
  state.head = 512n;
  expect(await keeper.step()).toBe("published");
  expect(read(512n)).toEqual(leavesAt(512n));
});

test("ranges without a change keep their address, and are not computed again; what was published before stays for a while", async () => {
  const { state, add, leavesAt, keeper, read, store, reader } = setUp();
  const first = some(600);
  add({ block: 1n, writes: first });
  state.head = 256n;
  await keeper.step();
  const before = store.ranges();
  state.wordsRead = 0;
  add({
    block: 300n,
    writes: [
      [first[0]?.[0] as Uint8Array, value()],
      [first[1]?.[0] as Uint8Array, undefined],
    ],
  });
  state.head = 512n;
  expect(await keeper.step()).toBe("published");
  expect(state.wordsRead).toBe(2);
  const changed = [...store.ranges()].filter(([range, hash]) => Buffer.compare(hash, before.get(range) as Uint8Array));
  expect(changed.length).toBeGreaterThan(0);
  expect(changed.length).toBeLessThanOrEqual(2);
  expect([read(256n), read(512n)]).toEqual([leavesAt(256n), leavesAt(512n)]);
  for (const head of [768n, 1_024n, 1_280n]) {
    state.head = head;
    expect(await keeper.step()).toBe("published");
  }
  expect(reader.get("manifest", trieRoot(leavesAt(256n)))).toBeUndefined();
  expect(read(1_280n)).toEqual(leavesAt(1_280n));
});

test("a commitment that a reveal took away is found, though no event names it; one that ran out is read no more", async () => {
  const { state, add, leavesAt, keeper, read } = setUp();
  const made = (slots: Uint8Array[], block: bigint): Change => ({
    ...{ block, commitments: slots },
    writes: slots.map((one) => [one, commitmentWord(block, timeOf(block))]),
  });
  const [spent, old, renewed] = [slot(), slot(), slot()];
  const reveal = (block: bigint, gone: Uint8Array): void => {
    const [registered] = some(1);
    if (registered) add({ block, writes: [[gone, undefined], registered], slots: [registered[0]] });
  };
  add(made([spent, old, renewed], 1n));
  state.head = 256n;
  await keeper.step();
  reveal(300n, spent);
  state.head = 512n;
  state.wordsRead = 0;
  expect(await keeper.step()).toBe("published");
  expect(read(512n)).toEqual(leavesAt(512n));
  expect(state.wordsRead, "what was registered, and three that could be the one").toBe(4);
  // More than a day later.
  const later = 256n * 400n;
  add({ block: later - 1n, writes: some(1) });
  state.head = later;
  await keeper.step();
  add(made([renewed], later + 2n));
  reveal(later + 3n, slot());
  state.head = later + 256n;
  state.wordsRead = 0;
  expect(await keeper.step()).toBe("published");
  expect(state.wordsRead, "what was registered, and the one that was made again").toBe(2);
  reveal(later + 300n, renewed);
  state.head = later + 512n;
  expect(await keeper.step()).toBe("published");
  expect(read(later + 512n)).toEqual(leavesAt(later + 512n));
});

test("what cannot be read at once is read later, also after a restart", async () => {
  const at = folder();
  const one = setUp(at);
  one.add({ block: 1n, writes: some(1_200) });
  Object.assign(one.state, { head: 256n, wordsLeft: 600 });
  await expect(one.keeper.step()).rejects.toThrow("state is gone");
  Object.assign(one.state, { head: 512n, wordsLeft: Number.POSITIVE_INFINITY, wordsRead: 0 });
  const store = createShardStore(at);
  onTestFinished(() => store.close());
  const again = createShardKeeper({ chain: one.chain, store, from: 1n });
  expect(await again.step()).toBe("published");
  expect(one.state.wordsRead).toBe(700);
  expect(one.read(512n)).toEqual(one.leavesAt(512n));
  one.state.isDown = true;
  await expect(again.step()).rejects.toThrow("down");
});

test("nothing is published that the node does not show; it is read again from the beginning, once", async () => {
  const { state, add, keeper, store, read, leavesAt } = setUp();
  add({ block: 1n, writes: some(20) });
  const lost: Change = { block: 2n, writes: some(1), slots: [] };
  add(lost);
  state.head = 256n;
  expect(await keeper.step()).toBe("other-root");
  expect(keeper.published()).toBeUndefined();
  expect(store.count()).toBe(0);
  delete lost.slots;
  state.head = 512n;
  expect(await keeper.step()).toBe("published");
  expect(read(512n)).toEqual(leavesAt(512n));
});

test("a node that is behind is waited for, a chain that was begun anew is read anew; a damaged file, too", async () => {
  const at = folder();
  writeFileSync(join(at, "shards.sqlite"), "no database at all, but long enough to look like something".repeat(100));
  const { state, add, keeper, read, leavesAt } = setUp(at);
  add({ block: 1n, writes: some(20) });
  state.head = 600n;
  expect(await keeper.step()).toBe("published");
  state.head = 300n;
  expect(await keeper.step(), "a node that is behind").toBe("waiting");
  expect([keeper.published(), read(512n)]).toEqual([512n, leavesAt(512n)]);
  Object.assign(state, { head: 768n, chain: 2 });
  state.wordsRead = 0;
  expect(await keeper.step()).toBe("published");
  expect(state.wordsRead, "all of the other chain").toBe(20);
  expect(read(768n)).toEqual(leavesAt(768n));
});

async function serve(options: Parameters<typeof createShards>[0]) {
  const routes = createShards(options);
  const server = createServer((request, response) => routes.handle(request, response, request.url ?? "", "one"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const get = (path: string, method = "GET") =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/shards/${path}`, { method });
  return { routes, get };
}

test("shards and manifests are given out by address, as often as the rate says", async () => {
  const { state, add, keeper, reader, leavesAt } = setUp();
  add({ block: 1n, writes: some(20) });
  state.head = 256n;
  await keeper.step();
  let now = 0;
  const rate = { perSecond: 1, burst: 5 };
  const published = () => Number(keeper.published());
  const { routes, get } = await serve({ get: reader.get, published, rate, now: () => now });
  const root = trieRoot(leavesAt(256n));
  const address = toHex(root).slice(2);
  const manifest = await get(`manifests/${address}`);
  expect(manifest.headers.get("cache-control")).toContain("immutable");
  expect(manifest.headers.get("access-control-allow-origin")).toBe("*");
  expect(openManifest(new Uint8Array(await manifest.arrayBuffer()), root).hashes).toEqual([root]);
  const shard = await get(address);
  expect(openShard(new Uint8Array(await shard.arrayBuffer()), root, 0, 0)).toEqual(leavesAt(256n));
  expect((await get("ff".repeat(32))).status).toBe(404);
  expect((await get("../documents")).status).toBe(404);
  expect((await get(address.toUpperCase())).status).toBe(404);
  expect((await get(address, "POST")).status, "costs nothing").toBe(405);
  const above = await get(address);
  expect([above.status, above.headers.get("retry-after")]).toEqual([429, "1"]);
  now = 1_000;
  expect((await get(address)).status).toBe(200);
  expect(routes.counters).toEqual({ shardReads: 3, shardsRefused: 1 });
});

test("what is large costs more, also where that is above what anybody has at once; what is not read costs nothing", async () => {
  let now = 0;
  const read = vi.fn(() => new Uint8Array(10 * 32_768));
  const rate = { perSecond: 1, burst: 4 };
  const { get } = await serve({ get: read, published: () => 0, rate, now: () => now });
  const path = "ab".repeat(32);
  expect([(await get(path, "POST")).status, read.mock.calls.length]).toEqual([405, 0]);
  expect((await get(path)).status).toBe(200);
  const refused = await get(path);
  // 11 of 4 were taken; 7 are owed, and one more it takes.
  expect([refused.status, refused.headers.get("retry-after"), read.mock.calls.length]).toEqual([429, "8", 1]);
  now = 8_000;
  expect((await get(path)).status).toBe(200);
});

test("whether there are any is said shortly, within the same rate", async () => {
  let block = 0;
  const read = vi.fn(() => undefined);
  const { routes, get } = await serve({
    ...{ get: read, published: () => block, rate: { perSecond: 1, burst: 2 }, now: () => 0 },
  });
  const none = await get("latest");
  expect([none.status, none.headers.get("access-control-allow-origin")]).toEqual([200, "*"]);
  expect(none.headers.get("cache-control")).toBe("no-store");
  expect(await none.json()).toEqual({ block: 0 });
  block = 512;
  expect(await (await get("latest")).json()).toEqual({ block: 512 });
  expect((await get("latest")).status).toBe(429);
  expect([read.mock.calls, routes.counters]).toEqual([[], { shardReads: 0, shardsRefused: 1 }]);
});
