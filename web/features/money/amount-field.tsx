"use client";
import { ChevronDown } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Asset } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";
import { Field } from "../../ui/field.tsx";
import { amountText } from "./amount-text.ts";
import { nameElsewhere, useChainOf } from "./chains.ts";

interface AmountFieldProps {
  label: string;
  text: string;
  asset: Asset | undefined;
  /** What the wallet has of it, where that matters. */
  balance?: bigint | undefined;
  error?: string | undefined;
  /** What else is to be said about it. */
  hint?: string | undefined;
  onChange(text: string): void;
  /** Chooses another asset. */
  onAsset(): void;
}

/** How much of what, as the person writes numbers. */
export function AmountField(props: AmountFieldProps) {
  const { label, text, asset, balance, error, hint, onChange, onAsset } = props;
  const t = useTranslations("money");
  const chain = nameElsewhere(useChainOf(asset ?? { chainId: 0 }));
  const have = () => {
    if (!asset || balance === undefined) return chain && t("onChain", { chain });
    const amount = amountText(balance, asset);
    return [t("have", { amount }), ...(chain ? [chain] : [])].join(" · ");
  };
  return (
    <Field
      label={label}
      autoFocus
      inputMode="decimal"
      autoComplete="off"
      maxLength={120}
      placeholder="0"
      value={text}
      onChange={(event) => onChange(event.target.value)}
      error={error}
      hint={hint ?? have()}
      className={cx(
        "[&_input]:tabular [&_input]:h-14 [&_input]:font-semibold",
        // All decimals of a tiny amount are seen on a phone, too.
        text.length > 16 ? "[&_input]:text-17" : "[&_input]:text-20",
      )}
      end={
        <button
          type="button"
          onClick={onAsset}
          className="pressable flex h-11 max-w-36 items-center gap-1 rounded-sm px-2.5 font-medium hover:bg-raised"
        >
          <bdi className="truncate">{asset?.symbol ?? "…"}</bdi>
          <ChevronDown aria-hidden className="size-4 shrink-0 text-ink-faint" />
          <span className="sr-only">{t("chooseAsset")}</span>
        </button>
      }
    />
  );
}
