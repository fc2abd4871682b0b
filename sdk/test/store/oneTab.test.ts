import { afterEach, expect, test, vi } from "vitest";
import { oneTab } from "../../src/store/oneTab.ts";

/** A browser whose locks come late: the first `late` requests are given up before anybody looked at them. */
function busyBrowser(late: number, holder?: string) {
  let requests = 0;
  vi.stubGlobal("navigator", {
    locks: {
      async request(_: string, __: LockOptions, run: () => Promise<void>) {
        if (++requests <= late) throw new DOMException("signal timed out", "TimeoutError");
        return run();
      },
      query: async () => ({ held: holder === undefined ? [] : [{ name: holder }], pending: [] }),
    },
  });
  return () => requests;
}

afterEach(() => void vi.unstubAllGlobals());

test("a browser that is busy is waited for, as nobody else has the store", async () => {
  const requests = busyBrowser(3, "skrumble store another");
  const release = await oneTab("mine", false, () => undefined);
  expect(requests()).toBe(4);
  release?.();
});

test("a store that another tab has is open already, and so is one that never comes", async () => {
  const held = busyBrowser(9, "skrumble store mine");
  await expect(oneTab("mine", false, () => undefined)).rejects.toMatchObject({ code: "ALREADY_OPEN" });
  expect(held()).toBe(1);
  const never = busyBrowser(9);
  await expect(oneTab("mine", false, () => undefined)).rejects.toMatchObject({ code: "ALREADY_OPEN" });
  expect(never()).toBe(5);
});
