import { formatAmount } from "../../lib/amounts.ts";
import { numberLocale } from "../../lib/money.ts";

/** What fits on a card of a phone at the size of an amount. */
const mostShown = 14;
const digits = 7;

export interface ShownAmount {
  text: string;
  /** With every digit; the same as `text` where nothing was left out. */
  exact: string;
}

/** An amount that fits. One with very many digits is cut, marked with ≈, and never says more than there is. */
export function shortAmount(amount: bigint, decimals: number): ShownAmount {
  const exact = formatAmount(amount, decimals);
  if (exact.length <= mostShown) return { text: exact, exact };
  const whole = amount.toString().length - decimals;
  const format = new Intl.NumberFormat(numberLocale(), {
    maximumSignificantDigits: digits,
    roundingMode: "trunc",
    ...(whole > 10 || whole < -4 ? { notation: "scientific" } : {}),
  });
  return { text: `≈ ${format.format(`${amount}E-${decimals}` as Intl.StringNumericLiteral)}`, exact };
}
