"use client";
import { PenLine, Reply, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { IconButton } from "../../ui/icon-button.tsx";
import { plainText } from "../markdown/plain.ts";
import type { Mode } from "./composer-mode.ts";
import type { NameOf } from "./types.ts";

export interface ReplyPreviewProps {
  mode: Mode;
  nameOf: NameOf;
  onCancel(): void;
}

/** Above the composer: what is being answered or changed. */
export function ReplyPreview({ mode, nameOf, onCancel }: ReplyPreviewProps) {
  const t = useTranslations("reply");
  if (mode.kind === "write") return null;
  const edit = mode.kind === "edit";
  const Icon = edit ? PenLine : Reply;
  const title = edit ? t("editing") : t("to", { name: nameOf(mode.to.from) });
  return (
    <section aria-label={title} className="anim-rise mb-1.5 flex items-center gap-2 rounded-md bg-raised pl-3">
      <Icon aria-hidden className="size-4.5 shrink-0 text-accent-ink" />
      <div className="min-w-0 flex-1 border-l-[3px] border-accent py-1 pl-2.5">
        <p className="truncate text-12 font-semibold text-accent-ink">{title}</p>
        <p className="truncate text-13 text-ink-soft">
          <bdi>{plainText(edit ? mode.original : mode.to.preview)}</bdi>
        </p>
      </div>
      <IconButton label={t(edit ? "cancelEdit" : "cancel")} shortcut="Escape" tipSide="top" onClick={onCancel}>
        <X aria-hidden className="size-4.5" />
      </IconButton>
    </section>
  );
}
