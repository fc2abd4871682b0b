import { describe, expect, test } from "vitest";
import { splitBill } from "../features/money/split.ts";

describe("a bill is split to the last unit", () => {
  test.each<[bigint, number, boolean, bigint, bigint]>([
    [10n, 3, false, 3n, 1n],
    [10n, 2, true, 3n, 4n],
    [9n, 2, true, 3n, 3n],
    [1n, 2, true, 0n, 1n],
  ])("%d among %d, asker has a share: %s", (total, others, withMe, each, mine) => {
    const split = splitBill(total, others, withMe);
    expect(split).toEqual({ each, mine });
    expect(split.each * BigInt(others) + split.mine).toBe(total);
  });
});
