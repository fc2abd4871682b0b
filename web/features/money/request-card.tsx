"use client";
import { Check, HandCoins } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useStore } from "zustand";
import { onDemand } from "../../lib/on-demand.ts";
import type { RequestBody } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { CardPlace, type CardProps } from "../conversation/card-place.tsx";
import { ConfirmSheet } from "../groups/confirm-sheet.tsx";
import { useIdentity } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { Amount } from "./amount.tsx";
import { amountText, exactText } from "./amount-text.ts";
import { coin } from "./asset.ts";
import { useAsset } from "./assets.ts";
import { CardDetails } from "./card-details.tsx";
import { CardFrame } from "./card-frame.tsx";
import { useChainFacts } from "./chain-facts.tsx";
import { nameElsewhere, useChainOf } from "./chains.ts";
import { Claimed } from "./claimed.tsx";
import { RequestProgress } from "./request-progress.tsx";
import { Unlisted } from "./unlisted.tsx";
import { useConversation } from "./use-conversation.ts";

const SendSheet = onDemand(() => import("./send-sheet.tsx"));

/** Somebody asks for money: how much, who has paid, and the one thing that the reader can do about it. */
export default function RequestCard({ body, ...place }: CardProps & { body: RequestBody }) {
  const t = useTranslations("money");
  const errorText = useErrorText();
  const me = useIdentity().publicId;
  const asset = useAsset(body.asset);
  const chain = useChainOf(body.asset);
  const elsewhere = nameElsewhere(chain);
  const { message, model, summary, nameOf } = place;
  const { money } = useConversation(summary.id);
  const [open, setOpen] = useState<"pay" | "withdraw">();
  const { amount, from, note, paid, state } = body;
  const done = from.every((person) => paid.includes(person));
  const going = useStore(model.store, ({ messages }) =>
    messages.some(
      ({ outgoing, body: other }) =>
        outgoing &&
        other.type === "payment" &&
        other.request === message.id &&
        ["signed", "sent"].includes(other.state),
    ),
  );
  const asked = from.includes(me) && !paid.includes(me);
  // What has arrived of one's own is not asked for again; a token may have kept a fee of it.
  const arrived = body.parts?.find(({ person }) => person === me)?.amount ?? 0n;
  const rest = amount - arrived;
  const isPart = asked && arrived > 0n && asset !== undefined;
  const close = () => setOpen(undefined);
  const facts = [
    ...(asset ? [{ label: t("amount"), value: exactText(amount, asset) }] : []),
    ...useChainFacts(body.asset, chain),
    ...(body.asset.token === coin ? [] : [{ label: t("token"), value: body.asset.token, code: true }]),
  ];
  return (
    <>
      <CardPlace
        {...place}
        label={message.outgoing ? t("requestMine") : t("requestLabel", { name: nameOf(message.from) })}
      >
        <CardFrame
          icon={<HandCoins aria-hidden />}
          kind={t(from.length > 1 ? "requestEach" : "request")}
          chip={
            done ? (
              <Chip tone="good" icon={<Check aria-hidden />}>
                {t("paid")}
              </Chip>
            ) : (
              <Chip tone={state === "open" ? "accent" : "plain"}>{t(state)}</Chip>
            )
          }
        >
          {chain === "unknown" ? (
            <Claimed amount={amount} words={errorText("CHAIN_UNKNOWN")} />
          ) : (
            <Amount amount={amount} asset={asset} className="mt-2" />
          )}
          {elsewhere && <p className="text-13 text-ink-soft">{t("onChain", { chain: elsewhere })}</p>}
          {asset && !asset.listed && <Unlisted />}
          {note && <p className="mt-1.5 text-15 [overflow-wrap:anywhere]">{note}</p>}
          <RequestProgress from={from} paid={paid} nameOf={(person) => (person === me ? t("you") : nameOf(person))} />
          {isPart && (
            <p role="status" className="mt-2 text-13 text-ink-soft">
              {t("partArrived", { arrived: amountText(arrived, asset), amount: amountText(amount, asset) })}
            </p>
          )}
          {state === "open" && asked && chain !== "unknown" && (
            <Button
              look={isPart ? "quiet" : "primary"}
              className="mt-3 w-full"
              disabled={going}
              onClick={() => setOpen("pay")}
            >
              {going ? t("paying") : isPart ? t("payRest", { amount: amountText(rest, asset) }) : t("pay")}
            </Button>
          )}
          {state === "open" && message.outgoing && !done && (
            <Button look="quiet" className="mt-3 w-full" onClick={() => setOpen("withdraw")}>
              {t("withdraw")}
            </Button>
          )}
          <CardDetails facts={facts} />
        </CardFrame>
      </CardPlace>
      {open === "pay" && (
        <SendSheet
          model={model}
          summary={summary}
          asked={{ request: message.id, to: message.from, asset: body.asset, amount: rest }}
          onClose={close}
        />
      )}
      {open === "withdraw" && (
        <ConfirmSheet
          title={t("withdrawTitle")}
          text={t("withdrawText")}
          action={t("withdraw")}
          onConfirm={() => money.withdraw(message.id)}
          onClose={close}
        />
      )}
    </>
  );
}
