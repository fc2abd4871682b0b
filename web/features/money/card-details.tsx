"use client";
import { useTranslations } from "next-intl";
import { Fragment, type ReactNode } from "react";

export interface Fact {
  label: string;
  value: ReactNode;
  code?: boolean;
}

interface CardDetailsProps {
  facts: readonly Fact[];
}

/** What only some want to see: exact amounts, addresses, where it stands on chain. */
export function CardDetails({ facts }: CardDetailsProps) {
  const common = useTranslations("common");
  return (
    <details className="text-13">
      <summary className="inline-flex min-h-9 items-center font-medium text-accent-ink">{common("details")}</summary>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 pb-1.5 text-12">
        {facts.map(({ label, value, code }) => (
          <Fragment key={label}>
            <dt className="text-ink-soft">{label}</dt>
            <dd className={code ? "font-mono break-all" : "tabular [overflow-wrap:anywhere]"}>{value}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  );
}
