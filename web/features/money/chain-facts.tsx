"use client";
import { useTranslations } from "next-intl";
import type { AssetId, Hex, PayableChain } from "../../lib/types.ts";
import type { Fact } from "./card-details.tsx";

/** Where it is: said only of another chain than the network's own. */
export function useChainFacts(asset: AssetId, chain: PayableChain | "unknown" | undefined, transaction?: Hex): Fact[] {
  const t = useTranslations("money");
  if (chain === undefined) return [];
  if (chain === "unknown") return [{ label: t("chain"), value: String(asset.chainId) }];
  return [
    ...(chain.home ? [] : [{ label: t("chain"), value: `${chain.name} (${chain.chainId})` }]),
    ...(chain.explorer && transaction
      ? [{ label: t("explorer"), value: <ExplorerLink to={`${chain.explorer}/tx/${transaction}`} /> }]
      : []),
  ];
}

function ExplorerLink({ to }: { to: string }) {
  return (
    <a href={to} target="_blank" rel="noopener noreferrer" className="text-accent-ink underline">
      {new URL(to).host}
    </a>
  );
}
