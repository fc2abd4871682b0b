import { getEventListeners } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { pauseFor } from "../../src/client/pauseFor.ts";
import { patiently } from "../../src/devices/patiently.ts";
import { SkrumbleError } from "../../src/errors/index.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("a pause ends with its time, by being woken or cancelled, and leaves no listener and no timer behind", async () => {
  vi.useFakeTimers();
  const stop = new AbortController();
  const listeners = () => getEventListeners(stop.signal, "abort").length;
  const timed = pauseFor(stop.signal, 1000);
  let wake: (() => void) | undefined;
  const woken = pauseFor(stop.signal, 3_600_000, (one) => {
    wake = one;
  });
  expect(listeners()).toBe(2);
  await vi.advanceTimersByTimeAsync(1000);
  await timed;
  wake?.();
  await woken;
  expect([listeners(), vi.getTimerCount()]).toEqual([0, 0]);
  const cancelled = pauseFor(stop.signal, 3_600_000);
  stop.abort();
  await cancelled;
  await pauseFor(stop.signal, 3_600_000);
  expect([listeners(), vi.getTimerCount()]).toEqual([0, 0]);
});

test("work that is tried again and again does not gather listeners", async () => {
  vi.useFakeTimers();
  const { signal } = new AbortController();
  let tries = 0;
  const done = patiently(signal, async () => {
    if (++tries < 50) throw new SkrumbleError("NETWORK_UNREACHABLE");
    expect(getEventListeners(signal, "abort").length).toBe(0);
    return "there";
  });
  await vi.advanceTimersByTimeAsync(50 * 15_000);
  expect(await done).toBe("there");
});
