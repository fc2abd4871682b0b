"use client";
import { CircleUserRound, MessageCircle, Phone } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect } from "react";
import { parsePlace, useHash } from "../../lib/hash.ts";
import { onDemand } from "../../lib/on-demand.ts";
import { Mark } from "../../ui/brand.tsx";
import { cx } from "../../ui/cx.ts";
import { useCalls } from "../calls/model.ts";
import { unreadTotal, useChats } from "../chats/model.ts";
import { requestsOf, useContacts } from "../contacts/model.ts";
import { RevokedLine } from "../devices/revoked-line.tsx";
import { TransferLine } from "../devices/transfer-line.tsx";
import { useClient } from "../session/use-client.ts";
import { attachAll } from "./attach.ts";
import { Notifier } from "./notifier.tsx";
import { ThinLine } from "./thin-line.tsx";

const CallLayer = onDemand(() => import("../calls/call-layer.tsx"));

/** Rail on wide screens, bar within the thumb's reach on a phone; the call floats above both. */
export function Shell({ children }: { children: ReactNode }) {
  const client = useClient();
  const t = useTranslations("common");
  const inCall = useCalls((state) => state.snapshot !== undefined);
  const hash = useHash();
  const path = usePathname();
  const reading = path.startsWith("/chats") && parsePlace(hash) !== undefined;
  useEffect(() => attachAll(client), [client]);
  return (
    <div className="flex h-dvh flex-col overflow-hidden wide:flex-row">
      <button
        type="button"
        onClick={() => document.getElementById("content")?.focus()}
        className="sr-only z-50 rounded-sm bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {t("skip")}
      </button>
      <Rail className="max-wide:hidden" />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col pt-[var(--safe-top)]">
        <ThinLine />
        <RevokedLine />
        <TransferLine />
        <div id="content" tabIndex={-1} className="min-h-0 flex-1 outline-none!">
          {children}
        </div>
      </div>
      {!reading && <Bar className="wide:hidden" />}
      {inCall && <CallLayer />}
      <Notifier />
    </div>
  );
}

function useEntries() {
  const t = useTranslations("nav");
  const unread = useChats((state) => unreadTotal(state.conversations));
  const requests = useContacts((state) => requestsOf(state.contacts).length);
  return [
    { href: "/chats/", label: t("chats"), icon: MessageCircle, count: unread + requests },
    { href: "/calls/", label: t("calls"), icon: Phone, count: 0 },
    { href: "/me/", label: t("me"), icon: CircleUserRound, count: 0 },
  ];
}

function Rail({ className }: { className?: string }) {
  const t = useTranslations("nav");
  const entries = useEntries();
  return (
    <nav
      aria-label={t("label")}
      className={cx(
        "flex w-20 shrink-0 flex-col items-center gap-1 border-r border-hairline bg-surface py-4",
        className,
      )}
    >
      <div className="mb-4 flex h-11 items-center">
        <Mark size={30} />
      </div>
      {entries.map((entry, index) => (
        <Entry
          key={entry.href}
          {...entry}
          className={cx("w-16 rounded-md py-2", index === entries.length - 1 && "mt-auto")}
        />
      ))}
    </nav>
  );
}

function Bar({ className }: { className?: string }) {
  const t = useTranslations("nav");
  return (
    <nav
      aria-label={t("label")}
      className={cx("flex shrink-0 border-t border-hairline bg-surface pb-[var(--safe-bottom)]", className)}
    >
      {useEntries().map((entry) => (
        <Entry key={entry.href} {...entry} className="h-15 flex-1" />
      ))}
    </nav>
  );
}

interface EntryProps {
  href: string;
  label: string;
  icon: typeof Phone;
  count: number;
  className?: string;
}

function Entry({ href, label, icon: Icon, count, className }: EntryProps) {
  const t = useTranslations("nav");
  const path = usePathname();
  const here = path.startsWith(href.slice(0, -1)) || (href === "/chats/" && /^\/(add|groups)\b/.test(path));
  return (
    <Link
      href={href}
      aria-current={here ? "page" : undefined}
      className={cx(
        "pressable relative flex flex-col items-center justify-center gap-1 text-12 font-medium",
        here ? "text-accent-ink" : "text-ink-soft hover:text-ink",
        className,
      )}
    >
      <span className={cx("pressable relative rounded-full px-4 py-1", here && "bg-accent-soft")}>
        <Icon aria-hidden className="size-5" strokeWidth={here ? 2.25 : 1.9} />
        {count > 0 && (
          <span
            aria-hidden
            className="tabular absolute -top-1 right-0.5 flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-accent px-1 text-[0.6875rem] leading-none font-semibold text-on-accent"
          >
            {count > 99 ? "99+" : count}
          </span>
        )}
      </span>
      {label}
      {count > 0 && <span className="sr-only">, {t("unread", { count })}</span>}
    </Link>
  );
}
