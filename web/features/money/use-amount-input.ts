import { useState } from "react";
import { parseAmount } from "../../lib/amounts.ts";
import { codeOf } from "../../lib/errors.ts";
import type { Asset, ErrorCode } from "../../lib/types.ts";

/** An amount while it is typed: the words stay whatever happens; `amount` is there when they are one above zero. */
export function useAmountInput(asset: Asset | undefined) {
  const [text, setText] = useState("");
  const typed = text.trim();
  let amount: bigint | undefined;
  let error: ErrorCode | undefined;
  if (typed && asset) {
    try {
      const parsed = parseAmount(typed, asset.decimals);
      if (parsed > 0n) amount = parsed;
      else error = "AMOUNT_INVALID";
    } catch (failed) {
      error = codeOf(failed);
    }
  }
  return {
    text,
    amount,
    error,
    setText,
  };
}
