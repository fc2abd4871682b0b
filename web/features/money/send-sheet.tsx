"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { AssetId, ConversationSummary, MessageId, PaymentInput, PublicId } from "../../lib/types.ts";
import type { ConversationModel } from "../conversation/model.ts";
import { useNameOf } from "../conversation/names.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { useAloneStep } from "./alone-step.tsx";
import { AmountField } from "./amount-field.tsx";
import { NoteField } from "./note-field.tsx";
import { OnePerson } from "./one-person.tsx";
import { Review } from "./review.tsx";
import { type Step, StepSheet } from "./step-sheet.tsx";
import { useAmountInput } from "./use-amount-input.ts";
import { useAssetChoice } from "./use-asset-choice.ts";
import { useAssetStep } from "./use-asset-step.tsx";

export interface SendSheetProps {
  model: ConversationModel;
  summary: ConversationSummary;
  /** A request that is answered: everything is settled. */
  asked?: { request: MessageId; to: PublicId; asset: AssetId; amount: bigint };
  onClose(): void;
}

/** Whom, what and how much; then everything once more in plain words; then the wallet. */
export default function SendSheet({ model, summary, asked, onClose }: SendSheetProps) {
  const t = useTranslations("money");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const nameOf = useNameOf(summary);
  const only = summary.kind === "pair" ? summary.contact.publicId : undefined;
  const [to, setTo] = useState<PublicId | undefined>(only);
  const [settled, setSettled] = useState(only !== undefined);
  const choice = useAssetChoice();
  const { asset, balance } = choice;
  const input = useAmountInput(asset);
  const [note, setNote] = useState("");
  const [looked, setLooked] = useState(false);
  const [reviewed, setReviewed] = useState<PaymentInput | undefined>(asked);
  const assetStep = useAssetStep(choice);
  const alone = useAloneStep(summary, t("send"));

  const over = input.amount !== undefined && balance !== undefined && input.amount > balance;
  const wrong = input.error ? errorText(input.error) : over ? errorText("AMOUNT_OVER_BALANCE") : undefined;
  const go = () => {
    setLooked(true);
    if (!to || !asset || !input.amount || over) return;
    const { chainId, token } = asset;
    const words = note.trim();
    setReviewed({ to, asset: { chainId, token }, amount: input.amount, ...(words ? { note: words } : {}) });
  };
  const step = (): Step => {
    if (alone) return alone;
    if (reviewed) {
      return {
        title: t("reviewTitle"),
        onBack: asked ? undefined : () => setReviewed(undefined),
        content: <Review input={reviewed} model={model} summary={summary} onClose={onClose} />,
      };
    }
    if (assetStep) return assetStep;
    if (!to || !settled) {
      return {
        title: t("send"),
        next: { label: common("continue"), disabled: !to, onPress: () => setSettled(true) },
        content: <OnePerson summary={summary} chosen={to} onChoose={setTo} />,
      };
    }
    return {
      title: t("sendTo", { name: nameOf(to) }),
      onBack: only ? undefined : () => setSettled(false),
      next: { label: t("review"), disabled: !input.text.trim() || !asset, onPress: go },
      content: (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            go();
          }}
        >
          <AmountField
            label={t("amount")}
            text={input.text}
            asset={asset}
            balance={balance}
            error={looked ? wrong : choice.error && errorText(choice.error)}
            onChange={(text) => {
              input.setText(text);
              setLooked(false);
            }}
            onAsset={() => choice.setChoosing("list")}
          />
          <NoteField value={note} onChange={setNote} />
        </form>
      ),
    };
  };
  return <StepSheet step={step()} onClose={onClose} />;
}
