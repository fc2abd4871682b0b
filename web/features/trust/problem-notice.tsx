"use client";
import { Link2, ShieldAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Contact } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Renew } from "./renew.tsx";

interface ProblemNoticeProps {
  contact: Contact;
  /** Opens the sheet with the safety number, where it is not open already. */
  onCompare?: () => void;
}

/** Why nothing is sent to this person any more, and what one can do about it. */
export function ProblemNotice({ contact, onCompare }: ProblemNoticeProps) {
  const t = useTranslations("trust");
  const { pseudonym: name, problem } = contact;
  if (!problem) return null;
  const revoked = problem.code === "IDENTITY_REVOKED";
  return (
    <div role="alert" className="flex gap-3 text-ink">
      <ShieldAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold text-bad">{t(revoked ? "revokedTitle" : "changedTitle", { name })}</p>
        <p className="reading mt-0.5 text-13">{t(revoked ? "revoked" : "changed", { name })}</p>
        <div className="mt-2.5 flex flex-wrap items-center gap-2">
          {!revoked && <Renew contact={contact} look="danger" />}
          {!revoked && onCompare && (
            <Button small look="outline" onClick={onCompare}>
              {t("compare")}
            </Button>
          )}
          <Button small look="outline" asChild>
            <Link href="/add/">
              <Link2 aria-hidden className="size-4" />
              {t("newLink")}
            </Link>
          </Button>
        </div>
      </div>
    </div>
  );
}
