"use client";
import { useTranslations } from "next-intl";
import type { WalletSigner } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { WalletWays } from "./wallet-ways.tsx";

interface WalletSheetProps {
  /** What the wallet confirms, in plain words. */
  lead: string;
  /** What is done with it; the sheet stays open and says why when that did not work. */
  onWallet(wallet: WalletSigner): Promise<unknown>;
  onClose(): void;
}

/** Has the owner's wallet confirm something: the one made here, one of this browser, or one from its recovery words. */
export function WalletSheet({ lead, onWallet, onClose }: WalletSheetProps) {
  const t = useTranslations("walletSheet");
  const common = useTranslations("common");
  return (
    <Sheet
      open
      onClose={onClose}
      title={t("title")}
      description={lead}
      footer={
        <Button look="quiet" onClick={onClose}>
          {common("cancel")}
        </Button>
      }
    >
      <WalletWays onWallet={onWallet} onDone={onClose} />
    </Sheet>
  );
}
