import { formatAmount } from "../../lib/amounts.ts";
import { numberLocale } from "../../lib/money.ts";

/** What fits on a card of a phone at the size of an amount. */
const mostShown = 14;
/** At least so many digits that count, and two behind the point. */
const digits = 4;
/** Below it only that it is less. */
const dust = 0.00001;

export interface ShownAmount {
  text: string;
  /** With every digit; the same as `text` where nothing was left out. */
  exact: string;
}

/** An amount that fits. One with very many digits is cut, marked with ≈ or <, and an ≈ never says more than there is. */
export function shortAmount(amount: bigint, decimals: number): ShownAmount {
  const exact = formatAmount(amount, decimals);
  if (exact.length <= mostShown) return { text: exact, exact };
  const whole = amount.toString().length - decimals;
  const locale = numberLocale();
  if (whole < -4) {
    const least = new Intl.NumberFormat(locale, { maximumSignificantDigits: 1 }).format(dust);
    return { text: `< ${least}`, exact };
  }
  const huge = whole > 10;
  const format = new Intl.NumberFormat(locale, {
    maximumSignificantDigits: huge ? digits : Math.max(digits, whole + 2),
    roundingMode: "trunc",
    ...(huge ? { notation: "scientific" } : {}),
  });
  return { text: `≈ ${format.format(`${amount}E-${decimals}` as Intl.StringNumericLiteral)}`, exact };
}
