"use client";
import { useTranslations } from "next-intl";
import { shortAmount } from "./short-amount.ts";

interface ClaimedProps {
  amount: bigint;
  /** What is to be known of it. */
  words: string;
}

/** An amount on a chain that is not set up here: as it was told, since nobody here knows the token or its decimals. */
export function Claimed({ amount, words }: ClaimedProps) {
  const t = useTranslations("money");
  const { text, exact } = shortAmount(amount, 0);
  return (
    <div className="mt-2">
      <p
        title={text === exact ? undefined : exact}
        className="tabular text-20 leading-tight font-semibold [overflow-wrap:anywhere]"
      >
        {text}
      </p>
      <p className="text-13 text-ink-soft">{t("units")}</p>
      <p className="mt-1.5 text-13 text-ink-soft">{words}</p>
    </div>
  );
}
