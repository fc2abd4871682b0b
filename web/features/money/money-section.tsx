"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { ProofRow } from "../agreements/proof-row.tsx";
import { OpenRow } from "../groups/choice-row.tsx";
import { Section } from "../me/section.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { amountText } from "./amount-text.ts";
import { assetKey } from "./asset.ts";
import { ChainGroups } from "./chain-groups.tsx";
import { TokenIcon } from "./token-icon.tsx";
import { useHoldings } from "./use-holdings.ts";

const HistorySheet = onDemand(() => import("./history-sheet.tsx"));
const PacketHistory = onDemand(() => import("../packets/history-sheet.tsx"));

/** What the wallet has, and what was paid and received. */
export default function MoneySection() {
  const t = useTranslations("money");
  const packets = useTranslations("packetHistory");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const { chains, error, load, look } = useHoldings();
  const [open, setOpen] = useState<"payments" | "packets">();
  const close = () => setOpen(undefined);
  return (
    <Section title={t("title")} hint={t("titleHint")}>
      {chains ? (
        <ChainGroups chains={chains} className="px-4" onLook={look}>
          {({ holdings }, label) => (
            <ul aria-label={label} className="divide-y divide-hairline">
              {holdings.map(({ asset, balance }) => (
                <li key={assetKey(asset)} className="flex min-h-15 items-center gap-3 px-4 py-2">
                  <TokenIcon asset={asset} />
                  <bdi className="min-w-0 flex-1 truncate">{asset.name}</bdi>
                  <span className="tabular max-w-2/3 text-right font-medium [overflow-wrap:anywhere]">
                    {amountText(balance, asset)}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </ChainGroups>
      ) : error ? (
        <p role="alert" className="flex flex-wrap items-center gap-2 px-4 py-3 text-13 text-bad">
          {errorText(error)}
          <Button small look="plain" onClick={load}>
            {common("retry")}
          </Button>
        </p>
      ) : (
        <div className="px-4 py-3">
          <Skeleton className="h-9 w-full" />
        </div>
      )}
      <OpenRow label={t("history")} onOpen={() => setOpen("payments")} />
      <OpenRow label={packets("title")} onOpen={() => setOpen("packets")} />
      <ProofRow />
      {open === "payments" && <HistorySheet onClose={close} />}
      {open === "packets" && <PacketHistory onClose={close} />}
    </Section>
  );
}
