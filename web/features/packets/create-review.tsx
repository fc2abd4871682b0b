"use client";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { toast } from "sonner";
import { codeOf } from "../../lib/errors.ts";
import type { Asset, PacketInput, WalletSigner } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { ConversationModel } from "../conversation/model.ts";
import { exactText } from "../money/amount-text.ts";
import { useConversation } from "../money/use-conversation.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { WalletWays } from "../wallet/wallet-ways.tsx";
import { AllowancesLeft } from "./allowances-left.tsx";
import { Flap, Seal } from "./paper.tsx";
import { usePrompts } from "./use-prompts.ts";

interface CreateReviewProps {
  input: PacketInput;
  asset: Asset;
  model: ConversationModel;
  onClose(): void;
}

/** The packet as it will be, what happens to the money, and the one button that has it signed. */
export function CreateReview({ input, asset, model, onClose }: CreateReviewProps) {
  const t = useTranslations("packets");
  const more = useTranslations("packetMore");
  const common = useTranslations("common");
  const format = useFormatter();
  const errorText = useErrorText();
  const { packets } = useConversation(model.id);
  const { amount, shares, lucky, expiresAt, message } = input;
  // They were told that the wallet may have sent the same before; who goes on means it.
  const [replace, setReplace] = useState(false);
  const { prompts, error, again } = usePrompts(input.asset, amount);
  /** After each one the wallet may have let packets take what none takes now. */
  const [failures, setFailures] = useState(0);
  const create = async (wallet: WalletSigner) => {
    try {
      await model.follow(await packets.create({ ...input, ...(replace ? { replace } : {}) }, wallet));
    } catch (error) {
      if (codeOf(error) === "PACKET_UNSURE") setReplace(true);
      // It is signed: offering the button again would make a second one.
      if (codeOf(error) !== "PACKET_UNDER_WAY") {
        setFailures((times) => times + 1);
        throw error;
      }
      toast(errorText("PACKET_UNDER_WAY"));
    }
  };
  const when = format.dateTime(expiresAt, { dateStyle: "medium", timeStyle: "short" });
  return (
    <>
      <div className="relative mx-auto w-64 max-w-full overflow-hidden rounded-lg bg-packet text-center text-on-packet">
        <Flap className="h-17" />
        <span className="absolute inset-x-0 top-8 flex justify-center">
          <Seal size={48} />
        </span>
        <div className="px-4 pt-7 pb-4">
          <p className="tabular text-20 leading-tight font-semibold [overflow-wrap:anywhere]">
            {exactText(amount, asset)}
          </p>
          <p className="mt-0.5 text-13">{t(lucky ? "luckyShares" : "equalShares", { count: shares })}</p>
          <p className="mt-2 text-15 [overflow-wrap:anywhere]">
            <bdi>{message ?? t("wish")}</bdi>
          </p>
        </div>
      </div>
      <ul className="mt-5 mb-4 flex list-disc flex-col gap-1.5 pl-4.5 text-13 text-ink-soft marker:text-ink-faint">
        <li>{t("means.who")}</li>
        {lucky && <li>{t("means.luck")}</li>}
        <li>{t("means.rest", { when })}</li>
        {prompts && prompts.length > 1 && (
          <li>{more(prompts.length > 2 ? "asksThrice" : "asksTwice", { amount: exactText(amount, asset) })}</li>
        )}
      </ul>
      {failures > 0 && <AllowancesLeft key={failures} />}
      {prompts ? (
        <WalletWays action={t(replace ? "createAnyway" : "createAction")} onWallet={create} onDone={onClose} />
      ) : error ? (
        <p role="alert" className="flex flex-wrap items-center gap-2 text-13 text-bad">
          {errorText(error)}
          <Button small look="plain" onClick={again}>
            {common("retry")}
          </Button>
        </p>
      ) : (
        <Skeleton className="h-11 rounded-md" />
      )}
    </>
  );
}
