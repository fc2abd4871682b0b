"use client";
import { useTranslations } from "next-intl";
import type { Asset } from "../../lib/types.ts";
import { exactText } from "./amount-text.ts";
import type { Split } from "./split.ts";

interface SplitResultProps {
  split: Split;
  people: number;
  asset: Asset;
  withMe: boolean;
}

/** What comes of it, exact to the last unit. */
export function SplitResult({ split, people, asset, withMe }: SplitResultProps) {
  const t = useTranslations("money");
  return (
    <dl
      aria-live="polite"
      className="anim-fade mt-2 divide-y divide-hairline rounded-md border border-hairline px-4 text-13"
    >
      <div className="flex min-h-10 flex-wrap items-center justify-between gap-x-4 py-1">
        <dt className="text-ink-soft">{t("splitOthers", { count: people })}</dt>
        <dd className="tabular min-w-0 [overflow-wrap:anywhere]">{exactText(split.each, asset)}</dd>
      </div>
      {split.mine > 0n && (
        <div className="flex min-h-10 flex-wrap items-center justify-between gap-x-4 py-1">
          <dt className="text-ink-soft">{t(withMe ? "splitMine" : "splitRest")}</dt>
          <dd className="tabular min-w-0 [overflow-wrap:anywhere]">{exactText(split.mine, asset)}</dd>
        </div>
      )}
    </dl>
  );
}
