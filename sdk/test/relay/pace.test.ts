import { expect, test } from "vitest";
import { createPace } from "../../src/relay/pace.ts";

/** Time that goes on when it is told to. */
function handClock() {
  let now = 0;
  const timers = new Map<number, { at: number; run(): void }>();
  let last = 0;
  return {
    now: () => now,
    setTimeout(run: () => void, ms: number): unknown {
      timers.set(++last, { at: now + ms, run });
      return last;
    },
    clearTimeout: (id: unknown) => void timers.delete(id as number),
    async pass(ms: number) {
      for (const end = now + ms; now < end; ) {
        now++;
        for (const [id, { at, run }] of timers) {
          if (at > now) continue;
          timers.delete(id);
          run();
        }
      }
      await Promise.resolve();
    },
  };
}

const never = new AbortController().signal;

test("a burst goes at once, the rest at the rate, in order", async () => {
  const clock = handClock();
  const turn = createPace(clock);
  const went: number[] = [];
  for (let i = 0; i < 500; i++) void turn(512, never).then(() => went.push(i));
  await clock.pass(1);
  expect(went).toHaveLength(300);
  await clock.pass(1_000);
  expect(went).toHaveLength(390);
  await clock.pass(2_000);
  expect(went).toEqual(Array.from({ length: 500 }, (_, i) => i));
});

test("who gives up waits no longer and takes no place; a long deposit takes several", async () => {
  const clock = handClock();
  const turn = createPace(clock);
  const went: string[] = [];
  const given = new AbortController();
  for (let i = 0; i < 12; i++) void turn(256 * 1024, never).then(() => went.push("long"));
  void turn(512, given.signal).then(() => went.push("given up"));
  void turn(512, never).then(() => went.push("short"));
  await clock.pass(1);
  expect(went).toEqual(Array(11).fill("long"));
  given.abort();
  await clock.pass(1);
  expect(went.at(-1)).toBe("given up");
  await clock.pass(200);
  expect(went.slice(12)).toEqual(["long", "short"]);
});
