"use client";
import { maxActText, type ProofWarning } from "@skrumble/sdk/agreements";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import { formatAmount, parseAmount } from "../../lib/amounts.ts";
import { codeOf } from "../../lib/errors.ts";
import type { AgreementView, MilestoneAct, OpenConsent, WalletSigner } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Area, Field } from "../../ui/field.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { WalletWays } from "../wallet/wallet-ways.tsx";
import { ArbiterAway } from "./arbiter-away.tsx";
import { dayIn, endOf } from "./form.ts";
import { paidIn } from "./possible-acts.ts";
import { ProofWarnings } from "./proof-warnings.tsx";
import { UnlistedToken } from "./unlisted-token.tsx";
import type { AgreementWords } from "./use-agreement-words.ts";

export interface Acting {
  do: MilestoneAct["do"];
  index: number;
  /** Of `fund`. */
  count: number;
  /** What the other side has agreed to already: the very same is done, nothing is typed. */
  agree?: OpenConsent["act"];
}

interface ActFormProps {
  acting: Acting;
  view: AgreementView;
  words: AgreementWords;
  /** Does it, and tells of it where that is possible. */
  onAct(act: MilestoneAct, by: { wallet: WalletSigner; seen: bigint }): Promise<void>;
  /** The arbiter, where they are not in this conversation. */
  arbiterAway?: string | undefined;
  /** No conversation may hear of it. */
  alone?: boolean;
  /** Of the token, where it is paid in. */
  warnings?: readonly ProofWarning[];
  onDone(): void;
}

const week = 7 * 86_400;

