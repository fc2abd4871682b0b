"use client";
import { Ban, Gift, Mic, Phone, PhoneMissed, Video } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { ConversationSummary, Message, MessageBody } from "../../lib/types.ts";
import { duration } from "../../lib/when.ts";
import { cx } from "../../ui/cx.ts";
import { useNameOf } from "../conversation/names.ts";
import { plainText } from "../markdown/plain.ts";
import { useNoticeText } from "../notice/use-notice-text.ts";
import { useIdentity } from "../session/use-client.ts";

/** The latest message in one line; in a group with the name of who said it. */
export function Preview({ summary }: { summary: ConversationSummary }) {
  const t = useTranslations("chats");
  const { last } = summary;
  const nameOf = useNameOf(summary);
  const noticeText = useNoticeText(useIdentity().publicId, nameOf);
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
    case "packet":
      return <Line icon={<Gift />}>{said(body.message ?? t("packet"))}</Line>;
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

function Line({ icon, bad, children }: { icon: ReactNode; bad?: boolean; children: ReactNode }) {
  return (
    <span className={cx("flex min-w-0 items-center gap-1.5", bad && "text-bad")}>
      <span aria-hidden className="[&>svg]:size-3.5">
        {icon}
      </span>
      <bdi className="truncate">{children}</bdi>
    </span>
  );
}
