"use client";
import type { Asset } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { shortAmount } from "./short-amount.ts";

interface AmountProps {
  amount: bigint;
  /** Undefined while it is looked up. */
  asset: Asset | undefined;
  className?: string;
  /** There is nothing else to look at. */
  alone?: boolean;
}

/** The largest thing on a card. Where not all digits fit, "Details" has them. */
export function Amount({ amount, asset, className, alone = false }: AmountProps) {
  if (!asset) return <Skeleton className="my-1 h-7 w-28" />;
  const { text, exact } = shortAmount(amount, asset.decimals);
  return (
    <span
      title={text === exact ? undefined : exact}
      className={cx(
        "tabular block max-w-full leading-tight font-semibold tracking-[-0.02em] [overflow-wrap:anywhere]",
        text.length > 11 ? "text-20" : alone && text.length < 7 ? "text-40" : "text-28",
        className,
      )}
    >
      {text} <bdi className="text-15 font-medium tracking-normal opacity-75">{asset.symbol}</bdi>
    </span>
  );
}