/** One thing to do with the money of an agreement: what it means, what is to be said with it, and the one prompt. */
export function ActForm({ acting, words, onAct, arbiterAway, alone, warnings, onDone, ...given }: ActFormProps) {
  const t = useTranslations("agreements");
  const errorText = useErrorText();
  // As it stood when this was opened: the chain refuses what has moved on since, and what is being done here changes it, too.
  const [view] = useState(given.view);
  const { index, count, agree } = acting;
  const { draft } = view.version;
  const milestone = view.escrow?.milestones[index];
  const asset = draft.money?.asset;
  const sides = words.sides(draft);
  const held = (view.escrow?.milestones ?? []).reduce((sum, { remaining }) => sum + remaining, 0n);
  const most = acting.do === "cancel" ? held : (milestone?.remaining ?? 0n);
  const [text, setText] = useState("");
  const isWhole = acting.do === "fund" || acting.do === "cancel" || acting.do === "sweep";
  const zeroFits = acting.do === "rule" || acting.do === "cancel";
  // What divides the money between two sides is for people to say: nothing is put into their mouth.
  const [amount, setAmount] = useState(() => (zeroFits ? "" : formatAmount(most, asset?.decimals ?? 0)));
  const seen = (isWhole ? view.escrow : milestone)?.step ?? 0n;
  const [due, setDue] = useState(() => dayIn(14, milestone && milestone.due + week));
  const needsText = acting.do === "submit" || acting.do === "reject" || acting.do === "dispute";
  const needsAmount = !agree && ["accept", "refund", "rule", "cancel"].includes(acting.do);
  const read = (): { units: bigint } | { code: ReturnType<typeof codeOf> } => {
    try {
      const units = parseAmount(amount.trim(), asset?.decimals ?? 0);
      if (units > most) return { code: "ESCROW_AMOUNT_TOO_HIGH" };
      return units === 0n && !zeroFits ? { code: "AMOUNT_INVALID" } : { units };
    } catch (error) {
      return { code: codeOf(error) };
    }
  };
  const typed = needsAmount ? read() : { units: agree?.do === "cancel" ? agree.toPayee : 0n };
  const units = "units" in typed ? typed.units : 0n;
  const day = endOf(due);
  const tooEarly = acting.do === "extend" && !agree && day <= (milestone?.due ?? 0);
  const blank = (needsText && text.trim() === "") || "code" in typed || tooEarly;
  const title = draft.money?.milestones[index]?.title ?? "";
  const { paid, atOnce } = paidIn(draft, index, count);

  const toAct = (): MilestoneAct => {
    if (agree) return agree;
    const what = acting.do;
    switch (what) {
      case "fund":
        return { do: what, first: index, count };
      case "submit":
      case "reject":
      case "dispute":
        return { do: what, index, text: text.trim() };
      case "accept":
      case "refund":
        return { do: what, index, amount: units };
      case "rule":
        return { do: what, index, toPayee: units };
      case "cancel":
        return { do: what, toPayee: units };
      case "sweep":
        return { do: what };
      case "extend":
        return { do: what, index, due: day };
      default:
        return { do: what, index };
    }
  };
  const act = async (wallet: WalletSigner) => {
    try {
      await onAct(toAct(), { wallet, seen });
    } catch (error) {
      // It is signed: to press again would be to do it twice.
      if (codeOf(error) !== "ESCROW_UNDER_WAY") throw error;
      toast(errorText("ESCROW_UNDER_WAY"));
    }
  };
  const sum = words.amount(draft, acting.do === "fund" ? paid : acting.do === "sweep" ? (view.loose ?? 0n) : units);
  const exact = agree?.do === "extend" ? words.moment(agree.due) : sum;
  const means = () => {
    if (agree) return t(`means.${agree.do === "extend" ? "agreeExtend" : "agreeCancel"}`, sides);
    if (acting.do !== "fund" || atOnce === 0n) return t(`means.${acting.do}`, sides);
    const parts = { atOnce: words.amount(draft, atOnce), kept: words.amount(draft, paid - atOnce) };
    return t(atOnce === paid ? "means.fundAtOnce" : "means.fundInPart", { ...sides, ...parts });
  };
  return (
    <>
      {(!isWhole || (acting.do === "fund" && count === 1)) && (
        <p className="font-medium [overflow-wrap:anywhere]">{title}</p>
      )}
      {(agree || acting.do === "fund" || acting.do === "sweep") && (
        <p className="tabular mt-1 text-28 leading-tight font-semibold">{exact}</p>
      )}
      <p className="mt-2 mb-4 text-13 text-ink-soft">{means()}</p>
      {acting.do === "fund" && view.unlisted && <UnlistedToken draft={draft} />}
      {acting.do === "fund" && warnings && <ProofWarnings warnings={warnings} draft={draft} />}
      {acting.do === "dispute" && arbiterAway && <ArbiterAway name={arbiterAway} />}
      {needsText && (
        <Area
          autoFocus
          label={t(`text.${acting.do as "submit" | "reject" | "dispute"}`)}
          hint={t(alone ? "textHintAlone" : "textHint")}
          rows={5}
          maxLength={maxActText}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {needsAmount && (
        <Field
          autoFocus
          label={t(`amountOf.${acting.do as "accept" | "refund" | "rule" | "cancel"}`, sides)}
          hint={t("ofAll", { amount: words.amount(draft, most) })}
          error={"code" in typed && amount.trim() ? errorText(typed.code) : undefined}
          inputMode="decimal"
          autoComplete="off"
          maxLength={120}
          value={amount}
          onChange={(event) => setAmount(event.target.value)}
          end={<span className="px-2.5 font-medium">{asset?.symbol}</span>}
        />
      )}
      {acting.do === "extend" && !agree && (
        <Field
          label={t("newDue")}
          type="date"
          min={dayIn(1)}
          value={due}
          error={tooEarly ? t("dueLater") : undefined}
          onChange={(event) => setDue(event.target.value)}
        />
      )}
      <div className="mt-2">
        {blank ? (
          <Button look="primary" className="w-full" disabled>
            {t(`act.${acting.do}`)}
          </Button>
        ) : (
          <WalletWays action={t(`confirm.${acting.do}`, { amount: sum })} onWallet={act} onDone={onDone} />
        )}
      </div>
      {acting.do !== "settle" && <p className="mt-2 text-12 text-ink-faint">{t("onePrompt")}</p>}
    </>
  );
}
