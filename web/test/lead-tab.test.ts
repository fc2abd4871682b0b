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

  test("of those who wait one follows when nobody leads, and whoever takes over comes before them", async () => {
    const lost: string[] = [];
    const leadAs = (who: string) => ({ locks, onLost: async () => void lost.push(who) });
    const first = await leadTab(leadAs("first"));
    const wait = new AbortController();
    const waiting = ["second", "third"].map((who) => leadTab({ ...leadAs(who), wait: wait.signal }));
    const taker = await leadTab({ ...leadAs("taker"), steal: true });
    expect(lost).toEqual(["first"]);
    expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
    const again = ["second", "third"].map((who) => leadTab({ ...leadAs(who), wait: wait.signal }));
    taker?.release();
    const heirs = (await Promise.all(again)).filter((heir) => heir !== undefined);
    expect(heirs).toHaveLength(1);
    const last = leadTab({ ...leadAs("last"), wait: wait.signal });
    wait.abort();
    expect(await last).toBeUndefined();
    heirs[0]?.release();
    first?.release();
  });

  test("a browser without locks just leads", async () => {
    const alone = await leadTab({ steal: false, onLost: async () => {}, locks: undefined as unknown as LockManager });
    expect(alone).toBeDefined();
  });
});
