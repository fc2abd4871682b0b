"use client";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import type { ConversationSummary, PublicId, RequestInput } from "../../lib/types.ts";
import type { ConversationModel } from "../conversation/model.ts";
import { useRun } from "../groups/use-run.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { useAloneStep } from "./alone-step.tsx";
import { AmountField } from "./amount-field.tsx";
import { NoteField } from "./note-field.tsx";
import { SeveralPeople } from "./several-people.tsx";
import { splitBill } from "./split.ts";
import { SplitOptions } from "./split-options.tsx";
import { SplitResult } from "./split-result.tsx";
import { type Step, StepSheet } from "./step-sheet.tsx";
import { useAmountInput } from "./use-amount-input.ts";
import { useAssetChoice } from "./use-asset-choice.ts";
import { useAssetStep } from "./use-asset-step.tsx";
import { useConversation } from "./use-conversation.ts";

export interface AskSheetProps {
  model: ConversationModel;
  summary: ConversationSummary;
  onClose(): void;
}

/** Asks one person, or splits a bill among several. Nothing is signed: it is a question. */
export default function AskSheet({ model, summary, onClose }: AskSheetProps) {
  const t = useTranslations("money");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const { money } = useConversation(summary.id);
  const pair = summary.kind === "pair" ? summary.contact.publicId : undefined;
  const [from, setFrom] = useState<PublicId[]>(pair ? [pair] : []);
  const [settled, setSettled] = useState(pair !== undefined);
  const choice = useAssetChoice();
  const { asset } = choice;
  const input = useAmountInput(asset);
  const [how, setHow] = useState<"each" | "total">(pair ? "each" : "total");
  const [withMe, setWithMe] = useState(true);
  const [note, setNote] = useState("");
  const [looked, setLooked] = useState(false);
  // Enter was pressed before it was known what is asked for: it goes on when that is.
  const [pressed, setPressed] = useState(false);
  const { busy, error, run } = useRun<"ask">();
  const assetStep = useAssetStep(choice);
  const alone = useAloneStep(summary, t("ask"));

  const total = how === "total";
  const split = input.amount !== undefined && total ? splitBill(input.amount, from.length, withMe) : undefined;
  const each = split ? split.each : input.amount;
  const ask = async () => {
    setLooked(true);
    setPressed(!asset);
    if (!asset || !each) return;
    const { chainId, token } = asset;
    const words = note.trim();
    const request: RequestInput = { asset: { chainId, token }, amount: each, from, ...(words ? { note: words } : {}) };
    if (await run("ask", async () => model.follow(await money.request(request)))) onClose();
  };
  const goOn = useRef(ask);
  goOn.current = ask;
  useEffect(() => {
    if (pressed && asset) void goOn.current();
  }, [pressed, asset]);
  const wrong = input.error ? errorText(input.error) : split?.each === 0n ? t("splitTooSmall") : undefined;
  const step = (): Step => {
    if (alone) return alone;
    if (assetStep) return assetStep;
    if (!settled) {
      return {
        title: t("ask"),
        next: { label: common("continue"), disabled: from.length === 0, onPress: () => setSettled(true) },
        content: <SeveralPeople summary={summary} chosen={from} onChange={setFrom} />,
      };
    }
    return {
      title: t("ask"),
      description: t("askMeans"),
      onBack: pair ? undefined : () => setSettled(false),
      next: {
        label: t("askAction", { count: from.length }),
        busy: busy !== undefined || (pressed && !choice.error),
        disabled: !input.text.trim() || !asset,
        onPress: () => void ask(),
      },
      content: (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void ask();
          }}
        >
          {!pair && <SplitOptions how={how} onHow={setHow} withMe={withMe} onWithMe={setWithMe} />}
          <AmountField
            label={t(pair ? "amount" : total ? "billTotal" : "billEach")}
            text={input.text}
            asset={asset}
            error={looked ? wrong : choice.error && errorText(choice.error)}
            onChange={(text) => {
              input.setText(text);
              setLooked(false);
              setPressed(false);
            }}
            onAsset={() => choice.setChoosing("list")}
          />
          {split && asset && <SplitResult split={split} people={from.length} asset={asset} withMe={withMe} />}
          <NoteField value={note} onChange={setNote} />
          <p role="alert" className="text-13 text-bad">
            {error && errorText(error)}
          </p>
        </form>
      ),
    };
  };
  return <StepSheet step={step()} onClose={onClose} />;
}
