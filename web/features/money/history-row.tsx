"use client";
import { useTranslations } from "next-intl";
import type { PaymentBody, PaymentRecord } from "../../lib/types.ts";
import { useListTime } from "../../lib/when.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { useNameOf } from "../conversation/names.ts";
import { amountText } from "./amount-text.ts";
import { useAsset } from "./assets.ts";
import { nameElsewhere, useChainOf } from "./chains.ts";

interface HistoryRowProps {
  record: PaymentRecord;
  body: PaymentBody;
  onOpen(): void;
}

/** One payment: with whom, how much, and how far it is where it is not final. */
export function HistoryRow({ record, body, onOpen }: HistoryRowProps) {
  const t = useTranslations("money");
  const time = useListTime();
  const nameOf = useNameOf();
  const { message, at } = record;
  const { outgoing, from } = message;
  const asset = useAsset(body.asset);
  const chain = useChainOf(body.asset);
  const elsewhere = nameElsewhere(chain);
  const other = outgoing ? body.to : from;
  const name = nameOf(other);
  const { moved } = body;
  // What went astray is not in the wallet of whom it was for.
  const nothing = body.state === "failed" || (moved?.elsewhere === true && !outgoing);
  return (
    <button
      type="button"
      onClick={onOpen}
      className="pressable flex min-h-15 w-full items-center gap-3 rounded-md px-2 py-1.5 text-left hover:bg-raised"
    >
      <Avatar seed={other} size={36} />
      <span className="min-w-0 flex-1">
        <bdi className="block truncate font-medium">{t(outgoing ? "toName" : "fromName", { name })}</bdi>
        <span className="block truncate text-13 text-ink-soft">
          {chain === "unknown"
            ? t("unchecked")
            : body.state === "final"
              ? (body.note ?? time(at))
              : t(`state.${body.state}`)}
        </span>
      </span>
      <span className="max-w-1/2 text-right">
        <span
          className={cx(
            "tabular block text-15 font-medium [overflow-wrap:anywhere]",
            nothing ? "text-ink-faint line-through" : !outgoing && body.state === "final" && "text-good",
          )}
        >
          {chain === "unknown" && "?"}
          {asset && `${outgoing ? "−" : "+"}${amountText(moved?.amount ?? body.amount, asset)}`}
        </span>
        <time dateTime={new Date(at).toISOString()} className="tabular block text-12 text-ink-soft">
          {time(at)}
        </time>
        {elsewhere && <bdi className="block truncate text-12 text-ink-soft">{elsewhere}</bdi>}
      </span>
    </button>
  );
}
