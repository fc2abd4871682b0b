"use client";
import { useTranslations } from "next-intl";
import { Choices } from "../../ui/choices.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { timerChoices } from "./timer.ts";
import { useTimerText } from "./use-timer-text.ts";

export interface TimerSheetProps {
  seconds: number;
  onClose(): void;
  onChoose(seconds: number): void;
}

/** How long messages stay from now on, and what that cannot promise. */
export default function TimerSheet({ seconds, onClose, onChoose }: TimerSheetProps) {
  const t = useTranslations("timer");
  const text = useTimerText();
  // Another program may have set a time of its own: it stays in the list.
  const all = [...new Set<number>([...timerChoices, seconds])].sort((a, b) => a - b);
  return (
    <Sheet open onClose={onClose} title={t("title")} description={t("lead")}>
      <Choices
        label={t("title")}
        value={String(seconds)}
        options={all.map((one) => ({ value: String(one), label: one === 0 ? t("off") : text(one) }))}
        onChoose={(value) => {
          onChoose(Number(value));
          onClose();
        }}
      />
      <p className="mt-3 text-13 text-ink-soft">{t("limit")}</p>
    </Sheet>
  );
}
