"use client";
import type { AgreementDraft } from "@skrumble/sdk/agreements";
import { useTranslations } from "next-intl";

/** Where an amount reads like money and the token only calls itself so: before anybody signs or pays. */
export function UnlistedToken({ draft: { money } }: { draft: Pick<AgreementDraft, "money"> }) {
  const t = useTranslations("money");
  if (!money) return null;
  const { symbol, token } = money.asset;
  return (
    <div role="note" className="my-3 rounded-md bg-wait-soft px-3 py-2 text-13 text-wait">
      <p>{t("warn.unlisted", { symbol })}</p>
      <code className="mt-1 block text-12 break-all">{token}</code>
    </div>
  );
}
