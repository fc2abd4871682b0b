"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { Asset, WalletSigner } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { amountText } from "../money/amount-text.ts";
import { isAddress } from "../money/asset.ts";
import { WalletWays } from "../wallet/wallet-ways.tsx";

interface KeptShareProps {
  amount: bigint;
  asset: Asset;
  onWithdraw(wallet: WalletSigner, to?: `0x${string}`): Promise<void>;
}

/** A share that could not be paid: to one's own wallet once more, or, looked at before, to another one. */
export function KeptShare({ amount, asset, onWithdraw }: KeptShareProps) {
  const t = useTranslations("packetMore");
  const packets = useTranslations("packets");
  const money = useTranslations("money");
  const common = useTranslations("common");
  const [step, setStep] = useState<"own" | "type" | "review">("own");
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const to = typed.trim();
  const words = amountText(amount, asset);
  const look = (event: FormEvent) => {
    event.preventDefault();
    if (isAddress(to)) setStep("review");
    else setWrong(true);
  };
  if (step === "type")
    return (
      <form onSubmit={look} className="mt-3">
        <Field
          label={t("otherAddress")}
          hint={t("otherHint")}
          error={wrong ? money("tokenWrong") : undefined}
          value={typed}
          maxLength={64}
          placeholder="0x…"
          autoComplete="off"
          autoFocus
          onChange={(event) => {
            setTyped(event.target.value);
            setWrong(false);
          }}
        />
        <div className="mt-3 flex justify-end gap-2">
          <Button onClick={() => setStep("own")}>{common("back")}</Button>
          <Button type="submit" look="primary" disabled={!to}>
            {money("review")}
          </Button>
        </div>
      </form>
    );
  if (step === "review" && isAddress(to))
    return (
      <div className="mt-3">
        <div className="mb-3 rounded-md border border-hairline px-4 py-3">
          <p className="text-13 text-ink-soft">{t("otherReview", { amount: words })}</p>
          <p className="mt-1.5 font-mono text-13 break-all">{to}</p>
        </div>
        <WalletWays
          action={t("otherAction", { amount: words })}
          onWallet={(wallet) => onWithdraw(wallet, to)}
          onDone={() => setStep("own")}
        />
        <Button look="plain" className="mt-1 w-full" onClick={() => setStep("type")}>
          {t("otherChange")}
        </Button>
      </div>
    );
  return (
    <div className="mt-3">
      <p className="mb-3 text-13 text-ink-soft">{t("keptWhy")}</p>
      <WalletWays action={packets("fetch")} onWallet={(wallet) => onWithdraw(wallet)} onDone={() => undefined} />
      <Button look="plain" className="mt-1 w-full" onClick={() => setStep("type")}>
        {t("other")}
      </Button>
    </div>
  );
}
