import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { trieRoot } from "@skrumble/sdk/shards";
import { expect, onTestFinished, test, vi } from "vitest";
import { shardFile } from "../src/shards/shardReader.ts";
import { createShardStore } from "../src/shards/shardStore.ts";
import { folder, keeperOfFake, someWrites, value } from "./support/fakeRegistry.ts";

const shardBytes = 12_000;

test("publishing writes the shards that changed, and no others", () => {
  const at = folder();
  const store = createShardStore(at);
  onTestFinished(() => store.close());
  store.note({ slots: [], commitments: [], spent: [] }, { number: 256n, time: 1n, hash: hash() });
  const hashes = Array.from({ length: 256 }, hash);
  const shard = vi.fn(() => randomBytes(shardBytes));
  /** Bytes that it writes. */
  const publish = (block: bigint): number => {
    const other = new DatabaseSync(shardFile(at));
    other.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    other.close();
    store.publish({ depth: 2, hashes, root: hash(), manifest: randomBytes(8_000), shard }, block, block - 512n);
    return statSync(`${shardFile(at)}-wal`).size;
  };
  expect(publish(256n)).toBeGreaterThan(256 * shardBytes);
  expect(publish(512n)).toBeLessThan(100_000);
  hashes[3] = hash();
  expect(publish(768n)).toBeLessThan(100_000 + shardBytes);
  expect(shard).toHaveBeenCalledTimes(257);
});

test("two earlier manifests stay, and the shards of these", async () => {
  const { state, add, keeper, read, reader, leavesAt } = keeperOfFake();
  const [first] = someWrites(1);
  if (!first) throw new Error("one expected");
  add({ block: 1n, writes: [...someWrites(600), first] });
  for (const head of [256n, 512n, 768n, 1_024n]) {
    add({ block: head - 1n, writes: [[first[0], value()]] });
    state.head = head;
    expect(await keeper.step()).toBe("published");
  }
  for (const block of [512n, 768n, 1_024n]) expect(read(block)).toEqual(leavesAt(block));
  expect(reader.get("manifest", trieRoot(leavesAt(256n)))).toBeUndefined();
});

test("a word that is as before changes nothing", async () => {
  const { state, add, keeper, store } = keeperOfFake();
  const writes = someWrites(20);
  add({ block: 1n, writes });
  state.head = 256n;
  await keeper.step();
  add({ block: 300n, writes });
  state.head = 512n;
  const cuts = vi.spyOn(store, "leaves");
  expect(await keeper.step()).toBe("published");
  expect(cuts).not.toHaveBeenCalled();
});

test("a file of another form is thrown away", () => {
  const at = folder();
  const db = new DatabaseSync(shardFile(at));
  db.exec("CREATE TABLE place (id INTEGER PRIMARY KEY, block INTEGER); INSERT INTO place VALUES (0, 256)");
  db.close();
  const store = createShardStore(at);
  onTestFinished(() => store.close());
  expect(store.place()).toBeUndefined();
});

test("a full file takes nothing more, and loses nothing; with more room it goes on", async () => {
  const at = folder();
  const small = createShardStore(at, { maxBytes: 256 * 1024 });
  const place = (number: bigint) => ({ number, time: number, hash: hash() });
  const changes = () => ({ slots: Array.from({ length: 1_000 }, hash), commitments: [], spent: [] });
  let noted = 0n;
  const fill = () => {
    for (; noted < 100n; noted++) small.note(changes(), place(noted + 1n));
  };
  expect(fill).toThrow(expect.objectContaining({ errcode: 13 }));
  expect([small.place()?.number, small.dirty(100_000).length]).toEqual([noted, 1_000 * Number(noted)]);
  expect(noted).toBeGreaterThan(0n);
  small.close();
  expect(statSync(shardFile(at)).size).toBeLessThanOrEqual(256 * 1024);
  const store = createShardStore(at);
  onTestFinished(() => store.close());
  store.note(changes(), place(noted + 1n));
  expect(store.place()?.number).toBe(noted + 1n);
});

test("what has gone makes room in a full file before anything is written", () => {
  const store = createShardStore(folder(), { maxBytes: 1024 * 1024 });
  onTestFinished(() => store.close());
  store.note({ slots: [], commitments: [], spent: [] }, { number: 256n, time: 1n, hash: hash() });
  const publish = (block: bigint) => {
    const hashes = Array.from({ length: 32 }, hash);
    const cut = { depth: 2, hashes, root: hash(), manifest: randomBytes(100), shard: () => randomBytes(shardBytes) };
    store.publish(cut, block, block - 512n);
  };
  publish(256n);
  publish(512n);
  expect(() => publish(768n)).toThrow(expect.objectContaining({ errcode: 13 }));
  publish(1_024n);
});

const hash = () => new Uint8Array(randomBytes(32));
