"use client";
import { Timer } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTimerText } from "./use-timer-text.ts";

export interface TimerChipProps {
  /** Seconds; nothing is shown for 0. */
  seconds: number;
  /** Opens the choice. Undefined where the reader may not change it. */
  onChange?: (() => void) | undefined;
}

/** Near the composer while messages disappear: how soon. */
export function TimerChip({ seconds, onChange }: TimerChipProps) {
  const t = useTranslations("timer");
  const text = useTimerText();
  if (seconds <= 0) return null;
  const time = text(seconds);
  const look =
    "inline-flex h-7 items-center gap-1.5 rounded-full bg-accent-soft px-2.5 text-12 font-medium text-accent-ink";
  const content = (
    <>
      <Timer aria-hidden className="size-3.5" />
      {time}
    </>
  );
  if (!onChange) {
    return (
      <span role="img" aria-label={t("chip", { time })} className={look}>
        {content}
      </span>
    );
  }
  return (
    <button
      type="button"
      onClick={onChange}
      className={`pressable relative ${look} after:absolute after:-inset-2 hover:bg-mine`}
    >
      {content}
      <span className="sr-only">{t("change")}</span>
    </button>
  );
}
