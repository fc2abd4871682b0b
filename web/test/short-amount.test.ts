import { beforeAll, describe, expect, test } from "vitest";
import { shortAmount } from "../features/money/short-amount.ts";
import { loadAmounts } from "../lib/amounts.ts";

// As in the page, where the client loads it.
beforeAll(loadAmounts);

describe("amounts on a card", () => {
  test.each<[bigint, number, string]>([
    [12_500_000_000_000_000_000n, 18, "12.5"],
    [0n, 0, "0"],
    [123_456_789_123_456_789n, 18, "≈ 0.1234"],
    [1n, 77, "< 0.00001"],
    [12_345n, 18, "< 0.00001"],
    [14_581_054_321_987_654_321n, 18, "≈ 14.58"],
    [2n ** 256n - 1n, 0, "≈ 1.157E77"],
    [999_999_999_999_999_999_999n, 18, "≈ 999.99"],
  ])("%d with %d decimals is %s", (amount, decimals, text) => {
    const shown = shortAmount(amount, decimals);
    expect(shown.text).toBe(text);
    expect(shown.text.length).toBeLessThan(18);
  });

  test("all digits are there on demand", () => {
    expect(shortAmount(123_456_789_123_456_789n, 18).exact).toBe("0.123456789123456789");
  });
});
