import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAmount, parseAmount } from "../../src/index.ts";
import { maxAmount } from "../../src/money/amounts.ts";

const locales = ["en", "de", "fr", "zh-CN", "hi-IN", "ar-EG", "de-CH", "es", "pl", "ja", "fa", "sv"];

describe("an amount that is typed", () => {
  test.each([
    ["en", "1,234.5", 18, 1_234_500_000_000_000_000_000n],
    ["de", "1.234,5", 2, 123_450n],
    ["fr", "1 234,5", 1, 12_345n],
    ["de-CH", "1'234.5", 1, 12_345n],
    ["hi-IN", "1,00,000", 0, 100_000n],
    ["en", "0.000000000000000001", 18, 1n],
    ["en", ".5", 1, 5n],
    ["en", "5.", 1, 50n],
    ["en", "0", 18, 0n],
    ["zh-CN", "１２．５", 1, 125n],
    ["zh-CN", "12。5", 1, 125n],
    ["zh-CN", "１，２３４", 0, 1234n],
    ["ar-EG", "١٢٫٥", 1, 125n],
    ["fr", "12.5", 1, 125n],
    ["es", "1.234", 0, 1234n],
    ["en", ` ${maxAmount} `, 0, maxAmount],
  ])("in %s %s with %i decimals", (locale, text, decimals, amount) => {
    expect(parseAmount(text, decimals, locale)).toBe(amount);
  });

  test.each([
    ["en", "", 18],
    ["en", ".", 18],
    ["en", "-1", 18],
    ["en", "+1", 18],
    ["en", "1e5", 18],
    ["en", "0x10", 18],
    ["en", "1.2.3", 18],
    ["en", "1,5", 18],
    ["en", "12,34", 18],
    ["en", "1,2345", 18],
    ["de", "1.5", 18],
    ["en", "1.23", 1],
    ["en", "1.5", 0],
    ["en", `${maxAmount + 1n}`, 0],
    ["en", "9".repeat(60), 18],
    ["en", "1".repeat(5000), 0],
    ["en", "twelve", 18],
    ["en", "1 000", 18],
  ])("in %s is not %s with %i decimals", (locale, text, decimals) => {
    expect(() => parseAmount(text, decimals, locale)).toThrow(expect.objectContaining({ code: "AMOUNT_INVALID" }));
  });

  test("reads back as it was shown, to the last unit, in every locale", () => {
    const amounts = fc.oneof(fc.bigInt({ min: 0n, max: maxAmount }), fc.bigInt({ min: 0n, max: 10n ** 20n }));
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 77 }), fc.constantFrom(...locales), (amount, decimals, locale) => {
        expect(parseAmount(formatAmount(amount, decimals, locale), decimals, locale)).toBe(amount);
      }),
      { numRuns: 2000 },
    );
  });

  test("never gives anything but an amount or AMOUNT_INVALID", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.constantFrom(...locales), (text, locale) => {
        try {
          expect(parseAmount(text, 18, locale)).toBeLessThanOrEqual(maxAmount);
        } catch (error) {
          expect(error).toMatchObject({ code: "AMOUNT_INVALID" });
        }
      }),
    );
  });
});

test.each([
  [1_500_000_000_000_000_000n, 18, "en", "1.5"],
  [1_234_500n, 2, "de", "12.345"],
  [1n, 77, "en", `0.${"0".repeat(76)}1`],
  [0n, 18, "en", "0"],
  [125n, 1, "ar-EG", "١٢٫٥"],
  [maxAmount, 0, "hi-IN", new Intl.NumberFormat("hi-IN").format(maxAmount)],
])("%i with %i decimals in %s is shown as %s", (amount, decimals, locale, shown) => {
  expect(formatAmount(amount, decimals, locale)).toBe(shown);
});

test("decimals beyond 77 and amounts below zero are refused", () => {
  for (const decimals of [-1, 78, 1.5, Number.NaN])
    expect(() => formatAmount(1n, decimals, "en")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  expect(() => formatAmount(-1n, 0, "en")).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
});
