"use client";
import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { PaymentReview } from "../../lib/types.ts";

/** What somebody careful would want to know first. */
export function ReviewWarnings({ review, name }: { review: PaymentReview; name: string }) {
  const t = useTranslations("money.warn");
  const { asset, changed, elsewhere, first, lookAlike } = review;
  const warnings = [
    changed && t("changed", { name }),
    lookAlike !== undefined && t("lookAlike", { name, other: lookAlike }),
    elsewhere?.contract === true && t("contract", { name, chain: elsewhere.chain.name }),
    first && t("first", { name }),
    !asset.listed && t("unlisted", { symbol: asset.symbol }),
  ].filter((warning) => warning !== false);
  if (warnings.length === 0) return null;
  return (
    <ul className="mt-4 flex flex-col gap-2 rounded-md bg-wait-soft px-4 py-3 text-13 text-ink">
      {warnings.map((warning) => (
        <li key={warning} className="flex gap-2">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-wait" />
          <bdi>{warning}</bdi>
        </li>
      ))}
    </ul>
  );
}
