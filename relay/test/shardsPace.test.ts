import { expect, test } from "vitest";
import { createPace } from "../src/shards/pace.ts";

function setUp() {
  const clock = { now: 0, computed: 0 };
  const rests: number[] = [];
  const pace = createPace({
    now: () => clock.now,
    computed: () => clock.computed,
    rest: async (ms) => {
      rests.push(ms);
      clock.now += ms;
    },
  });
  const work = (waited: number, computed: number) =>
    pace(async () => {
      clock.now += waited + computed;
      clock.computed += computed;
    });
  return { pace, work, rests };
}

test("after an answer it rests as long as that took; after computing, three times as long", async () => {
  const { work, rests } = setUp();
  await work(200, 0);
  await work(100, 50);
  await work(0, 50);
  expect(rests).toEqual([200, 150, 150]);
});

test("short rests are put together; what lies between pieces counts for nothing", async () => {
  const { work, rests, pace } = setUp();
  for (let times = 0; times < 10; times++) await work(0, 1);
  expect(rests).toEqual([21]);
  await expect(pace(() => "made")).resolves.toBe("made");
});

test("a piece that fails is work too", async () => {
  const { work, rests, pace } = setUp();
  const failing = pace(async () => {
    await work(0, 10);
    throw new Error("no answer");
  });
  await expect(failing).rejects.toThrow("no answer");
  expect(rests.at(-1)).toBeGreaterThan(0);
});
