"use client";
import { useTranslations } from "next-intl";
import type { ConversationSummary, PublicId } from "../../lib/types.ts";
import { useNameOf } from "./names.ts";

interface TypingProps {
  summary: ConversationSummary;
  /** At least one. */
  people: readonly PublicId[];
}

/** In a list the name of the only other person stands beside it already. */
export function TypingText({ summary, people }: TypingProps) {
  const t = useTranslations("chats");
  const words = useTypingWords({ summary, people });
  return summary.kind === "pair" ? t("typing") : words;
}

/** Under the messages. */
export function Typing(props: TypingProps) {
  return (
    <div role="status" className="anim-rise mt-1 flex items-end gap-2">
      <span aria-hidden className="flex h-9 items-center gap-1 rounded-lg rounded-bl-[4px] bg-theirs px-3.5">
        {[0, 160, 320].map((delay) => (
          <span
            key={delay}
            className="anim-dot size-1.5 rounded-full bg-ink-faint opacity-60"
            style={{ animationDelay: `${delay}ms` }}
          />
        ))}
      </span>
      <span className={props.summary.kind === "pair" ? "sr-only" : "pb-1 text-12 text-ink-soft"}>
        {useTypingWords(props)}
      </span>
    </div>
  );
}

function useTypingWords({ summary, people }: TypingProps): string {
  const t = useTranslations("conversation");
  const nameOf = useNameOf(summary);
  const [first, ...others] = people;
  return first && others.length === 0
    ? t("typing", { name: nameOf(first) })
    : t("typingMany", { count: people.length });
}
