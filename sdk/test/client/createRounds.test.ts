import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Core } from "../../src/client/core.ts";
import { createRounds } from "../../src/client/createRounds.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function client() {
  const closing = new AbortController();
  return { core: { signal: closing.signal } as Core, close: () => closing.abort() };
}

test("a round follows the other after its pause, until nothing is left", async () => {
  const pauses = [100, 5000, undefined];
  const round = vi.fn(async () => pauses.shift());
  const { core } = client();
  const { wake, idle } = createRounds(round);
  await idle(core);
  wake(core);
  await vi.advanceTimersByTimeAsync(99);
  expect(round).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(round).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(5000);
  expect(round).toHaveBeenCalledTimes(3);
  await idle(core);
  expect(vi.getTimerCount()).toBe(0);
});

test("woken in a pause the next round begins at once", async () => {
  const pauses = [60_000, undefined, undefined];
  const round = vi.fn(async () => pauses.shift());
  const { core } = client();
  const { wake, idle } = createRounds(round);
  wake(core);
  await vi.advanceTimersByTimeAsync(1);
  wake(core);
  await idle(core);
  expect(round).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(0);
  wake(core);
  await idle(core);
  expect(round).toHaveBeenCalledTimes(3);
});

test("woken during a round another one comes after it, never beside it, and never more than one", async () => {
  let under = 0;
  let most = 0;
  const round = vi.fn(async () => {
    most = Math.max(most, ++under);
    await Promise.resolve();
    under--;
    return undefined;
  });
  const { core } = client();
  const { wake, idle } = createRounds(round);
  for (let n = 0; n < 5; n++) wake(core);
  await idle(core);
  expect(round).toHaveBeenCalledTimes(2);
  expect(most).toBe(1);
});

test("a client that closes ends the pause, and begins no round; another one's go on", async () => {
  const round = vi.fn(async () => 60_000);
  const [one, two] = [client(), client()];
  const { wake, idle } = createRounds(round);
  wake(one.core);
  wake(two.core);
  await vi.advanceTimersByTimeAsync(1);
  one.close();
  await idle(one.core);
  wake(one.core);
  expect(round).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(1);
  two.close();
  await idle(two.core);
});
