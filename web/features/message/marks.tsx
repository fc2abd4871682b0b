"use client";
import { Ban, Forward, History, Star } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { cx } from "../../ui/cx.ts";
import { Tip } from "../../ui/tip.tsx";

/** Beside the time: the words were changed, and when. */
export function EditedMark({ at }: { at: number }) {
  const t = useTranslations("marks");
  const format = useFormatter();
  const when = format.dateTime(at, { dateStyle: "medium", timeStyle: "short" });
  return (
    <Tip text={t("editedAt", { when })} side="top">
      <span>{t("edited")}</span>
    </Tip>
  );
}

/** Beside the time: the reader keeps this one. */
export function StarMark() {
  const t = useTranslations("marks");
  return <Star role="img" aria-label={t("starred")} className="size-3.5 fill-current text-accent-ink" />;
}

/** Above the words: they are not the sender's own. */
export function ForwardedMark() {
  const t = useTranslations("marks");
  return (
    <p className="mb-0.5 flex items-center gap-1 text-12 text-ink-soft italic">
      <Forward aria-hidden className="size-3.5" />
      {t("forwarded")}
    </p>
  );
}

/** Above the words: an admin says that somebody said them before the reader came. */
export function SharedMark({ by }: { by: string }) {
  const t = useTranslations("marks");
  return (
    <Tip text={t("sharedMeans", { name: by })} side="top">
      <p className="mb-0.5 flex items-center gap-1 text-12 text-ink-soft">
        <History aria-hidden className="size-3.5 shrink-0" />
        <bdi className="min-w-0 truncate">{t("sharedBy", { name: by })}</bdi>
      </p>
    </Tip>
  );
}

interface DeletedMessageProps {
  outgoing: boolean;
  /** Name of the admin, when it was not the sender. */
  admin?: string | undefined;
}

/** In place of words taken back. */
export function DeletedMessage({ outgoing, admin }: DeletedMessageProps) {
  const t = useTranslations("marks");
  const words = admin ? t("deletedByAdmin", { name: admin }) : t(outgoing ? "deletedByMe" : "deleted");
  return (
    <p
      className={cx(
        "flex w-fit items-center gap-2 rounded-lg border border-dashed border-edge px-3.5 py-2 text-13 text-ink-soft italic",
        outgoing && "ml-auto",
      )}
    >
      <Ban aria-hidden className="size-4 shrink-0" />
      {words}
    </p>
  );
}
