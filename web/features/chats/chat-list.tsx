"use client";
import { Archive, QrCode, Search, UserPlus, UsersRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { parsePlace, useHash } from "../../lib/hash.ts";
import { useMediaQuery, wideScreen } from "../../lib/media-query.ts";
import { onDemand } from "../../lib/on-demand.ts";
import type { ConversationSummary } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { TwoChairs } from "../../ui/drawings.tsx";
import { Empty } from "../../ui/empty.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { ListSkeleton } from "../../ui/skeleton.tsx";
import { pendingOf, requestsOf, useContacts } from "../contacts/model.ts";
import { titleOf } from "../conversation/names.ts";
import { BringHere } from "../devices/bring-here.tsx";
import { NoticeOffer } from "../notifications/notice-offer.tsx";
import { ChatRow, PendingRow } from "./chat-row.tsx";
import { inOrder, useChats } from "./model.ts";
import { RequestCard } from "./request-card.tsx";
import { WordsReminder } from "./words-reminder.tsx";

const CardSheet = onDemand(() => import("./card-sheet.tsx"));

export function ChatList({ className }: { className?: string }) {
  const t = useTranslations("chats");
  const router = useRouter();
  const { contacts, loaded: contactsLoaded } = useContacts();
  const { conversations, typing, loaded } = useChats();
  const [query, setQuery] = useState("");
  const [card, setCard] = useState(false);
  const place = parsePlace(useHash());
  const wide = useMediaQuery(wideScreen);
  // On a wide screen with nothing open the card is there already; one is enough.
  const showCard = () => {
    if (wide && !place) document.getElementById("my-link")?.focus();
    else setCard(true);
  };
  const fits = (pseudonym: string) => pseudonym.toLowerCase().includes(query.trim().toLowerCase());
  const requests = requestsOf(contacts).filter(({ pseudonym }) => fits(pseudonym));
  const pending = pendingOf(contacts).filter(({ pseudonym }) => fits(pseudonym));
  const chats = inOrder(conversations).filter((summary) => fits(titleOf(summary)));
  const current = chats.filter(({ flags }) => !flags.archived);
  const archived = chats.filter(({ flags }) => flags.archived);
  const total = Object.keys(conversations).length + Object.keys(contacts).length;
  const shown = requests.length + pending.length + chats.length;
  const row = (summary: ConversationSummary) => (
    <ChatRow
      key={summary.id}
      summary={summary}
      typing={typing[summary.id]}
      selected={place !== undefined && "conversation" in place && place.conversation === summary.id}
    />
  );

  return (
    <section aria-label={t("title")} className={cx("flex min-h-0 shrink-0 flex-col bg-surface", className)}>
      <header className="flex items-center gap-0.5 pt-2 pr-2 pl-5">
        <h1 className="flex-1 text-20 font-semibold tracking-[-0.015em]">{t("title")}</h1>
        <IconButton label={t("myCard")} onClick={showCard}>
          <QrCode aria-hidden className="size-5" />
        </IconButton>
        <IconButton label={t("addContact")} onClick={() => router.push("/add/")}>
          <UserPlus aria-hidden className="size-5" />
        </IconButton>
        <IconButton label={t("newGroup")} onClick={() => router.push("/groups/new/")}>
          <UsersRound aria-hidden className="size-5" />
        </IconButton>
      </header>
      {total > 4 && (
        <div className="px-4 pt-1 pb-2">
          <label className="pressable flex h-10 items-center gap-2 rounded-md bg-raised px-3 text-ink-faint focus-within:bg-sunken">
            <Search aria-hidden className="size-4" />
            <input
              type="search"
              aria-label={t("search")}
              placeholder={t("search")}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
              className="w-full bg-transparent text-15 text-ink outline-none"
            />
          </label>
        </div>
      )}
      <WordsReminder otherwise={<NoticeOffer />} />
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain pb-3">
        {!loaded || !contactsLoaded ? (
          <ListSkeleton />
        ) : total === 0 ? (
          <BringHere>
            <Empty
              drawing={<TwoChairs />}
              action={
                <Button look="primary" onClick={() => router.push("/add/")}>
                  {t("addContact")}
                </Button>
              }
            >
              {t("empty")}
            </Empty>
          </BringHere>
        ) : (
          <>
            {requests.length > 0 && (
              <section aria-label={t("requests")} className="flex flex-col gap-2 px-3 pt-1 pb-3">
                {requests.map((contact) => (
                  <RequestCard key={contact.publicId} contact={contact} />
                ))}
              </section>
            )}
            <ul aria-label={t("list")} className="px-2">
              {pending.map((contact) => (
                <PendingRow
                  key={contact.publicId}
                  contact={contact}
                  selected={place !== undefined && "person" in place && place.person === contact.publicId}
                />
              ))}
              {current.map(row)}
            </ul>
            {archived.length > 0 && (
              <details className="px-2 pt-2">
                <summary className="pressable flex min-h-11 cursor-pointer items-center gap-3 rounded-md px-3 text-13 font-medium text-ink-soft hover:bg-raised">
                  <Archive aria-hidden className="size-4" />
                  {t("archived", { count: archived.length })}
                </summary>
                <ul aria-label={t("archived", { count: archived.length })}>{archived.map(row)}</ul>
              </details>
            )}
            {shown === 0 && <p className="px-5 py-8 text-center text-ink-faint">{t("noMatch")}</p>}
          </>
        )}
      </div>
      {card && <CardSheet onClose={() => setCard(false)} />}
    </section>
  );
}
