import { describe, expect, test, vi } from "vitest";
import { leadTab } from "../features/session/lead-tab.ts";

/** Node has the Web Locks of one process: two calls behave like two tabs. */
const { locks } = navigator;

describe("one tab leads", () => {
  test("the first leads, the second waits, and takes over when asked to", async () => {
    const order: string[] = [];
    const first = await leadTab({
      steal: false,
      locks,
      onLost: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push("first closed");
      },
    });
    expect(first).toBeDefined();

    const onLost = vi.fn(async () => {});
    expect(await leadTab({ steal: false, locks, onLost })).toBeUndefined();

    const second = await leadTab({ steal: true, locks, onLost });
    order.push("second leads");
    expect(second).toBeDefined();
    expect(order).toEqual(["first closed", "second leads"]);
    expect(onLost).not.toHaveBeenCalled();
    second?.release();
  });

  test("after the leader is gone the next one leads at once", async () => {
    const first = await leadTab({ steal: false, locks, onLost: async () => {} });
    first?.release();
    await vi.waitFor(async () => {
      const next = await leadTab({ steal: false, locks, onLost: async () => {} });
      expect(next).toBeDefined();
      next?.release();
    });
  });

  test("a browser without locks just leads", async () => {
    const alone = await leadTab({ steal: false, onLost: async () => {}, locks: undefined as unknown as LockManager });
    expect(alone).toBeDefined();
  });
});
