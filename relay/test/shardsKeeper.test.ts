import { DatabaseSync } from "node:sqlite";
import { expect, test, vi } from "vitest";
import { followRegistry, type ShardNews } from "../src/shards/followRegistry.ts";
import { createShardKeeper } from "../src/shards/shardKeeper.ts";
import { shardFile } from "../src/shards/shardReader.ts";
import {
  commitmentWord,
  folder,
  keeperOfFake as setUp,
  slot,
  slotIn,
  someWrites as some,
  timeOf,
  value,
} from "./support/fakeRegistry.ts";

test("a node that cannot say the root costs no hashing, and is told of once a block", async () => {
  const { chain, state, store, add } = setUp();
  const cuts = vi.spyOn(store, "leaves");
  const failing = { ...chain, root: () => Promise.reject(new TypeError("no proofs here")) };
  const keeper = createShardKeeper({ chain: failing, store, from: 1n });
  add({ block: 1n, writes: some(20) });
  state.head = 256n;
  const news: ShardNews[] = [];
  let steps = 0;
  const wait = async () => {
    if (++steps === 3) state.head = 512n;
    if (steps === 5) throw new Error("enough");
  };
  await expect(followRegistry(keeper, (one) => news.push(one), wait)).rejects.toThrow("enough");
  const told = { about: "not-followed", published: 0, error: "TypeError" };
  expect(news).toEqual([
    { ...told, block: 256 },
    { ...told, block: 512 },
  ]);
  expect(cuts).not.toHaveBeenCalled();
});

test("where a node does not answer for many blocks, few are asked for, down to one, and more again after that", async () => {
  const { chain, state, store, add } = setUp();
  const asked: bigint[] = [];
  let most = 0n;
  const narrow: typeof chain = {
    ...chain,
    async changes(from, to, isRecent) {
      asked.push(to - from + 1n);
      if (to - from + 1n > most) throw new Error("too many logs");
      return chain.changes(from, to, isRecent);
    },
  };
  const keeper = createShardKeeper({ chain: narrow, store, from: 1n });
  add({ block: 1n, writes: some(20) });
  state.head = 256n * 60n;
  for (let times = 0; times < 10; times++) await expect(keeper.step()).rejects.toThrow("too many logs");
  expect(asked.map(Number)).toEqual([256, 128, 64, 32, 16, 8, 4, 2, 1, 1]);
  most = 10_000n;
  asked.length = 0;
  expect(await keeper.step()).toBe("published");
  expect(asked.slice(0, 5).map(Number)).toEqual([1, 2, 4, 8, 16]);
  expect(Math.max(...asked.map(Number))).toBe(4_096);
});

test("after many events in some blocks fewer are asked for", async () => {
  const { chain, state, store, add } = setUp();
  const asked: bigint[] = [];
  const keeper = createShardKeeper({
    chain: {
      ...chain,
      changes: (from, to, isRecent) => {
        asked.push(to - from + 1n);
        return chain.changes(from, to, isRecent);
      },
    },
    ...{ store, from: 1n },
  });
  const one = slot();
  add({ block: 1n, writes: [[one, value()]], slots: Array.from({ length: 20_000 }, () => one) });
  state.head = 512n;
  expect(await keeper.step()).toBe("published");
  expect(asked.map(Number)).toEqual([256, 128, 128]);
});

function objectsIn(at: string): number {
  using db = new DatabaseSync(shardFile(at), { readOnly: true });
  return (db.prepare("SELECT count(*) AS count FROM object").get() as { count: number }).count;
}

test("while the root stays another, everything is read again after 1, 2 and 4 periods, and nothing of it stays", async () => {
  const at = folder();
  const { state, add, keeper, store } = setUp(at);
  add({ block: 1n, writes: some(600) });
  add({ block: 2n, writes: some(1), slots: [] });
  const outcomes: string[] = [];
  for (let period = 1n; period <= 9n; period++) {
    state.head = 256n * period;
    outcomes.push(await keeper.step());
    expect([store.count(), objectsIn(at)]).toEqual([0, 0]);
  }
  const wrong = [1, 2, 4, 8];
  expect(outcomes).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => (wrong.includes(at) ? "other-root" : "waiting")));
});

test("near a limit the depth stays as it is; half the leaves make it less", async () => {
  const { state, add, keeper, store } = setUp();
  const first = some(300);
  const depths: (number | undefined)[] = [];
  const next = async (writes: typeof first) => {
    add({ block: state.head + 1n, writes });
    state.head += 256n;
    expect(await keeper.step()).toBe("published");
    depths.push(store.place()?.depth);
  };
  const gone = (from: number, to: number) =>
    first.slice(from, to).map(([one]): (typeof first)[number] => [one, undefined]);
  await next(first);
  await next(gone(0, 100));
  await next(some(1));
  await next(gone(100, 200));
  expect(depths).toEqual([1, 1, 1, 0]);
});

test("a crowded range is no reason to hash at a depth that cannot be", async () => {
  const { state, add, keeper, store, read, leavesAt } = setUp();
  // One digit deep there would be no branch above them.
  const writes = Array.from({ length: 300 }, (): [Uint8Array, Uint8Array] => [slotIn(7), value()]);
  add({ block: 1n, writes });
  state.head = 256n;
  const cuts = vi.spyOn(store, "leaves");
  expect(await keeper.step()).toBe("published");
  expect(store.place()?.depth).toBe(0);
  // To hash it and to write it.
  const whole = [Buffer.alloc(32), Buffer.alloc(32, 0xff)];
  expect(cuts.mock.calls).toEqual([whole, whole]);
  expect(read(256n)).toEqual(leavesAt(256n));
});

test("of the commitments only the one is read again that a transaction shows; all of them where it shows a wrong one or none", async () => {
  const { state, add, keeper, read, leavesAt } = setUp();
  const made = Array.from({ length: 50 }, slot);
  add({ block: 1n, commitments: made, writes: made.map((one) => [one, commitmentWord(1n, timeOf(1n))]) });
  state.head = 256n;
  await keeper.step();
  const reveal = async (more: { spent?: Uint8Array[]; isSpentUnseen?: boolean }) => {
    const [registered] = some(1);
    if (!registered) throw new Error("one expected");
    add({
      block: state.head + 1n,
      writes: [[made.pop() as Uint8Array, undefined], registered],
      slots: [registered[0]],
      ...more,
    });
    state.head += 256n;
    state.wordsRead = 0;
    expect(await keeper.step()).toBe("published");
    expect(read(state.head)).toEqual(leavesAt(state.head));
    return state.wordsRead;
  };
  expect(await reveal({ spent: [made.at(-1) as Uint8Array] })).toBe(2);
  expect(await reveal({ isSpentUnseen: true }), "through a contract").toBe(1 + 49);
  expect(await reveal({ spent: [slot()] }), "one that is not known").toBe(1 + 1 + 48);
  expect(await reveal({ spent: [made[0] as Uint8Array] }), "known, but the wrong one: the root says so").toBe(2 + 47);
});
