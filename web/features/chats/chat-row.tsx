"use client";
import { Ban, Clock, Phone, PhoneMissed, ShieldAlert, ShieldCheck, Video } from "lucide-react";
import { useTranslations } from "next-intl";
import type { MouseEvent, ReactNode } from "react";
import { goTo, type Place, placeHash } from "../../lib/hash.ts";
import type { Contact, ConversationSummary, Message } from "../../lib/types.ts";
import { useListTime } from "../../lib/when.ts";
import { cx } from "../../ui/cx.ts";
import { Face } from "../contacts/face.tsx";

interface RowProps {
  place: NonNullable<Place>;
  contact: Contact;
  selected: boolean;
  at: number | undefined;
  strong?: boolean;
  children: ReactNode;
  end?: ReactNode;
}

function Row({ place, contact, selected, at, strong, children, end }: RowProps) {
  const common = useTranslations("common");
  const time = useListTime();
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    goTo(place);
  };
  return (
    <li>
      <a
        href={`/chats/${placeHash(place)}`}
        aria-current={selected ? "true" : undefined}
        onClick={open}
        className={cx(
          "pressable flex items-center gap-3 rounded-md px-3 py-2.5",
          selected ? "bg-accent-soft" : "hover:bg-raised active:bg-raised",
        )}
      >
        <Face contact={contact} size={46} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className={cx("truncate", strong ? "font-semibold" : "font-medium")}>{contact.pseudonym}</span>
            {contact.verified && !contact.problem && (
              <ShieldCheck
                role="img"
                aria-label={common("verified")}
                className="size-3.5 shrink-0 self-center text-good"
              />
            )}
            {at !== undefined && (
              <time
                dateTime={new Date(at).toISOString()}
                className={cx(
                  "tabular ml-auto shrink-0 text-12",
                  strong ? "font-medium text-accent-ink" : "text-ink-faint",
                )}
              >
                {time(at)}
              </time>
            )}
          </span>
          <span className="mt-0.5 flex items-center gap-2">
            <span className={cx("min-w-0 flex-1 truncate text-13", strong ? "text-ink" : "text-ink-soft")}>
              {children}
            </span>
            {end}
          </span>
        </span>
      </a>
    </li>
  );
}

interface ChatRowProps {
  summary: ConversationSummary;
  typing: boolean;
  selected: boolean;
}

export function ChatRow({ summary, typing, selected }: ChatRowProps) {
  const t = useTranslations("chats");
  const { contact, last, unread } = summary;
  return (
    <Row
      place={{ conversation: summary.id }}
      contact={contact}
      selected={selected}
      at={last?.at ?? contact.since}
      strong={unread > 0}
      end={
        unread > 0 && (
          <span className="tabular flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full bg-accent px-1.5 text-12 font-semibold text-on-accent">
            <span aria-hidden>{unread > 99 ? "99+" : unread}</span>
            <span className="sr-only">{t("unread", { count: unread })}</span>
          </span>
        )
      }
    >
      {typing ? (
        <span className="text-accent-ink">{t("typing")}…</span>
      ) : contact.state === "blocked" ? (
        t("blocked")
      ) : contact.problem ? (
        <span className="flex items-center gap-1.5 font-medium text-bad">
          <ShieldAlert aria-hidden className="size-3.5 shrink-0" />
          {t(contact.problem.code === "IDENTITY_REVOKED" ? "revoked" : "changed")}
        </span>
      ) : (
        <Preview last={last} />
      )}
    </Row>
  );
}

function Preview({ last }: { last: Message | undefined }) {
  const t = useTranslations("chats");
  if (!last) return <span className="text-accent-ink">{t("start")}</span>;
  if (last.body.type === "text") return last.outgoing ? t("you", { text: last.body.text }) : last.body.text;
  const { video, outcome } = last.body;
  const missed = !last.outgoing && outcome === "missed";
  const Icon = missed ? PhoneMissed : video ? Video : Phone;
  const words = missed ? t(video ? "missedVideo" : "missedAudio") : t(video ? "callVideo" : "callAudio");
  return (
    <span className={cx("flex items-center gap-1.5", missed && "text-bad")}>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {words}
    </span>
  );
}

export function PendingRow({ contact, selected }: { contact: Contact; selected: boolean }) {
  const t = useTranslations("chats");
  const words = { "request-sent": t("waiting"), declined: t("declined"), blocked: t("blocked") };
  const state = contact.state as keyof typeof words;
  const Icon = state === "request-sent" ? Clock : Ban;
  return (
    <Row place={{ person: contact.publicId }} contact={contact} selected={selected} at={contact.since}>
      <span className={cx("flex items-center gap-1.5", state === "request-sent" && "text-wait")}>
        <Icon aria-hidden className="size-3.5 shrink-0" />
        {words[state]}
      </span>
    </Row>
  );
}
