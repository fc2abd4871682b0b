"use client";
import { ArrowLeft, Lock, LockKeyhole } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, Suspense, useState } from "react";
import { goTo } from "../../lib/hash.ts";
import type { ConversationSummary } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { CallButtons } from "../calls/call-buttons.tsx";

const TrustSheet = lazy(() => import("../trust/trust-sheet.tsx"));

export function Header({ summary }: { summary: ConversationSummary }) {
  const t = useTranslations("conversation");
  const common = useTranslations("common");
  const [trust, setTrust] = useState(false);
  const { contact, certificate } = summary;
  const certified = certificate.state === "certified";
  const state = certified ? t("certified") : certificate.state === "waiting" ? t("certifying") : t("encrypted");
  return (
    <header className="flex h-15 shrink-0 items-center gap-1 border-b border-hairline pr-2 pl-2 wide:pl-4">
      <IconButton label={common("back")} className="wide:hidden" onClick={() => goTo(undefined)}>
        <ArrowLeft aria-hidden className="size-5" />
      </IconButton>
      <button
        type="button"
        onClick={() => setTrust(true)}
        className="pressable mr-auto flex min-h-12 min-w-0 items-center gap-3 rounded-md py-1 pr-3 pl-1 text-left hover:bg-raised"
      >
        <Avatar seed={contact.publicId} size={38} ring={contact.verified ? "verified" : undefined} />
        <span className="min-w-0">
          <span className="block truncate leading-tight font-semibold">{contact.pseudonym}</span>
          <span className="sr-only">{t("trust")}:</span>
          <span className={cx("flex items-center gap-1 truncate text-12", certified ? "text-good" : "text-ink-faint")}>
            {certified ? <LockKeyhole aria-hidden className="size-3" /> : <Lock aria-hidden className="size-3" />}
            {state}
          </span>
        </span>
      </button>
      <CallButtons contact={contact} />
      {trust && (
        <Suspense fallback={null}>
          <TrustSheet summary={summary} onClose={() => setTrust(false)} />
        </Suspense>
      )}
    </header>
  );
}
