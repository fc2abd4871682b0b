"use client";
import { KeyRound } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { readLocalWallet } from "../wallet/local-wallet.ts";

/** Asks for the backup until it is made: without the words nobody can come back. Everything else waits for that. */
export function WordsReminder({ otherwise }: { otherwise: ReactNode }) {
  const t = useTranslations("me");
  const [due, setDue] = useState<boolean>();
  useEffect(() => {
    readLocalWallet().then(
      (wallet) => setDue(wallet !== undefined && !wallet.kept),
      () => setDue(false),
    );
  }, []);
  if (due === undefined) return null;
  if (!due) return otherwise;
  return (
    <p className="anim-fade mx-3 mb-2 flex items-start gap-3 rounded-md bg-wait-soft px-3 py-2.5 text-13 text-wait">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        {t("reminder")}{" "}
        <Link href="/me/#words" className="font-semibold whitespace-nowrap underline underline-offset-4">
          {t("reminderAction")}
        </Link>
      </span>
    </p>
  );
}
