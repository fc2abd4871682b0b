"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { markLocalWalletKept, readLocalWallet } from "../wallet/local-wallet.ts";
import { RecoveryWords } from "../wallet/recovery-words.tsx";
import { Frame } from "./frame.tsx";
import { useJoin } from "./model.ts";

export function WordsScreen() {
  const t = useTranslations("join.backup");
  const common = useTranslations("common");
  const go = useJoin((state) => state.go);
  const [words, setWords] = useState("");
  const [kept, setKept] = useState(false);
  useEffect(() => void readLocalWallet().then((wallet) => setWords(wallet?.words ?? "")), []);

  const next = async () => {
    await markLocalWalletKept();
    go("name");
  };

  return (
    <Frame step={1} title={t("title")} lead={t("lead")} open={0.2} onBack={() => go("wallet")}>
      <RecoveryWords words={words} />
      <label className="mt-5 flex min-h-11 items-center gap-3">
        <input
          type="checkbox"
          checked={kept}
          onChange={(event) => setKept(event.target.checked)}
          className="size-5 accent-accent"
        />
        {t("kept")}
      </label>
      <div className="mt-4 flex flex-wrap gap-3">
        <Button look="primary" disabled={!kept} onClick={() => void next()}>
          {common("continue")}
        </Button>
        <Button look="plain" onClick={() => go("name")}>
          {t("later")}
        </Button>
      </div>
    </Frame>
  );
}
