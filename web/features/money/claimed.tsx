"use client";
import { useTranslations } from "next-intl";
import type { AssetId } from "../../lib/types.ts";
import { coin } from "./asset.ts";
import { shortAmount } from "./short-amount.ts";

interface ClaimedProps {
  amount: bigint;
  asset: AssetId;
  /** What is to be known of it. */
  words: string;
}

/** An amount on a chain that is not set up here: as it was told, since nobody here knows the token or its decimals. */
export function Claimed({ amount, asset, words }: ClaimedProps) {
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
      <p className="text-13 text-ink-soft">{t(asset.token === coin ? "unitsOfCoin" : "unitsOfToken")}</p>
      <p className="mt-1.5 text-13 text-ink-soft">{words}</p>
    </div>
  );
}
