"use client";
import { useTranslations } from "next-intl";
import type { AssetId, Quote } from "../../lib/types.ts";
import { plainText } from "../markdown/plain.ts";
import { nameElsewhere, useChainOf } from "../money/chains.ts";
import type { NameOf } from "./types.ts";

export interface QuotedProps {
  quote: Quote;
  nameOf: NameOf;
  /** Shows the original. */
  onJump(): void;
}

/** Inside a bubble, above its words: what it answers. A quote that cannot be checked here says so and leads nowhere. */
export function Quoted({ quote: { from, preview, state, type, asset }, nameOf, onJump }: QuotedProps) {
  const t = useTranslations("reply");
  const marks = useTranslations("marks");
  const money = useTranslations("money");
  const silent = type === "payment" || type === "request" || type === "packet" ? money(type) : t("voice");
  const words = state === "deleted" ? marks("deleted") : plainText(preview) || silent;
  const look =
    "mb-1.5 block min-h-11 w-full min-w-32 rounded-sm border-l-[3px] border-accent bg-ink/6 px-2.5 py-1 text-left";
  const content = (
    <>
      <span className="block truncate text-12 font-semibold text-accent-ink">
        <span className="sr-only">{t("answers")} </span>
        <bdi>{nameOf(from)}</bdi>
      </span>
      <span className="line-clamp-2 text-13 [overflow-wrap:anywhere] text-ink-soft">
        <bdi>{words}</bdi>
      </span>
      {asset && <Where asset={asset} isPayment={type === "payment"} />}
    </>
  );
  if (state === "claimed") {
    return (
      <div className={look}>
        {content}
        <span className="block text-12 text-ink-soft italic">{t("claimed")}</span>
      </div>
    );
  }
  return (
    <button type="button" onClick={onJump} className={`pressable ${look} hover:bg-ink/10`}>
      {content}
      <span className="sr-only">{t("show")}</span>
    </button>
  );
}

/** Of money on another chain than the network's own: which one, or that nobody here can look there. */
function Where({ asset, isPayment }: { asset: AssetId; isPayment: boolean }) {
  const t = useTranslations("money");
  const chain = useChainOf(asset);
  const elsewhere = nameElsewhere(chain);
  if (elsewhere)
    return <span className="block truncate text-12 text-ink-soft">{t("onChain", { chain: elsewhere })}</span>;
  return chain === "unknown" && isPayment ? <span className="block text-12 text-wait">{t("unchecked")}</span> : null;
}
