/** How the person writes numbers: as their browser does, whatever language the words are in. */
export const numberLocale = (): string => globalThis.navigator?.language || "en";

const hundredth = 10n ** 16n;

/**
 * SKM in its smallest unit (18 decimals) as a number people read: at most two decimals, grouped by language. What somebody has is
 * rounded down, what is missing up: whoever gets that much has enough.
 */
export function skm(amount: bigint, language: string, rounded: "down" | "up" = "down"): string {
  const hundredths = (rounded === "up" ? amount + hundredth - 1n : amount) / hundredth;
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(Number(hundredths) / 100);
}
