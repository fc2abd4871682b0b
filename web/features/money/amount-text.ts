import { formatAmount } from "../../lib/amounts.ts";
import type { Asset } from "../../lib/types.ts";
import { shortAmount } from "./short-amount.ts";

/** For the middle of a sentence, as short as it can be shown. */
export const amountText = (amount: bigint, { decimals, symbol }: Asset): string =>
  `${shortAmount(amount, decimals).text} ${symbol}`;

/** With every digit. */
export const exactText = (amount: bigint, { decimals, symbol }: Asset): string =>
  `${formatAmount(amount, decimals)} ${symbol}`;
