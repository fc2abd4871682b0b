"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { AllowanceLeft, WalletSigner } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { amountText } from "../money/amount-text.ts";
import { useAsset } from "../money/assets.ts";
import { useClient, useIdentity } from "../session/use-client.ts";
import { WalletWays } from "../wallet/wallet-ways.tsx";

/** What a wallet has let red packets take, and no packet came of it. Nothing where there is none. */
export function AllowancesLeft() {
  const client = useClient();
  const { wallet: own } = useIdentity();
  const t = useTranslations("packetMore");
  const [unread, setUnread] = useState(false);
  const [left, setLeft] = useState<AllowanceLeft[]>([]);
  useEffect(() => {
    let gone = false;
    client.packets.allowances().then(
      (found) => gone || setLeft(found),
      () => gone || setUnread(true),
    );
    return () => {
      gone = true;
    };
  }, [client]);
  if (unread)
    return (
      <p role="status" className="mb-3 text-13 text-ink-soft">
        {t("leftUnread")}
      </p>
    );
  return left.map((one) => (
    <Left
      key={`${one.asset.token} ${one.owner}`}
      {...one}
      isOwn={one.owner.toLowerCase() === own.toLowerCase()}
      onWallet={(wallet) => client.packets.disallow(one, wallet)}
      onDone={() => setLeft((all) => all.filter((other) => other !== one))}
    />
  ));
}

interface LeftProps extends AllowanceLeft {
  /** Given by the wallet that one has now. */
  isOwn: boolean;
  onWallet(wallet: WalletSigner): Promise<void>;
  onDone(): void;
}

function Left({ asset: id, amount, owner, isOwn, onWallet, onDone }: LeftProps) {
  const t = useTranslations("packetMore");
  const asset = useAsset(id);
  const [asking, setAsking] = useState(false);
  if (!asset) return null;
  return (
    <div className="mb-3 rounded-md bg-wait-soft px-4 py-3">
      <p role="status" className="mb-2 text-13 text-wait">
        {isOwn
          ? t("left", { amount: amountText(amount, asset) })
          : t("leftOf", { amount: amountText(amount, asset), wallet: `${owner.slice(0, 6)}…${owner.slice(-4)}` })}
      </p>
      {asking ? (
        <WalletWays {...(isOwn ? { action: t("takeBack") } : {})} onWallet={onWallet} onDone={onDone} />
      ) : (
        <Button small look="outline" onClick={() => setAsking(true)}>
          {t("takeBack")}
        </Button>
      )}
    </div>
  );
}
