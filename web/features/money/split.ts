export interface Split {
  /** What each of the others is asked for. */
  each: bigint;
  /** What the asker carries: their own share, and the last units that do not divide. */
  mine: bigint;
}

/**
 * Splits a bill exactly to the last unit: everybody the same, rounded down, and the asker carries what is left over.
 * @param others how many are asked, at least 1
 * @param withMe whether the asker has a share of the bill
 */
export function splitBill(total: bigint, others: number, withMe: boolean): Split {
  const asked = BigInt(others);
  const each = total / (asked + (withMe ? 1n : 0n));
  return { each, mine: total - each * asked };
}
