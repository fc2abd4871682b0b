"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { useIdentity } from "../session/use-client.ts";
import { type LocalWallet, markLocalWalletKept, readLocalWallet } from "../wallet/local-wallet.ts";
import { RecoveryWords } from "../wallet/recovery-words.tsx";
import { RowLine, Section } from "./section.tsx";

export function WalletSection() {
  const t = useTranslations("me");
  const { wallet: address } = useIdentity();
  const [wallet, setWallet] = useState<LocalWallet>();
  const [showing, setShowing] = useState(false);
  useEffect(() => {
    readLocalWallet().then(
      (found) => {
        setWallet(found);
        if (found && location.hash === "#words") setShowing(true);
      },
      () => undefined,
    );
  }, []);
  return (
    <Section title={t("wallet")}>
      <RowLine label={wallet ? t("walletHere") : t("walletBrowser")}>
        <span className="font-mono text-13" title={address}>
          {address.slice(0, 8)}…{address.slice(-6)}
        </span>
      </RowLine>
      {wallet && (
        <div className="flex min-h-14 items-center gap-3 py-2 pr-2 pl-4">
          <span className="flex-1">{t("walletBackup")}</span>
          <Chip tone={wallet.kept ? "good" : "wait"}>{wallet.kept ? t("walletKept") : t("walletNotKept")}</Chip>
          <Button
            small
            look="plain"
            aria-label={`${t("showWords")}: ${t("walletBackup")}`}
            onClick={() => setShowing(true)}
          >
            {t("showWords")}
          </Button>
        </div>
      )}
      {showing && wallet && (
        <WordsSheet
          wallet={wallet}
          onClose={() => setShowing(false)}
          onKept={() => {
            setWallet({ ...wallet, kept: true });
            setShowing(false);
          }}
        />
      )}
    </Section>
  );
}

interface WordsSheetProps {
  wallet: LocalWallet;
  onClose(): void;
  onKept(): void;
}

function WordsSheet({ wallet, onClose, onKept }: WordsSheetProps) {
  const t = useTranslations("join.backup");
  const keep = async () => {
    await markLocalWalletKept();
    onKept();
  };
  return (
    <Sheet open onClose={onClose} title={t("title")} description={t("lead")}>
      <RecoveryWords words={wallet.words} />
      {!wallet.kept && (
        <Button look="primary" className="mt-5 w-full" onClick={() => void keep()}>
          {t("kept")}
        </Button>
      )}
    </Sheet>
  );
}
