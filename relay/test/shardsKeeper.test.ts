import { DatabaseSync } from "node:sqlite";
import { expect, test, vi } from "vitest";
import { createCutter } from "../src/shards/cutRanges.ts";
import { followRegistry, type ShardNews } from "../src/shards/followRegistry.ts";
import type { Pace } from "../src/shards/pace.ts";
import { createShardKeeper } from "../src/shards/shardKeeper.ts";
import { shardFile } from "../src/shards/shardReader.ts";
import type { ShardStore } from "../src/shards/shardStore.ts";
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
  const whole = [Buffer.alloc(32), Buffer.alloc(32, 0xff), expect.any(Number)];
  expect(cuts.mock.calls).toEqual([whole, whole]);
  expect(read(256n)).toEqual(leavesAt(256n));
});

test("of the commitments only the one is read again that a transaction shows; all of the range where it shows a wrong one or none", async () => {
  const { state, add, keeper, read, leavesAt } = setUp();
  const made = Array.from({ length: 50 }, slot);
  add({ block: 1n, commitments: made, writes: made.map((one) => [one, commitmentWord(1n, timeOf(1n))]) });
  state.head = 256n;
  await keeper.step();
  const reveal = async (more: { spent?: Uint8Array[] }) => {
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
  expect(await reveal({}), "through a contract").toBe(1 + 49);
  expect(await reveal({ spent: [slot()] }), "one that is not known").toBe(1 + 1 + 48);
  expect(await reveal({ spent: [made[0] as Uint8Array] }), "known, but the wrong one: the root says so").toBe(2 + 47);
});

test("in one step only so much is read, the rest in the next at the newest period's block; nothing is published before", async () => {
  const { chain, state, store, add, leavesAt, read } = setUp();
  const keeper = createShardKeeper({ chain, store, from: 1n, wordsAtStep: 500 });
  const writes = some(1_200);
  add({ block: 1n, writes });
  // Read already, and another by the time that the rest is read.
  add({ block: 257n, writes: writes.map(([one]) => [one, value()]) });
  state.head = 256n;
  expect([await keeper.step(), state.wordsRead, keeper.published()]).toEqual(["reading", 500, undefined]);
  expect([await keeper.step(), state.wordsRead]).toEqual(["reading", 1_000]);
  state.head = 512n;
  expect([await keeper.step(), await keeper.step(), keeper.published()]).toEqual(["reading", "reading", undefined]);
  expect([await keeper.step(), keeper.published()]).toEqual(["published", 512n]);
  expect(read(512n)).toEqual(leavesAt(512n));
});

test("of thousands of commitments, one that nothing names is found by the hashes on the way to it", async () => {
  const { state, add, keeper, read, store } = setUp();
  const made = Array.from({ length: 4_200 }, slot);
  add({ block: 1n, commitments: made, writes: made.map((one) => [one, commitmentWord(1n, timeOf(1n))]) });
  state.head = 256n;
  expect(await keeper.step()).toBe("published");
  expect(store.place()?.depth).toBe(2);
  add({ block: 300n, writes: made.slice(0, 2).map((one) => [one, undefined]), slots: [] });
  Object.assign(state, { head: 512n, wordsRead: 0 });
  expect(await keeper.step()).toBe("published");
  expect(read(512n)).toHaveLength(4_198);
  expect(state.branchesRead).toBeLessThanOrEqual(1 + 2);
  // Those of two ranges out of 256.
  expect(state.wordsRead).toBeGreaterThanOrEqual(2);
  expect(state.wordsRead).toBeLessThan(150);
});

test("a commitment that ran out is no longer kept once a block after that is published", async () => {
  const { state, add, keeper, store } = setUp();
  const [old] = [slot()];
  add({ block: 1n, commitments: [old], writes: [[old, commitmentWord(1n, timeOf(1n))]] });
  const whole = [Buffer.alloc(32), Buffer.alloc(32, 0xff)] as const;
  for (const [head, kept] of [
    [256n, old],
    [256n * 400n, undefined],
  ] as const) {
    state.head = head;
    expect(await keeper.step()).toBe("published");
    expect(store.commitmentIn(...whole)).toEqual(kept);
  }
});

test("a crowded range is hashed in parts, also where all its keys have more digits in common", async () => {
  const { state, add, keeper, store, read } = setUp();
  add({ block: 1n, writes: Array.from({ length: 4_200 }, () => [slotIn(7), value()]) });
  state.head = 256n;
  const cuts = vi.spyOn(store, "leaves");
  expect(await keeper.step()).toBe("published");
  const hashed = cuts.mock.results.slice(1, -1).map(({ value }) => value.length);
  expect([store.place()?.depth, hashed.length]).toEqual([0, 16]);
  expect(Math.max(...hashed)).toBeLessThan(400);
  expect(read(256n)).toHaveLength(4_200);
});

test("a range that nobody would take is not made into a shard, nor read whole for that", () => {
  const leaves = vi.fn((_from: Uint8Array, _to: Uint8Array, limit: number) =>
    Array.from({ length: limit }, () => ({ key: new Uint8Array(32), value: Uint8Array.of(1) })),
  );
  const cutter = createCutter({ leaves } as unknown as ShardStore, async (piece) => piece());
  expect(cutter.shardOf(0, 4)).toBeUndefined();
  expect(leaves.mock.calls.map(([, , limit]) => limit)).toEqual([32_769]);
});

test("whatever is asked, hashed or written is a piece of work, with a rest after it", async () => {
  const { chain, state, store, add } = setUp();
  let working = false;
  let pieces = 0;
  const pace: Pace = async (piece) => {
    [working, pieces] = [true, pieces + 1];
    return Promise.resolve(piece()).finally(() => {
      working = false;
    });
  };
  const outside: string[] = [];
  const watched = <T extends object>(object: T, names: (keyof T & string)[]): T => ({
    ...object,
    ...Object.fromEntries(
      names.map((name) => [
        name,
        (...args: unknown[]) => {
          if (!working) outside.push(name);
          return (object[name] as (...args: unknown[]) => unknown)(...args);
        },
      ]),
    ),
  });
  const options = { chain: watched(chain, ["changes", "words", "branch"]), from: 1n, pace };
  const keeper = createShardKeeper({ ...options, store: watched(store, ["note", "leaves", "publish"]) });
  add({ block: 1n, writes: some(1_000) });
  state.head = 256n;
  expect(await keeper.step()).toBe("published");
  expect(outside).toEqual([]);
  // Events, two times 500 words, 16 ranges and what they are written into.
  expect(pieces).toBeGreaterThanOrEqual(1 + 2 + 16 + 1);
});
