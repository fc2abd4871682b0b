"use client";
import { useTranslations } from "next-intl";
import type { PacketSum } from "../../lib/types.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { amountText } from "../money/amount-text.ts";
import { useAsset } from "../money/assets.ts";

/** What all packets come to, for each asset. */
export function PacketSums({ sums }: { sums: readonly PacketSum[] }) {
  const t = useTranslations("packetHistory");
  if (sums.length === 0) return null;
  return (
    <section aria-label={t("sums")} className="mb-3 divide-y divide-hairline rounded-md bg-packet-soft px-4">
      {sums.map((sum) => (
        <Sum key={sum.asset.token} {...sum} />
      ))}
    </section>
  );
}

function Sum({ asset: id, given, got }: PacketSum) {
  const t = useTranslations("packetHistory");
  const asset = useAsset(id);
  return (
    <dl className="grid grid-cols-2 gap-4 py-3">
      {[
        { label: t("given"), amount: given },
        { label: t("got"), amount: got },
      ].map(({ label, amount }) => (
        <div key={label} className="min-w-0">
          <dt className="text-13 text-packet-ink">{label}</dt>
          <dd className="tabular text-17 font-semibold [overflow-wrap:anywhere]">
            {asset ? amountText(amount, asset) : <Skeleton className="my-1 h-5 w-20" />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
