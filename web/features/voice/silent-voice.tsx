"use client";
import { MicOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { duration } from "../../lib/when.ts";

/** A voice message of which only that there was one was shared. */
export function SilentVoice({ seconds }: { seconds: number }) {
  const t = useTranslations("voice");
  return (
    <p className="flex items-center gap-2 text-ink-soft">
      <MicOff aria-hidden className="size-4.5 shrink-0" />
      {t("silent", { length: duration(seconds) })}
    </p>
  );
}
