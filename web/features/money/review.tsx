"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import { codeOf } from "../../lib/errors.ts";
import type { ConversationSummary, ErrorCode, PaymentInput, WalletSigner } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { ConversationModel } from "../conversation/model.ts";
import { useNameOf } from "../conversation/names.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { WalletWays } from "../wallet/wallet-ways.tsx";
import { amountText, exactText } from "./amount-text.ts";
import { ReviewFacts } from "./review-facts.tsx";
import { ReviewWarnings } from "./review-warnings.tsx";
import { useConversation } from "./use-conversation.ts";
import { useReview } from "./use-review.ts";

/** It is made, or on its way: the same button would make a second one. */
const underWay = new Set<ErrorCode>(["WALLET_SEND_UNSURE", "PAYMENT_MADE"]);
const anyway = { PAYMENT_UNSURE: "sendAnyway", PAYMENT_ELSEWHERE: "sendAlso" } as const;

interface ReviewProps {
  input: PaymentInput;
  model: ConversationModel;
  summary: ConversationSummary;
  onClose(): void;
}

/** Everything about a payment before anybody signs, and the one button that has it signed. */
export function Review({ input, model, summary, onClose }: ReviewProps) {
  const t = useTranslations("money");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const conversation = useConversation(summary.id);
  const { review, error, again } = useReview(conversation, input);
  const name = useNameOf(summary)(input.to);
  // They were told that the wallet may have sent the same before, here or on another device; who goes on means it.
  const [told, setTold] = useState<"PAYMENT_UNSURE" | "PAYMENT_ELSEWHERE">();
  const pay = async (wallet: WalletSigner) => {
    try {
      const seen = { ...(review ? { reviewed: review } : {}), ...(told ? { replace: true } : {}) };
      model.follow(await conversation.money.pay({ ...input, ...seen }, wallet));
    } catch (failed) {
      const code = codeOf(failed);
      if (code === "PAYMENT_UNSURE" || code === "PAYMENT_ELSEWHERE") setTold(code);
      if (code === "PAYMENT_CHANGED") again();
      if (!underWay.has(code)) throw failed;
      toast(errorText(code));
    }
  };
  const problem = error ?? (review?.problem?.code as ErrorCode | undefined);
  return (
    <>
      <div className="flex flex-col items-center text-center">
        <Avatar seed={input.to} size={56} />
        <p className="mt-2 max-w-full truncate text-ink-soft">
          <bdi>{t("toName", { name })}</bdi>
        </p>
        {review ? (
          <p className="tabular mt-1 max-w-full text-28 leading-tight font-semibold tracking-[-0.02em] [overflow-wrap:anywhere]">
            {exactText(input.amount, review.asset)}
          </p>
        ) : (
          !error && <Skeleton className="mt-2 h-8 w-40" />
        )}
        {input.note && <p className="mt-1.5 max-w-full text-ink-soft [overflow-wrap:anywhere]">{input.note}</p>}
      </div>
      {review ? (
        <>
          <ReviewFacts review={review} amount={input.amount} />
          <ReviewWarnings review={review} name={name} />
        </>
      ) : (
        !error && <Skeleton className="mt-5 h-24 rounded-md" />
      )}
      {problem ? (
        <div role="alert" className="mt-4 rounded-md bg-bad-soft px-4 py-3 text-13 text-bad">
          <p>{errorText(problem)}</p>
          <Button small look="plain" className="mt-1 -ml-3" onClick={again}>
            {common("retry")}
          </Button>
        </div>
      ) : (
        review && (
          <div className="mt-5">
            <p className="mb-3 text-13 text-ink-soft">
              {review.elsewhere
                ? t("meansElsewhere", { name, chain: review.elsewhere.chain.name })
                : t("means", { name })}
            </p>
            <WalletWays
              action={t(told ? anyway[told] : "sendAmount", { amount: amountText(input.amount, review.asset) })}
              onWallet={pay}
              onDone={onClose}
            />
          </div>
        )
      )}
    </>
  );
}
