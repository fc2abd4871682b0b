"use client";
import { CircleAlert, RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { memo } from "react";
import type { ErrorCode, Message } from "../../lib/types.ts";
import { useClock } from "../../lib/when.ts";
import { cx } from "../../ui/cx.ts";
import { useErrorText } from "../shell/use-error-text.ts";
import { Delivery } from "./delivery.tsx";
import { linkify } from "./linkify.ts";

interface BubbleProps {
  message: Message;
  text: string;
  first: boolean;
  last: boolean;
  onRetry(): void;
}

export const Bubble = memo(function Bubble({ message, text, first, last, onRetry }: BubbleProps) {
  const clock = useClock();
  const { outgoing, delivery, at } = message;
  const failed = delivery === "failed";
  const emojiOnly = isEmojiOnly(text);
  return (
    <article className={cx("flex", outgoing ? "justify-end" : "justify-start", first ? "pt-2.5" : "pt-0.5")}>
      <div
        className={cx("flex max-w-[84%] flex-col wide:max-w-[min(72%,34rem)]", outgoing ? "items-end" : "items-start")}
      >
        <div
          className={cx(
            "reading max-w-full text-15 wrap-anywhere whitespace-pre-wrap",
            emojiOnly
              ? "px-1 text-[2.25rem] leading-tight"
              : cx("rounded-lg px-3.5 py-2", outgoing ? "bg-mine" : "bg-theirs"),
            !emojiOnly && last && (outgoing ? "rounded-br-[4px]" : "rounded-bl-[4px]"),
            failed && "opacity-75",
          )}
        >
          {linkify(text).map((part) =>
            part.href ? (
              <a
                key={part.key}
                href={part.href}
                target="_blank"
                rel="noopener noreferrer nofollow"
                className="text-accent-ink underline underline-offset-2"
              >
                {part.text}
              </a>
            ) : (
              part.text
            ),
          )}
        </div>
        {(last || failed) && (
          <div className="mt-1 flex items-center gap-1.5 px-1 text-12 text-ink-faint">
            <time dateTime={new Date(at).toISOString()} className="tabular">
              {clock(at)}
            </time>
            {outgoing && <Delivery message={message} />}
          </div>
        )}
        {failed && <Failed message={message} onRetry={onRetry} />}
      </div>
    </article>
  );
});

function Failed({ message, onRetry }: { message: Message; onRetry(): void }) {
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

function isEmojiOnly(text: string): boolean {
  return text.length <= 24 && /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s){1,12}$/u.test(text);
}
