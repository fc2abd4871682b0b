"use client";
import { Ban, BellOff, Clock, ShieldAlert, ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import type { MouseEvent, ReactNode } from "react";
import { goTo, type Place, placeHash } from "../../lib/hash.ts";
import type { Contact, ConversationSummary, PublicId } from "../../lib/types.ts";
import { useListTime } from "../../lib/when.ts";
import { cx } from "../../ui/cx.ts";
import { Face } from "../contacts/face.tsx";
import { ConversationFace } from "../conversation/conversation-face.tsx";
import { titleOf } from "../conversation/names.ts";
import { TypingText } from "../conversation/typing.tsx";
import { isMuted, lastActivity } from "./model.ts";
import { Preview } from "./preview.tsx";

interface RowProps {
  place: NonNullable<Place>;
  face: ReactNode;
  name: string;
  verified?: boolean;
  selected: boolean;
  at: number | undefined;
  strong?: boolean;
  children: ReactNode;
  end?: ReactNode;
}

function Row({ place, face, name, verified, selected, at, strong, children, end }: RowProps) {
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
        {face}
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className={cx("truncate", strong ? "font-semibold" : "font-medium")}>
              <bdi>{name}</bdi>
            </span>
            {verified && (
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
  /** Who is typing there. */
  typing: readonly PublicId[] | undefined;
  selected: boolean;
}

export function ChatRow({ summary, typing, selected }: ChatRowProps) {
  const t = useTranslations("chats");
  const { unread } = summary;
  const muted = isMuted(summary);
  const contact = summary.kind === "pair" ? summary.contact : undefined;
  return (
    <Row
      place={{ conversation: summary.id }}
      face={<ConversationFace summary={summary} size={46} />}
      name={titleOf(summary)}
      verified={contact?.verified === true && !contact.problem}
      selected={selected}
      at={lastActivity(summary)}
      strong={unread > 0}
      end={
        <>
          {muted && <BellOff role="img" aria-label={t("muted")} className="size-3.5 shrink-0 text-ink-faint" />}
          {unread > 0 && (
            <span
              className={cx(
                "tabular flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full px-1.5 text-12 font-semibold",
                muted ? "bg-sunken text-ink" : "bg-accent text-on-accent",
              )}
            >
              <span aria-hidden>{unread > 99 ? "99+" : unread}</span>
              <span className="sr-only">{t("unread", { count: unread })}</span>
            </span>
          )}
        </>
      }
    >
      {typing ? (
        <span className="text-accent-ink">
          <TypingText summary={summary} people={typing} />…
        </span>
      ) : contact?.state === "blocked" ? (
        t("blocked")
      ) : contact?.problem ? (
        <span className="flex items-center gap-1.5 font-medium text-bad">
          <ShieldAlert aria-hidden className="size-3.5 shrink-0" />
          {t(contact.problem.code === "IDENTITY_REVOKED" ? "revoked" : "changed")}
        </span>
      ) : (
        <Preview summary={summary} />
      )}
    </Row>
  );
}

export function PendingRow({ contact, selected }: { contact: Contact; selected: boolean }) {
  const t = useTranslations("chats");
  const words = { "request-sent": t("waiting"), declined: t("declined"), blocked: t("blocked") };
  const state = contact.state as keyof typeof words;
  const Icon = state === "request-sent" ? Clock : Ban;
  return (
    <Row
      place={{ person: contact.publicId }}
      face={<Face contact={contact} size={46} />}
      name={contact.pseudonym}
      verified={contact.verified && !contact.problem}
      selected={selected}
      at={contact.since}
    >
      <span className={cx("flex items-center gap-1.5", state === "request-sent" && "text-wait")}>
        <Icon aria-hidden className="size-3.5 shrink-0" />
        {words[state]}
      </span>
    </Row>
  );
}
