"use client";
import { CircleAlert, RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ErrorCode, Message } from "../../lib/types.ts";
import { useErrorText } from "../shell/use-error-text.ts";

/** Under what could not be sent: why, and the way to try again. */
export function Failed({ message, onRetry }: { message: Message; onRetry(): void }) {
  const t = useTranslations("conversation");
  const errorText = useErrorText();
  return (
    <div className="flex flex-wrap items-center justify-end gap-x-2 text-13 text-bad">
      <span className="flex items-center gap-1.5">
        <CircleAlert aria-hidden className="size-3.5 shrink-0" />
        {message.error ? errorText(message.error.code as ErrorCode) : t("failed")}
      </span>
      <button
        type="button"
        onClick={onRetry}
        className="pressable inline-flex min-h-11 items-center gap-1.5 rounded-sm px-2 font-semibold hover:bg-bad-soft"
      >
        <RotateCw aria-hidden className="size-3.5" />
        {t("retry")}
      </button>
    </div>
  );
}
