"use client";
import { KeyRound, Wallet } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { codeOf } from "../../lib/errors.ts";
import { onDemand } from "../../lib/on-demand.ts";
import type { ErrorCode, WalletSigner } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Option } from "../../ui/option.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useRun } from "../groups/use-run.ts";
import { useStandstill } from "../shell/connection.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { walletFrom } from "./local-wallet.ts";
import { useOwnWallet } from "./use-own-wallet.ts";
import { WordsForm } from "./words-form.tsx";

const InjectedWallets = onDemand(() => import("./injected-wallets.tsx"), <Skeleton className="h-16 rounded-md" />);

/** What the person did themselves. */
const silent = new Set<ErrorCode>(["WALLET_REFUSED", "ABORTED"]);

interface WalletWaysProps {
  /** What is confirmed, in a word or two: the wallet made here then confirms it with one button, and no other is offered. */
  action?: string;
  /** What is done with the wallet. When it did not work, why is said here. */
  onWallet(wallet: WalletSigner): Promise<unknown>;
  onDone(): void;
}

/** The owner's wallet, wherever it is: made here, offered by this browser, or opened by its recovery words. */
export function WalletWays({ action, onWallet, onDone }: WalletWaysProps) {
  const t = useTranslations("walletSheet");
  const wallet = useTranslations("join.wallet");
  const line = useTranslations("line");
  const errorText = useErrorText();
  const isStanding = useStandstill();
  const here = useOwnWallet();
  const [typing, setTyping] = useState(false);
  const [failed, setFailed] = useState<ErrorCode>();
  const { busy, error, run } = useRun<"confirm">();
  const waiting = busy !== undefined;
  const there = useThere();
  const confirm = async (signer: WalletSigner) => {
    setFailed(undefined);
    const done = await run("confirm", () =>
      onWallet(signer).catch((failure: unknown) => {
        // Closed while the wallet asked: nobody would read it here.
        if (!there.current && !silent.has(codeOf(failure))) toast.error(errorText(codeOf(failure)));
        throw failure;
      }),
    );
    if (done && there.current) onDone();
  };
  const shown = error ?? failed;
  const mine = here && action !== undefined;
  return (
    <div className="flex flex-col gap-3">
      {mine ? (
        <Button look="primary" className="w-full" busy={waiting} onClick={() => void confirm(here)}>
          {action}
        </Button>
      ) : typing ? (
        /* They sign this once, and are not kept here. */
        <WordsForm open={walletFrom} onWallet={confirm}>
          {(blank) => (
            <Button type="submit" look="primary" className="w-full" disabled={blank} busy={waiting}>
              {action ?? t("confirm")}
            </Button>
          )}
        </WordsForm>
      ) : here === undefined && action !== undefined ? (
        <Skeleton className="h-16 rounded-md" />
      ) : (
        <>
          {here && (
            <Option
              icon={<Wallet aria-hidden className="size-5" />}
              title={wallet("here")}
              busy={waiting}
              onClick={() => void confirm(here)}
            />
          )}
          <InjectedWallets
            quiet={Boolean(here)}
            confirms={action !== undefined}
            onError={setFailed}
            onWallet={confirm}
          />
          {!here && (
            <Button look="plain" className="self-start px-3!" disabled={waiting} onClick={() => setTyping(true)}>
              <KeyRound aria-hidden className="size-4.5" />
              {wallet("words")}
            </Button>
          )}
        </>
      )}
      <p role="status" className="sr-only">
        {waiting && !here && t("waiting")}
      </p>
      <p role="status" className="text-13 text-ink-soft">
        {waiting && isStanding && line("waits")}
      </p>
      <p role="alert" className="text-13 text-bad">
        {shown && errorText(shown)}
      </p>
    </div>
  );
}

/** False once it has been closed. */
function useThere() {
  const there = useRef(true);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);
  return there;
}
