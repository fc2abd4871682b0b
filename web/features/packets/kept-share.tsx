"use client";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import type { Asset, WalletSigner } from "../../lib/types.ts";
import { AddressField, useTypedAddress } from "../../ui/address-field.tsx";
import { Button } from "../../ui/button.tsx";
import { amountText } from "../money/amount-text.ts";
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
  const { address, isEmpty, refuse, field } = useTypedAddress();
  const words = amountText(amount, asset);
  const look = (event: FormEvent) => {
    event.preventDefault();
    if (address) setStep("review");
    else refuse();
  };
  if (step === "type")
    return (
      <form onSubmit={look} className="mt-3">
        <AddressField {...field} label={t("otherAddress")} hint={t("otherHint")} />
        <div className="mt-3 flex justify-end gap-2">
          <Button onClick={() => setStep("own")}>{common("back")}</Button>
          <Button type="submit" look="primary" disabled={isEmpty}>
            {money("review")}
          </Button>
        </div>
      </form>
    );
  if (step === "review" && address)
    return (
      <div className="mt-3">
        <div className="mb-3 rounded-md border border-hairline px-4 py-3">
          <p className="text-13 text-ink-soft">{t("otherReview", { amount: words })}</p>
          <p className="mt-1.5 font-mono text-13 break-all">{address}</p>
        </div>
        <WalletWays
          action={t("otherAction", { amount: words })}
          onWallet={(wallet) => onWithdraw(wallet, address)}
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
