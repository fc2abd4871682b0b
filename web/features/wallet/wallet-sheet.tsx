"use client";
import { KeyRound, Wallet } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useId, useState } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import type { ErrorCode, WalletSigner } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Option } from "../../ui/option.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useRun } from "../groups/use-run.ts";
import { useIdentity } from "../session/use-client.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { readLocalWallet, signerOf, walletFrom } from "./local-wallet.ts";
import { WordsForm } from "./words-form.tsx";

const InjectedWallets = onDemand(() => import("./injected-wallets.tsx"), <Skeleton className="h-16 rounded-md" />);

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
  const wallet = useTranslations("join.wallet");
  const common = useTranslations("common");
  const errorText = useErrorText();
  const { wallet: owner } = useIdentity();
  const form = useId();
  const [here, setHere] = useState<WalletSigner>();
  const [typing, setTyping] = useState(false);
  const [failed, setFailed] = useState<ErrorCode>();
  const { busy, error, run } = useRun<"confirm">();
  useEffect(() => {
    const own = async () => {
      const local = await readLocalWallet();
      const signer = local && (await signerOf(local));
      if (signer?.address.toLowerCase() === owner.toLowerCase()) setHere(signer);
    };
    own().catch(() => undefined); // unreadable: then another way is left
  }, [owner]);
  const confirm = async (signer: WalletSigner) => {
    setFailed(undefined);
    if (await run("confirm", () => onWallet(signer))) onClose();
  };
  const shown = error ?? failed;
  return (
    <Sheet
      open
      onClose={onClose}
      title={t("title")}
      description={lead}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {common("cancel")}
          </Button>
          {typing && (
            <Button form={form} type="submit" look="primary" busy={busy !== undefined}>
              {t("confirm")}
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {typing ? (
          /* They sign this once, and are not kept here. */
          <WordsForm id={form} open={walletFrom} onWallet={confirm} />
        ) : (
          <>
            {here && (
              <Option
                icon={<Wallet aria-hidden className="size-5" />}
                title={wallet("here")}
                busy={busy !== undefined}
                onClick={() => void confirm(here)}
              />
            )}
            <InjectedWallets quiet={here !== undefined} onError={setFailed} onWallet={confirm} />
            {!here && (
              <Button look="plain" className="self-start px-3!" onClick={() => setTyping(true)}>
                <KeyRound aria-hidden className="size-4.5" />
                {wallet("words")}
              </Button>
            )}
          </>
        )}
        <p role="alert" className="text-13 text-bad">
          {shown && errorText(shown)}
        </p>
      </div>
    </Sheet>
  );
}
