import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Core } from "../../src/client/core.ts";
import { keepBackupFresh } from "../../src/devices/relayBackup/renew.ts";
import { SkrumbleError } from "../../src/errors/index.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const minute = 60_000;

/** A client of which everything that is done for the backup ends like this. @returns minutes after which it was begun */
function working(work: () => Promise<unknown>) {
  const close = new AbortController();
  const begun: number[] = [];
  const start = Date.now();
  const run = () => {
    begun.push((Date.now() - start) / minute);
    return work();
  };
  keepBackupFresh({ signal: close.signal, serial: { run }, problem: () => undefined } as unknown as Core);
  return { begun, close };
}

test("a deletion that cannot be told is tried again ever more rarely, and at once as before when it could be", async () => {
  let isAway = true;
  const { begun, close } = working(() =>
    isAway ? Promise.reject(new SkrumbleError("NETWORK_UNREACHABLE")) : Promise.resolve(false),
  );
  await vi.advanceTimersByTimeAsync(160 * minute);
  // The first is the look whether a new backup is due.
  expect(begun).toEqual([1, 5, 15, 35, 75, 155]);
  await vi.advanceTimersByTimeAsync(30 * 24 * 60 * minute);
  const last = begun.slice(-5);
  // One each: that look, and the deletion.
  expect((last[4] as number) - (last[0] as number)).toBe(2 * 6 * 60);
  isAway = false;
  await vi.advanceTimersByTimeAsync(6 * 60 * minute);
  begun.length = 0;
  await vi.advanceTimersByTimeAsync(60 * minute);
  expect(begun.length).toBeGreaterThanOrEqual(12);
  close.abort();
  begun.length = 0;
  await vi.advanceTimersByTimeAsync(24 * 60 * minute);
  expect(begun).toEqual([]);
});
