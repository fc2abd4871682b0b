"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ConversationSummary, PacketInput } from "../../lib/types.ts";
import { Area, Field } from "../../ui/field.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import type { ConversationModel } from "../conversation/model.ts";
import { useAloneStep } from "../money/alone-step.tsx";
import { AmountField } from "../money/amount-field.tsx";
import { amountText } from "../money/amount-text.ts";
import { maxNote } from "../money/limits.ts";
import { useOthers } from "../money/people.ts";
import { type Step, StepSheet } from "../money/step-sheet.tsx";
import { useAmountInput } from "../money/use-amount-input.ts";
import { useAssetChoice } from "../money/use-asset-choice.ts";
import { useAssetStep } from "../money/use-asset-step.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { useTimerText } from "../timer/use-timer-text.ts";
import { CreateReview } from "./create-review.tsx";
import { draftPacket, expiries, mostShares } from "./draft.ts";

export interface CreateSheetProps {
  model: ConversationModel;
  summary: ConversationSummary;
  onClose(): void;
}

/** Makes a red packet: by luck or equal, how much, for how many, with which words, until when. */
export default function CreateSheet({ model, summary, onClose }: CreateSheetProps) {
  const t = useTranslations("packets");
  const money = useTranslations("money");
  const errorText = useErrorText();
  const timeText = useTimerText();
  const others = useOthers(summary).length;
  const choice = useAssetChoice({ homeOnly: true });
  const { asset, balance } = choice;
  const input = useAmountInput(asset);
  const [lucky, setLucky] = useState(others > 1);
  const [per, setPer] = useState<"total" | "each">("total");
  const [count, setCount] = useState(String(Math.min(others, mostShares)));
  const [message, setMessage] = useState("");
  const [seconds, setSeconds] = useState<number>(expiries[1]);
  const [looked, setLooked] = useState(false);
  const [made, setMade] = useState<PacketInput>();

  const assetStep = useAssetStep(choice);
  const alone = useAloneStep(summary, t("create"));

  const each = !lucky && per === "each";
  const draft = draftPacket({ amount: input.amount, each, count, balance });
  const go = () => {
    setLooked(true);
    if (!asset || "problem" in draft) return;
    const { chainId, token } = asset;
    const words = message.trim();
    setMade({
      ...{ asset: { chainId, token }, amount: draft.total, shares: draft.shares, lucky },
      expiresAt: Math.ceil(Date.now() / 1_000 + seconds) * 1_000,
      ...(words ? { message: words } : {}),
    });
  };
  const problem = "problem" in draft ? draft.problem : undefined;
  const amountProblem =
    input.error ?? (problem === "PACKET_TOO_SMALL" || problem === "AMOUNT_OVER_BALANCE" ? problem : undefined);
  const sum = "total" in draft && each && asset ? t("inAll", { amount: amountText(draft.total, asset) }) : undefined;
  const step = (): Step => {
    if (alone) return alone;
    if (made && asset) {
      return {
        title: money("reviewTitle"),
        onBack: () => setMade(undefined),
        content: <CreateReview input={made} asset={asset} model={model} onClose={onClose} />,
      };
    }
    if (assetStep) return assetStep;
    return {
      title: t("create"),
      description: t("createLead"),
      next: { label: money("review"), disabled: !input.text.trim() || !asset, onPress: go },
      content: (
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            go();
          }}
        >
          <div className="flex flex-wrap gap-2">
            <Segmented
              label={t("split")}
              value={lucky ? "lucky" : "equal"}
              options={[
                { value: "lucky", label: t("lucky") },
                { value: "equal", label: t("equal") },
              ]}
              onChange={(value) => setLucky(value === "lucky")}
            />
            {!lucky && (
              <Segmented<"total" | "each">
                label={t("amountIs")}
                value={per}
                options={[
                  { value: "total", label: t("total") },
                  { value: "each", label: t("each") },
                ]}
                onChange={setPer}
              />
            )}
          </div>
          <AmountField
            label={t(each ? "each" : "total")}
            text={input.text}
            asset={asset}
            balance={balance}
            hint={sum}
            error={looked && amountProblem ? errorText(amountProblem) : choice.error && errorText(choice.error)}
            onChange={(text) => {
              input.setText(text);
              setLooked(false);
            }}
            onAsset={() => choice.setChoosing("list")}
          />
          <Field
            label={t("shares")}
            hint={t("sharesHint", { count: mostShares })}
            error={looked && problem === "shares" ? t("sharesWrong", { count: mostShares }) : undefined}
            inputMode="numeric"
            autoComplete="off"
            maxLength={3}
            value={count}
            onChange={(event) => setCount(event.target.value.replace(/\D/g, ""))}
          />
          <Area
            label={t("words")}
            rows={2}
            maxLength={maxNote}
            placeholder={t("wish")}
            value={message}
            onChange={(event) => setMessage(event.target.value)}
          />
          <div>
            <p className="mb-1.5 text-13 font-medium text-ink-soft">{t("openFor")}</p>
            <Segmented
              label={t("openFor")}
              value={String(seconds)}
              options={expiries.map((value) => ({ value: String(value), label: timeText(value) }))}
              onChange={(value) => setSeconds(Number(value))}
            />
          </div>
        </form>
      ),
    };
  };
  return <StepSheet step={step()} onClose={onClose} />;
}
