"use client";
import { useTranslations } from "next-intl";
import type { LinkProgress } from "../../lib/types.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";

/** How much of the history is over. Its length is known only after the first answer. */
export function TransferProgress({ label, progress: { done, total } }: { label: string; progress: LinkProgress }) {
  const t = useTranslations("devices");
  const text = total > 0 ? t("messagesOf", { done, total }) : t("beginning");
  return (
    <div>
      <ProgressBar label={label} share={total > 0 ? done / total : undefined} text={text} />
      <p className="tabular mt-2 text-13 text-ink-soft">{text}</p>
    </div>
  );
}
