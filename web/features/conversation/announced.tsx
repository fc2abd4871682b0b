"use client";
import { useTranslations } from "next-intl";
import type { ConversationSummary, Message } from "../../lib/types.ts";
import { duration } from "../../lib/when.ts";
import { plainText } from "../markdown/plain.ts";
import { useMoneyWords } from "../money/money-words.ts";
import { useNoticeText } from "../notice/use-notice-text.ts";
import { useIdentity } from "../session/use-client.ts";
import { useNameOf } from "./names.ts";

interface AnnouncedProps {
  message: Message;
  summary: ConversationSummary;
}

/** What a screen reader says of a message that has just come. */
export function Announced({ message: { from, body }, summary }: AnnouncedProps) {
  const t = useTranslations("conversation");
  const voice = useTranslations("voice");
  const nameOf = useNameOf(summary);
  const noticeText = useNoticeText(useIdentity().publicId, nameOf);
  const moneyWords = useMoneyWords();
  const name = nameOf(from);
  if (body.type === "text") return t("says", { name, text: plainText(body.text, 1_000) });
  if (body.type === "voice") return voice("from", { name, length: duration(body.seconds) });
  const text = moneyWords(body);
  if (text !== undefined) return t("says", { name, text });
  return body.type === "notice" ? noticeText(body.notice) : null;
}
