/** The contract takes no more. */
export const mostShares = 100;

/** How long a packet can be opened, in seconds. */
export const expiries = [60 * 60, 24 * 60 * 60, 7 * 24 * 60 * 60, 30 * 24 * 60 * 60] as const;

interface Typed {
  amount: bigint | undefined;
  /** The amount is what each share has; else what is in the packet. */
  each: boolean;
  /** As typed. */
  count: string;
  balance: bigint | undefined;
}

export type Drafted =
  | { total: bigint; shares: number }
  | { problem: "amount" | "shares" | "PACKET_TOO_SMALL" | "AMOUNT_OVER_BALANCE" };

/** What has been typed as a packet, or why it is none yet. */
export function draftPacket({ amount, each, count, balance }: Typed): Drafted {
  const shares = /^\d{1,3}$/.test(count) ? Number(count) : 0;
  if (shares < 1 || shares > mostShares) return { problem: "shares" };
  if (amount === undefined) return { problem: "amount" };
  const total = each ? amount * BigInt(shares) : amount;
  if (total < BigInt(shares)) return { problem: "PACKET_TOO_SMALL" };
  if (balance !== undefined && total > balance) return { problem: "AMOUNT_OVER_BALANCE" };
  return { total, shares };
}
