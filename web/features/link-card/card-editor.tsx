"use client";
import { Link2, ShieldAlert, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { IconButton } from "../../ui/icon-button.tsx";
import { type CardDraft, emptyCard, maxDescription, maxTitle, sameCard } from "./draft.ts";
import { hostOf } from "./host.ts";

interface CardEditorProps {
  /** The link in the text. */
  url: string;
  /** Undefined while nobody wants a card. */
  card: CardDraft | undefined;
  onChange(card: CardDraft | undefined): void;
  /** Back to the words. */
  onDone(): void;
}

/** Above the composer, while a link stands in the text: the sender's own words about it. Nothing is fetched. */
export function CardEditor({ url, card, onChange, onDone }: CardEditorProps) {
  const t = useTranslations("linkCard");
  const title = useRef<HTMLInputElement>(null);
  const asked = useRef(false);
  const host = hostOf(url);
  const open = card !== undefined;
  useEffect(() => {
    // A card that came with an edited message takes no focus away.
    if (open && asked.current) title.current?.focus();
    asked.current = false;
  }, [open]);
  if (!host) return null;
  if (!card) {
    return (
      <button
        type="button"
        onClick={() => {
          asked.current = true;
          onChange(emptyCard);
        }}
        className="pressable anim-fade relative mb-1.5 inline-flex h-7 max-w-full items-center gap-1.5 rounded-full bg-raised px-2.5 text-12 font-medium text-ink-soft after:absolute after:-inset-2 hover:bg-sunken hover:text-ink"
      >
        <Link2 aria-hidden className="size-3.5 shrink-0" />
        <span className="truncate">{t("add", { host: host.shown })}</span>
      </button>
    );
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key !== "Escape" && event.key !== "Enter") return;
    // What was typed stays; a card in which nothing stands goes.
    if (sameCard(card, undefined)) onChange(undefined);
    event.preventDefault();
    event.stopPropagation();
    onDone();
  };
  const remove = () => {
    onChange(undefined);
    onDone();
  };
  const field = "w-full min-w-0 bg-transparent outline-none! placeholder:text-ink-faint";
  return (
    <section aria-label={t("label")} className="anim-rise mb-1.5 flex items-start rounded-md bg-raised">
      <div className="my-2 ml-3 min-w-0 flex-1 border-l-[3px] border-accent pl-2.5">
        <input
          ref={title}
          aria-label={t("title")}
          placeholder={t("title")}
          value={card.title}
          maxLength={maxTitle}
          onChange={(event) => onChange({ ...card, title: event.target.value })}
          onKeyDown={onKeyDown}
          className={`${field} h-7 text-15 font-semibold`}
        />
        <input
          aria-label={t("description")}
          placeholder={t("description")}
          value={card.description}
          maxLength={maxDescription}
          onChange={(event) => onChange({ ...card, description: event.target.value })}
          onKeyDown={onKeyDown}
          className={`${field} h-7 text-13`}
        />
        <p className="mt-0.5 flex items-center gap-1.5 text-12 text-ink-soft">
          {host.lookAlike ? (
            <ShieldAlert aria-hidden className="size-3.5 shrink-0 text-bad" />
          ) : (
            <Link2 aria-hidden className="size-3.5 shrink-0" />
          )}
          <bdi className="truncate font-medium">{host.shown}</bdi>
          {host.lookAlike && <span className="shrink-0 text-bad">{t("lookAlike")}</span>}
        </p>
      </div>
      <IconButton label={t("remove")} tipSide="top" onClick={remove}>
        <X aria-hidden className="size-4.5" />
      </IconButton>
    </section>
  );
}
