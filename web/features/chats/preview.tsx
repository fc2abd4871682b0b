"use client";
import { Ban, FileSignature, Mic, Phone, PhoneMissed, Video } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ConversationSummary, Message, MessageBody } from "../../lib/types.ts";
import { duration } from "../../lib/when.ts";
import { useNameOf } from "../conversation/names.ts";
import { plainText } from "../markdown/plain.ts";
import { useMoneyWords } from "../money/money-words.ts";
import { useNoticeText } from "../notice/use-notice-text.ts";
import { PacketIcon } from "../packets/packet-icon.tsx";
import { useIdentity } from "../session/use-client.ts";
import { MoneyPreview } from "./money-preview.tsx";
import { Line } from "./preview-line.tsx";

/** The latest message in one line; in a group with the name of who said it. */
export function Preview({ summary }: { summary: ConversationSummary }) {
  const t = useTranslations("chats");
  const { last } = summary;
  const nameOf = useNameOf(summary);
  const noticeText = useNoticeText(useIdentity().publicId, nameOf);
  const moneyWords = useMoneyWords();
  if (!last) return <span className="text-accent-ink">{t("start")}</span>;
  const { body, outgoing } = last;
  const said = (text: string) =>
    outgoing ? t("you", { text }) : summary.kind === "group" ? t("from", { name: nameOf(last.from), text }) : text;
  switch (body.type) {
    case "text":
      return <bdi>{said(plainText(body.text))}</bdi>;
    case "voice":
      return <Line icon={<Mic />}>{said(t("voice", { length: duration(body.seconds) }))}</Line>;
    case "deleted":
      return <Line icon={<Ban />}>{t("deleted")}</Line>;
    case "notice":
      return <bdi>{noticeText(body.notice)}</bdi>;
    case "payment":
    case "request":
      return <MoneyPreview body={body} said={said} />;
    case "packet":
      return <Line icon={<PacketIcon />}>{said(moneyWords(body) ?? "")}</Line>;
    case "agreement":
      return <Line icon={<FileSignature />}>{said(moneyWords(body) ?? "")}</Line>;
    case "call":
      return <CallPreview message={last} body={body} />;
  }
}

function CallPreview({ message, body }: { message: Message; body: Extract<MessageBody, { type: "call" }> }) {
  const t = useTranslations("chats");
  const { video, outcome } = body;
  const missed = !message.outgoing && outcome === "missed";
  const words = missed ? t(video ? "missedVideo" : "missedAudio") : t(video ? "callVideo" : "callAudio");
  return (
    <Line icon={missed ? <PhoneMissed /> : video ? <Video /> : <Phone />} bad={missed}>
      {words}
    </Line>
  );
}
