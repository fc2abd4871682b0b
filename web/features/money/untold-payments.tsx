"use client";
import { useTranslations } from "next-intl";
import type { ErrorCode, UntoldPayment } from "../../lib/types.ts";
import { useListTime } from "../../lib/when.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { useNameOf } from "../conversation/names.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { amountText } from "./amount-text.ts";
import { useAsset } from "./assets.ts";
import { CardDetails } from "./card-details.tsx";
import { useChainFacts } from "./chain-facts.tsx";
import { nameElsewhere, useChainOf } from "./chains.ts";
import { StateChip, Unchecked } from "./state-line.tsx";

interface UntoldPaymentsProps {
  payments: readonly UntoldPayment[];
  onOpen(conversation: string): void;
}

/** Payments that no conversation shows: what that means, and what there is to do. */
export function UntoldPayments({ payments, onOpen }: UntoldPaymentsProps) {
  const t = useTranslations("money.untold");
  return (
    <section aria-label={t("title")} className="mb-4">
      <h3 className="mb-2 text-13 font-medium text-ink-soft">{t("title")}</h3>
      <ul className="flex flex-col gap-2">
        {payments.map((payment) => (
          <li key={payment.id} className="rounded-lg border border-hairline bg-float px-4 pt-3 pb-2">
            <Untold payment={payment} onOpen={() => onOpen(payment.conversationId)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Untold({ payment, onOpen }: { payment: UntoldPayment; onOpen(): void }) {
  const money = useTranslations("money");
  const t = useTranslations("money.untold");
  const more = useTranslations("moneyMore");
  const trust = useTranslations("trust");
  const errorText = useErrorText();
  const time = useListTime();
  const nameOf = useNameOf();
  const asset = useAsset(payment.asset);
  const chain = useChainOf(payment.asset);
  const elsewhere = nameElsewhere(chain);
  const { to, at, amount, state, code, moved, transaction } = payment;
  const facts = [
    ...useChainFacts(payment.asset, chain, transaction),
    ...(transaction ? [{ label: trust("transaction"), value: transaction, code: true }] : []),
  ];
  // What was found out while the chain was set up here holds.
  const isOpen = !["final", "differs", "failed"].includes(state);
  const words = () => {
    if (state === "failed") return errorText((code ?? "PAYMENT_REPLACED") as ErrorCode);
    if (state === "differs") return t("differs", { amount: asset ? amountText(moved ?? amount, asset) : "" });
    // The wallet's answer is known; only the chain has none.
    if (state === "unsure" && transaction) return more("untoldUnsure");
    return t(state === "signed" ? "sent" : state);
  };
  return (
    <>
      <div className="flex items-center gap-3">
        <Avatar seed={to} size={36} />
        <span className="min-w-0 flex-1">
          <bdi className="block truncate font-medium">{money("toName", { name: nameOf(to) })}</bdi>
          <time dateTime={new Date(at).toISOString()} className="tabular block text-12 text-ink-soft">
            {time(at)}
          </time>
        </span>
        <span className="flex max-w-1/2 flex-col items-end gap-1 text-right">
          <span className="tabular text-15 font-medium [overflow-wrap:anywhere]">
            {asset && amountText(amount, asset)}
          </span>
          {elsewhere && <bdi className="block max-w-full truncate text-12 text-ink-soft">{elsewhere}</bdi>}
          {chain === "unknown" && isOpen ? <Unchecked /> : <StateChip state={state === "asked" ? "unsure" : state} />}
        </span>
      </div>
      <p className="mt-2 text-13 text-ink-soft">{words()}</p>
      {state === "unsure" && !transaction && (
        <Button small look="plain" className="mt-1 -ml-3" onClick={onOpen}>
          {t("open")}
        </Button>
      )}
      {facts.length > 0 && <CardDetails facts={facts} />}
    </>
  );
}
