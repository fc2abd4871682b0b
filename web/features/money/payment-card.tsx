"use client";
import { ArrowDownLeft, ArrowLeftRight, ArrowUpRight } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { PaymentBody, PublicId } from "../../lib/types.ts";
import { CardPlace, type CardProps } from "../conversation/card-place.tsx";
import { useIdentity } from "../session/use-client.ts";
import { Amount } from "./amount.tsx";
import { amountText, exactText } from "./amount-text.ts";
import { coin } from "./asset.ts";
import { useAsset } from "./assets.ts";
import { CardDetails } from "./card-details.tsx";
import { CardFrame } from "./card-frame.tsx";
import { useChainFacts } from "./chain-facts.tsx";
import { nameElsewhere, useChainOf } from "./chains.ts";
import { Claimed } from "./claimed.tsx";
import { FromTo } from "./from-to.tsx";
import { StateChip, StateLine, Unchecked } from "./state-line.tsx";
import { Unlisted } from "./unlisted.tsx";

/** A payment as both sides see it. */
export default function PaymentCard({ body, ...place }: CardProps & { body: PaymentBody }) {
  const t = useTranslations("money");
  const trust = useTranslations("trust");
  const format = useFormatter();
  const me = useIdentity().publicId;
  const asset = useAsset(body.asset);
  const chain = useChainOf(body.asset);
  const elsewhere = nameElsewhere(chain);
  const { message, nameOf } = place;
  const { amount, to, note, state, code, transaction, moved } = body;
  const name = (person: PublicId) => (person === me ? t("you") : nameOf(person));
  const Icon = message.outgoing ? ArrowUpRight : to === me ? ArrowDownLeft : ArrowLeftRight;
  const label = () => {
    if (message.outgoing) return t("paymentFromMe", { name: nameOf(to) });
    if (to === me) return t("paymentToMe", { name: nameOf(message.from) });
    return t("paymentLabel", { from: nameOf(message.from), to: nameOf(to) });
  };
  const chainFacts = useChainFacts(body.asset, chain, transaction);
  const facts = [
    ...(asset ? [{ label: t("amount"), value: exactText(amount, asset) }] : []),
    ...(asset && moved ? [{ label: t("arrived"), value: exactText(moved.amount, asset) }] : []),
    ...(moved ? [{ label: t("arrivedAt"), value: moved.wallet, code: true }] : []),
    ...chainFacts,
    ...(body.asset.token !== coin ? [{ label: t("token"), value: body.asset.token, code: true }] : []),
    { label: t("when"), value: format.dateTime(message.at, { dateStyle: "medium", timeStyle: "medium" }) },
    ...(transaction ? [{ label: trust("transaction"), value: transaction, code: true }] : []),
  ];
  return (
    <CardPlace {...place} label={label()}>
      <CardFrame
        icon={<Icon aria-hidden />}
        kind={t("payment")}
        chip={chain === "unknown" ? <Unchecked /> : <StateChip state={state} />}
      >
        {chain === "unknown" ? (
          <Claimed amount={amount} words={t("uncheckedPayment", { name: nameOf(message.from) })} />
        ) : (
          <Amount amount={amount} asset={asset} className="mt-2" />
        )}
        {elsewhere && <p className="text-13 text-ink-soft">{t("onChain", { chain: elsewhere })}</p>}
        {asset && !asset.listed && <Unlisted />}
        <FromTo from={message.from} to={to} nameOf={name} />
        {note && <p className="mt-1.5 text-15 [overflow-wrap:anywhere]">{note}</p>}
        {chain !== "unknown" && (
          <StateLine
            state={state}
            code={code}
            moved={asset && moved && { amount: amountText(moved.amount, asset), elsewhere: moved.elsewhere }}
            reader={message.outgoing ? "payer" : to === me ? "payee" : "other"}
            from={nameOf(message.from)}
            name={nameOf(to)}
            chain={elsewhere}
          />
        )}
        <CardDetails facts={facts} />
      </CardFrame>
    </CardPlace>
  );
}
