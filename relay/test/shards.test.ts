import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Leaf, openManifest, openShard, trieRoot } from "@skrumble/sdk/shards";
import { hexToBytes, keccak256, toHex } from "viem";
import { expect, onTestFinished, test } from "vitest";
import { createShards } from "../src/http/shards.ts";
import { createShardKeeper, type RegistryChanges, type ShardChain } from "../src/shards/shardKeeper.ts";
import { createShardStore } from "../src/shards/shardStore.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "skrumble-shards-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A block a second. */
const timeOf = (block: bigint) => 1_000_000n + block;
const trimmed = (bytes: Uint8Array) => bytes.slice(bytes.findIndex((byte) => byte !== 0));
const commitmentWord = (block: bigint, time: bigint) => trimmed(hexToBytes(toHex((time << 64n) | block)));

interface Change extends Partial<RegistryChanges> {
  block: bigint;
  /** What is written; undefined for 0. */
  writes: [slot: Uint8Array, value: Uint8Array | undefined][];
}

/** A node with a registry's storage, and what went wrong with it. */
function fakeChain() {
  const changes: Change[] = [];
  const state = { head: 0n, isDown: false, wordsRead: 0, wordsLeft: Number.POSITIVE_INFINITY };
  const storageAt = (block: bigint) => {
    const storage = new Map<string, Uint8Array>();
    for (const change of changes.filter((one) => one.block <= block))
      for (const [slot, value] of change.writes)
        if (value) storage.set(toHex(slot), value);
        else storage.delete(toHex(slot));
    return storage;
  };
  const leavesAt = (block: bigint): Leaf[] =>
    [...storageAt(block)]
      .map(([slot, value]) => ({ key: hexToBytes(keccak256(slot as `0x${string}`)), value }))
      .sort((one, other) => Buffer.compare(one.key, other.key));
  const chain: ShardChain = {
    async block(number = state.head) {
      if (state.isDown) throw new Error("down");
      return { number, time: timeOf(number) };
    },
    async changes(from, to) {
      const some = changes.filter(({ block }) => block >= from && block <= to);
      return {
        slots: some.flatMap(({ slots, writes }) => slots ?? writes.map(([slot]) => slot)),
        commitments: some.flatMap(({ commitments }) => commitments ?? []),
        spent: some.some(({ spent }) => spent),
      };
    },
    async words(slots, block) {
      state.wordsRead += slots.length;
      state.wordsLeft -= slots.length;
      if (state.wordsLeft < 0) throw new Error("state is gone");
      const storage = storageAt(block);
      const value = (slot: Uint8Array) => storage.get(toHex(slot)) ?? new Uint8Array(0);
      return slots.map((slot) => ({ slot, key: hexToBytes(keccak256(slot)), value: value(slot) }));
    },
    root: async (block) => trieRoot(leavesAt(block)),
  };
  return { chain, state, leavesAt, add: (change: Change) => void changes.push(change) };
}

const slot = () => new Uint8Array(randomBytes(32));
const value = () => trimmed(Uint8Array.from([1, ...randomBytes(20)]));
const some = (count: number): Change["writes"] => Array.from({ length: count }, () => [slot(), value()]);

function setUp(at = folder()) {
  const fake = fakeChain();
  const store = createShardStore(at);
  onTestFinished(() => store.close());
  const keeper = createShardKeeper({ chain: fake.chain, store, from: 1n, pause: async () => undefined });
  /** All leaves that shards of a block lead to, each proven. */
  const read = (block: bigint): Leaf[] => {
    const root = trieRoot(fake.leavesAt(block));
    const { depth, hashes } = openManifest(store.get("manifest", root) as Uint8Array, root);
    return hashes.flatMap((hash, range) =>
      hash ? openShard(store.get("shard", hash) as Uint8Array, hash, range, depth) : [],
    );
  };
  return { ...fake, store, keeper, read };
}

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
  const { state, add, leavesAt, keeper, read, store } = setUp();
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
  expect(store.get("manifest", trieRoot(leavesAt(256n)))).toBeUndefined();
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
    if (registered) add({ block, writes: [[gone, undefined], registered], slots: [registered[0]], spent: true });
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
  const again = createShardKeeper({ chain: one.chain, store, from: 1n, pause: async () => undefined });
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

test("a chain that was set back is read anew; a damaged file, too", async () => {
  const at = folder();
  writeFileSync(join(at, "shards.sqlite"), "no database at all, but long enough to look like something".repeat(100));
  const { state, add, keeper, read, leavesAt } = setUp(at);
  add({ block: 1n, writes: some(20) });
  state.head = 600n;
  expect(await keeper.step()).toBe("published");
  state.head = 300n;
  expect(await keeper.step()).toBe("published");
  expect(keeper.published()).toBe(256n);
  expect(read(256n)).toEqual(leavesAt(256n));
});

test("shards and manifests are given out by address, as often as the rate says", async () => {
  const { state, add, keeper, store, leavesAt } = setUp();
  add({ block: 1n, writes: some(20) });
  state.head = 256n;
  await keeper.step();
  let now = 0;
  const routes = createShards({ store, rate: { perSecond: 1, burst: 6 }, now: () => now });
  const server = createServer((request, response) => routes.handle(request, response, request.url ?? "", "one"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const get = (path: string, method = "GET") =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/shards/${path}`, { method });
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
  expect((await get(address, "POST")).status).toBe(405);
  const above = await get(address);
  expect([above.status, above.headers.get("retry-after")]).toEqual([429, "1"]);
  now = 1_000;
  expect((await get(address)).status).toBe(200);
  expect(routes.counters).toEqual({ shardReads: 3, shardsRefused: 1 });
});
