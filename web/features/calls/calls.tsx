"use client";
import { Phone, PhoneIncoming, PhoneMissed, PhoneOutgoing, Video } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { placeHash } from "../../lib/hash.ts";
import { duration, useListTime } from "../../lib/when.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { Handset } from "../../ui/drawings.tsx";
import { Empty } from "../../ui/empty.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { ListSkeleton } from "../../ui/skeleton.tsx";
import { Face } from "../contacts/face.tsx";
import { type CallLogEntry, useCallLog } from "./log.ts";
import { useCalls } from "./model.ts";

export function Calls() {
  const t = useTranslations("calls");
  const router = useRouter();
  const log = useCallLog();
  return (
    <main className="h-full overflow-y-auto">
      <div className="mx-auto flex min-h-full max-w-[560px] flex-col px-3 py-2 wide:py-8">
        <h1 className="flex h-13 items-center px-3 text-20 font-semibold tracking-[-0.015em]">{t("title")}</h1>
        {!log ? (
          <ListSkeleton />
        ) : log.length === 0 ? (
          <div className="flex-1">
            <Empty
              drawing={<Handset />}
              action={
                <Button look="primary" onClick={() => router.push("/chats/")}>
                  {t("toChats")}
                </Button>
              }
            >
              {t("empty")}
            </Empty>
          </div>
        ) : (
          <ul aria-label={t("title")}>
            {log.map((entry) => (
              <Entry key={entry.message.id} entry={entry} />
            ))}
          </ul>
        )}
      </div>
    </main>
  );
}

function Entry({ entry: { message, body, contact, conversationId } }: { entry: CallLogEntry }) {
  const t = useTranslations("calls");
  const words = useTranslations("conversation");
  const time = useListTime();
  const { start, snapshot } = useCalls();
  const missed = body.outcome === "missed" && !message.outgoing;
  const Icon = missed ? PhoneMissed : message.outgoing ? PhoneOutgoing : PhoneIncoming;
  const kind = body.video ? words("videoCall") : words("audioCall");
  const outcome = {
    ended: duration(body.seconds),
    missed: message.outgoing ? words("missedOut") : "",
    declined: message.outgoing ? words("declinedOut") : words("declinedIn"),
    failed: words("callFailed"),
  }[body.outcome];
  return (
    <li className="flex items-center rounded-md hover:bg-surface">
      <Link
        href={`/chats/${placeHash({ conversation: conversationId })}`}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-md px-3 py-2.5"
      >
        <Face contact={contact} size={44} />
        <span className="min-w-0 flex-1">
          <span className={cx("block truncate font-medium", missed && "text-bad")}>{contact.pseudonym}</span>
          <span className="tabular flex items-center gap-1.5 text-13 text-ink-soft">
            <Icon aria-hidden className={cx("size-3.5 shrink-0", missed && "text-bad")} />
            <span className="truncate">
              {missed ? words("missed", { kind: words(body.video ? "kindVideo" : "kindAudio") }) : kind}
              {outcome && ` · ${outcome}`}
            </span>
            <span className="sr-only">{message.outgoing ? t("out") : t("in")}</span>
          </span>
        </span>
        <time className="tabular text-12 text-ink-faint" dateTime={new Date(message.at).toISOString()}>
          {time(message.at)}
        </time>
      </Link>
      <IconButton
        label={`${kind}: ${contact.pseudonym}`}
        disabled={snapshot !== undefined || contact.state !== "connected" || contact.problem !== undefined}
        onClick={() => void start(contact.publicId, body.video)}
        className="mr-1 text-accent-ink!"
      >
        {body.video ? <Video aria-hidden className="size-5" /> : <Phone aria-hidden className="size-5" />}
      </IconButton>
    </li>
  );
}
