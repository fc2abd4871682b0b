import { SkrumbleError } from "../errors/index.ts";

/** Amounts as people type and read them: exact to the last unit, no floating point anywhere. */

export const maxDecimals = 77;
/** What an ERC-20 can hold. */
export const maxAmount = 2n ** 256n - 1n;
const maxTyped = 256;

/**
 * An amount as typed, in the asset's smallest unit. Understands the separators and digits of the locale, full-width ones,
 * and the point where the locale does not group with it. Groups must stand where the locale puts them: "1,5" is no way to
 * write 15. "0" is zero.
 *
 * @example
 * parseAmount("1.234,5", 18, "de") === 1_234_500_000_000_000_000_000n;
 *
 * @param decimals of the asset, 0 to 77
 * @param locale BCP 47
 * @throws SkrumbleError AMOUNT_INVALID: no number, more decimals than the asset has, or more than 2^256 - 1 units
 */
export function parseAmount(text: string, decimals: number, locale: string): bigint {
  checkDecimals(decimals);
  if (text.length > maxTyped) throw invalid();
  const marks = marksOf(locale);
  const typed = [...text.normalize("NFKC").trim()]
    .map((char) => (marks.digits.includes(char) ? String(marks.digits.indexOf(char)) : char))
    .join("")
    .replaceAll("。", ".");
  const point = typed.includes(marks.decimal) || isSame(marks.group, ".") ? marks.decimal : ".";
  const [whole = "", fraction = "", ...more] = typed.split(point);
  const digits = [...whole].filter((char) => !isSame(marks.group, char)).join("");
  if (more.length > 0 || !/^\d*$/.test(digits + fraction) || digits + fraction === "") throw invalid();
  if (digits !== whole && spaced(whole, marks.group) !== spaced(grouped(digits, locale), marks.group)) throw invalid();
  if (fraction.length > decimals) throw invalid();
  const amount = BigInt(digits + fraction.padEnd(decimals, "0") || "0");
  if (amount > maxAmount) throw invalid();
  return amount;
}

/**
 * All of an amount, as one reads it in a locale, without zeros at the end.
 *
 * @example
 * formatAmount(1_500_000_000_000_000_000n, 18, "de") === "1,5";
 *
 * @param amount in the smallest unit, not negative
 * @param decimals of the asset, 0 to 77
 */
export function formatAmount(amount: bigint, decimals: number, locale: string): string {
  checkDecimals(decimals);
  if (amount < 0n) throw new SkrumbleError("INPUT_INVALID", { details: "An amount is not negative." });
  const unit = 10n ** BigInt(decimals);
  const whole = new Intl.NumberFormat(locale).format(amount / unit);
  const fraction = (amount % unit).toString().padStart(decimals, "0").replace(/0+$/, "");
  if (decimals === 0 || fraction === "") return whole;
  const { decimal, digits } = marksOf(locale);
  return `${whole}${decimal}${[...fraction].map((digit) => digits[Number(digit)]).join("")}`;
}

interface Marks {
  decimal: string;
  group: string;
  /** From zero to nine. */
  digits: string[];
}

function marksOf(locale: string): Marks {
  const format = new Intl.NumberFormat(locale, { useGrouping: "always", minimumFractionDigits: 1 });
  const parts = format.formatToParts(1_234_567.5);
  const of = (type: string) => parts.find((part) => part.type === type)?.value;
  const plain = new Intl.NumberFormat(locale, { useGrouping: false });
  return {
    decimal: of("decimal") ?? ".",
    group: of("group") ?? ",",
    digits: [...plain.format(9_876_543_210n)].reverse(),
  };
}

/** The digits of a whole number with the groups of a locale. */
function grouped(digits: string, locale: string): string {
  const western = new Intl.Locale(locale, { numberingSystem: "latn" });
  return new Intl.NumberFormat(western, { useGrouping: "always" }).format(BigInt(digits || "0"));
}

/** Nobody types a narrow no-break space, or a curly apostrophe. */
const isSame = (group: string, char: string): boolean =>
  char === group || (/\s/.test(group) && /\s/.test(char)) || (group === "’" && char === "'");

/** With one and the same mark between groups. */
const spaced = (text: string, group: string): string =>
  [...text].map((char) => (isSame(group, char) || !/\d/.test(char) ? "_" : char)).join("");

function checkDecimals(decimals: number): void {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > maxDecimals)
    throw new SkrumbleError("INPUT_INVALID", { details: `Decimals are 0 to ${maxDecimals}.` });
}

const invalid = () => new SkrumbleError("AMOUNT_INVALID");
