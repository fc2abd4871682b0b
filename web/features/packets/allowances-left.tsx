"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { AllowanceLeft, WalletSigner } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { amountText } from "../money/amount-text.ts";
import { useAsset } from "../money/assets.ts";
import { useClient } from "../session/use-client.ts";
import { WalletWays } from "../wallet/wallet-ways.tsx";

/** What the wallet has let red packets take, and no packet came of it. Nothing where there is none, or nobody can say. */
export function AllowancesLeft() {
  const client = useClient();
  const [left, setLeft] = useState<AllowanceLeft[]>([]);
  useEffect(() => {
    let gone = false;
    client.packets.allowances().then(
      (found) => gone || setLeft(found),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [client]);
  return left.map((one) => (
    <Left
      key={one.asset.token}
      {...one}
      onWallet={(wallet) => client.packets.disallow(one.asset, wallet)}
      onDone={() => setLeft((all) => all.filter((other) => other !== one))}
    />
  ));
}

interface LeftProps extends AllowanceLeft {
  onWallet(wallet: WalletSigner): Promise<void>;
  onDone(): void;
}

function Left({ asset: id, amount, onWallet, onDone }: LeftProps) {
  const t = useTranslations("packetMore");
  const asset = useAsset(id);
  const [asking, setAsking] = useState(false);
  if (!asset) return null;
  return (
    <div className="mb-3 rounded-md bg-wait-soft px-4 py-3">
      <p role="status" className="mb-2 text-13 text-wait">
        {t("left", { amount: amountText(amount, asset) })}
      </p>
      {asking ? (
        <WalletWays action={t("takeBack")} onWallet={onWallet} onDone={onDone} />
      ) : (
        <Button small look="outline" onClick={() => setAsking(true)}>
          {t("takeBack")}
        </Button>
      )}
    </div>
  );
}
