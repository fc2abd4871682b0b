"use client";
import { useTranslations } from "next-intl";
import { Button } from "../../ui/button.tsx";
import { restoreLocalWallet } from "../wallet/local-wallet.ts";
import { WordsForm } from "../wallet/words-form.tsx";
import { Frame } from "./frame.tsx";
import { useJoin } from "./model.ts";

export function RestoreScreen() {
  const t = useTranslations("join.restore");
  const { go, chooseWallet } = useJoin();
  return (
    <Frame step={1} title={t("title")} open={0.12} onBack={() => go("wallet")}>
      <WordsForm
        open={restoreLocalWallet}
        onWallet={(wallet) => {
          chooseWallet(wallet, "here");
          go("name");
        }}
      >
        {(blank) => (
          <Button type="submit" look="primary" className="mt-4 max-wide:w-full" disabled={blank}>
            {t("action")}
          </Button>
        )}
      </WordsForm>
    </Frame>
  );
}
