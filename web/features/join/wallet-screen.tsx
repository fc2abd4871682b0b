"use client";
import { KeyRound, PenLine, Wallet } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { codeOf } from "../../lib/errors.ts";
import { onDemand } from "../../lib/on-demand.ts";
import type { ErrorCode } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Option } from "../../ui/option.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useErrorText } from "../shell/use-error-text.ts";
import { createLocalWallet, type LocalWallet, readLocalWallet, signerOf } from "../wallet/local-wallet.ts";
import { Frame } from "./frame.tsx";
import { useJoin } from "./model.ts";

const InjectedWallets = onDemand(
  () => import("../wallet/injected-wallets.tsx"),
  <Skeleton className="h-16 rounded-md" />,
);

export function WalletScreen() {
  const t = useTranslations("join.wallet");
  const errorText = useErrorText();
  const { go, chooseWallet } = useJoin();
  const [here, setHere] = useState<LocalWallet>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorCode>();
  useEffect(() => {
    readLocalWallet().then(setHere, () => undefined); // unreadable: then a new one can be made
  }, []);

  const enter = async (open: () => Promise<LocalWallet>, next: "words" | "name") => {
    setBusy(true);
    setError(undefined);
    try {
      chooseWallet(await signerOf(await open()), "here");
      go(next);
    } catch (failed) {
      setError(codeOf(failed) === "UNEXPECTED" ? "STORE_FAILED" : codeOf(failed));
    }
    setBusy(false);
  };

  return (
    <Frame step={1} title={t("title")} lead={t("lead")} open={0.12}>
      <div className="flex flex-col gap-3">
        <InjectedWallets
          onError={setError}
          onWallet={(signer) => {
            chooseWallet(signer, "browser");
            go("name");
          }}
        />
        {here ? (
          <Option
            icon={<Wallet aria-hidden className="size-5" />}
            title={t("here")}
            busy={busy}
            onClick={() => void enter(async () => here, here.kept ? "name" : "words")}
          />
        ) : (
          <Option
            icon={<PenLine aria-hidden className="size-5" />}
            title={t("create")}
            hint={t("createHint")}
            busy={busy}
            onClick={() => void enter(createLocalWallet, "words")}
          />
        )}
        <Button look="plain" className="self-start px-3!" onClick={() => go("restore")}>
          <KeyRound aria-hidden className="size-4.5" />
          {t("words")}
        </Button>
        <p role="alert" className="min-h-5 text-13 text-bad">
          {error && errorText(error)}
        </p>
      </div>
    </Frame>
  );
}
