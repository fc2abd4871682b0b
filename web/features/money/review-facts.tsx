"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { PaymentReview } from "../../lib/types.ts";
import { amountText } from "./amount-text.ts";

/** What is left afterwards, and on demand the wallet that is paid. */
export function ReviewFacts({ review, amount }: { review: PaymentReview; amount: bigint }) {
  const t = useTranslations("money");
  const { asset, balance, recipient, elsewhere } = review;
  return (
    <dl className="mt-5 divide-y divide-hairline rounded-md border border-hairline px-4">
      {elsewhere && (
        <Fact label={t("chain")}>
          <bdi>{elsewhere.chain.name}</bdi>
        </Fact>
      )}
      <Fact label={t("haveNow")}>{amountText(balance, asset)}</Fact>
      {balance >= amount && <Fact label={t("leftAfter")}>{amountText(balance - amount, asset)}</Fact>}
      {elsewhere?.fee !== undefined && <Fact label={t("fee")}>{amountText(elsewhere.fee, elsewhere.coin)}</Fact>}
      <Fact label={t("theirWallet")}>
        <details className="group">
          <summary className="inline-flex min-h-9 items-center font-mono text-13">
            <span className="group-open:hidden">
              {recipient.slice(0, 6)}…{recipient.slice(-4)}
            </span>
            <span className="hidden text-left break-all group-open:inline">{recipient}</span>
            <span className="sr-only">{t("wholeWallet")}</span>
          </summary>
        </details>
      </Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-11 items-center justify-between gap-4 py-1">
      <dt className="shrink-0 text-13 text-ink-soft">{label}</dt>
      <dd className="tabular min-w-0 text-right [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
