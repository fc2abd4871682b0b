/** How the person writes numbers: as their browser does, whatever language the words are in. */
export const numberLocale = (): string => globalThis.navigator?.language || "en";

/** SKM in its smallest unit (18 decimals) as a number people read: at most two decimals, grouped by language. */
export function skm(amount: bigint, language: string): string {
  const hundredths = amount / 10n ** 16n;
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(Number(hundredths) / 100);
}
