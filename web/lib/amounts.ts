import { numberLocale } from "./money.ts";

type Amounts = Pick<typeof import("@skrumble/sdk"), "formatAmount" | "parseAmount">;

let amounts: Amounts | undefined;

/** Before anything is shown that says how much. */
export async function loadAmounts(): Promise<void> {
  amounts = await import("@skrumble/sdk");
}

/** Exact to the last unit. */
export function formatAmount(amount: bigint, decimals: number): string {
  return loaded().formatAmount(amount, decimals, numberLocale());
}

/** As typed, exact to the last unit. @throws SkrumbleError when it is no amount of that many decimals */
export function parseAmount(text: string, decimals: number): bigint {
  return loaded().parseAmount(text, decimals, numberLocale());
}

function loaded(): Amounts {
  if (!amounts) throw new Error("loadAmounts comes first");
  return amounts;
}
