"use client";
import { ArrowLeft, Lock, LockKeyhole, ShieldAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { goTo } from "../../lib/hash.ts";
import type { ConversationSummary } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { CallButtons } from "../calls/call-buttons.tsx";
import { ConversationFace } from "./conversation-face.tsx";
import { titleOf } from "./names.ts";

interface HeaderProps {
  summary: ConversationSummary;
  /** What the name opens: who can read this; of a group everything about it. */
  onDetails(): void;
  /** What can be done with the conversation. */
  menu: ReactNode;
}

export function Header({ summary, onDetails, menu }: HeaderProps) {
  const t = useTranslations("conversation");
  const common = useTranslations("common");
  const { certificate } = summary;
  const contact = summary.kind === "pair" ? summary.contact : undefined;
  const chats = useTranslations("chats");
  const certified = certificate.state === "certified";
  const trusted = certified ? t("certified") : certificate.state === "waiting" ? t("certifying") : t("encrypted");
  const state = contact?.problem
    ? { words: chats(contact.problem.code === "IDENTITY_REVOKED" ? "revoked" : "changed"), Icon: ShieldAlert }
    : { words: trusted, brief: certified ? t("certifiedBrief") : t("encrypted"), Icon: certified ? LockKeyhole : Lock };
  const people = summary.kind === "group" ? `${t("people", { count: summary.group.people.length })} · ` : "";
  return (
    <header className="flex h-15 shrink-0 items-center gap-1 border-b border-hairline pr-2 pl-2 wide:pl-4">
      <IconButton label={common("back")} className="wide:hidden" onClick={() => goTo(undefined)}>
        <ArrowLeft aria-hidden className="size-5" />
      </IconButton>
      <button
        type="button"
        onClick={onDetails}
        className="pressable mr-auto flex min-h-12 min-w-0 items-center gap-3 rounded-md py-1 pr-3 pl-1 text-left hover:bg-raised"
      >
        <ConversationFace summary={summary} size={38} />
        <span className="min-w-0">
          <span className="block truncate leading-tight font-semibold">
            <bdi>{titleOf(summary)}</bdi>
          </span>
          <span className="sr-only">{t("trust")}:</span>
          <span
            className={cx(
              "flex items-center gap-1 text-12",
              contact?.problem ? "font-medium text-bad" : certified ? "text-good" : "text-ink-faint",
            )}
          >
            <state.Icon aria-hidden className="size-3 shrink-0" />
            <span className={cx("truncate", state.brief && "max-wide:hidden")}>{people + state.words}</span>
            {state.brief && <span className="truncate wide:hidden">{people + state.brief}</span>}
          </span>
        </span>
      </button>
      {contact && <CallButtons contact={contact} />}
      {menu}
    </header>
  );
}
