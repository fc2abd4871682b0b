"use client";
import { Phone, PhoneMissed, PhoneOff, Video } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Contact, Message, MessageBody } from "../../lib/types.ts";
import { duration, useClock } from "../../lib/when.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { useCalls } from "../calls/model.ts";

interface CallEntryProps {
  message: Message;
  body: Extract<MessageBody, { type: "call" }>;
  contact: Contact;
}

/** A call as a card in the conversation: kind and outcome, when and how long, and the one thing to do next. */
export function CallEntry({ message, body, contact }: CallEntryProps) {
  const t = useTranslations("conversation");
  const clock = useClock();
  const { start, snapshot } = useCalls();
  const { outgoing } = message;
  const missed = body.outcome === "missed" && !outgoing;
  const Icon = missed ? PhoneMissed : body.outcome === "ended" ? (body.video ? Video : Phone) : PhoneOff;
  const outcome = {
    ended: duration(body.seconds),
    missed: outgoing ? t("missedOut") : t("missed", { kind: t(body.video ? "kindVideo" : "kindAudio") }),
    declined: outgoing ? t("declinedOut") : t("declinedIn"),
    failed: t("callFailed"),
  }[body.outcome];
  return (
    <article className={cx("flex pt-2.5", outgoing ? "justify-end" : "justify-start")}>
      <div className="flex min-w-64 items-center gap-3 rounded-lg border border-hairline bg-float py-2 pr-2 pl-3">
        <span
          className={cx(
            "flex size-10 shrink-0 items-center justify-center rounded-full",
            missed ? "bg-bad-soft text-bad" : "bg-raised text-ink-soft",
          )}
        >
          <Icon aria-hidden className="size-4.5" />
        </span>
        <div className="min-w-0 flex-1">
          <p className="font-medium">{body.video ? t("videoCall") : t("audioCall")}</p>
          <p className={cx("tabular text-13", missed ? "text-bad" : "text-ink-faint")}>
            {outcome} · {clock(message.at)}
          </p>
        </div>
        <Button
          small
          look="plain"
          disabled={snapshot !== undefined || contact.state !== "connected" || contact.problem !== undefined}
          onClick={() => void start(contact.publicId, body.video)}
        >
          {outgoing ? t("callAgain") : t("callBack")}
        </Button>
      </div>
    </article>
  );
}
