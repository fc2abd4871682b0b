"use client";
import { PinOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { Client, ConversationId, GroupSummary, Message, MessageId } from "../../lib/types.ts";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { useNameOf } from "../conversation/names.ts";
import { plainText } from "../markdown/plain.ts";
import { Section } from "../me/section.tsx";
import type { NameOf } from "../message/types.ts";
import { useByline } from "../message/use-byline.ts";
import { useMoneyWords } from "../money/money-words.ts";
import { useClient } from "../session/use-client.ts";
import { isAdmin } from "./model.ts";
import { Problem } from "./problem.tsx";
import { useGroup } from "./use-group.ts";
import { useRun } from "./use-run.ts";

interface PinnedProps {
  summary: GroupSummary;
  onJump(id: MessageId): void;
}

/** What admins have pinned, the latest first. */
export function Pinned({ summary, onJump }: PinnedProps) {
  const t = useTranslations("groups");
  const { id, group } = summary;
  const actions = useGroup(id);
  const messages = usePinned(id, group.pinned);
  const { busy, error, run } = useRun<MessageId>();
  const nameOf = useNameOf(summary);
  if (group.pinned.length === 0) return null;
  return (
    <Section title={t("pinned")}>
      <ul aria-label={t("pinned")} className="divide-y divide-hairline">
        {group.pinned.map((pinned) => {
          const message = messages[pinned];
          return (
            <li key={pinned} className="flex min-h-14 items-center pr-1">
              <Quote message={message} nameOf={nameOf} onJump={onJump} />
              {isAdmin(group) && (
                <IconButton
                  label={t("unpin")}
                  tipSide="left"
                  disabled={busy === pinned}
                  onClick={() => void run(pinned, () => actions.pin(pinned, false))}
                >
                  <PinOff aria-hidden className="size-4.5" />
                </IconButton>
              )}
            </li>
          );
        })}
      </ul>
      <Problem code={error} />
    </Section>
  );
}

interface QuoteProps {
  message: Message | undefined;
  nameOf: NameOf;
  onJump(id: MessageId): void;
}

function Quote({ message, nameOf, onJump }: QuoteProps) {
  const t = useTranslations("groups");
  const byline = useByline(nameOf);
  const moneyWords = useMoneyWords();
  const look = "min-w-0 flex-1 px-4 py-2 text-left text-13";
  if (!message) return <span className={cx(look, "text-ink-faint")}>{t("pinnedGone")}</span>;
  return (
    <button
      type="button"
      onClick={() => onJump(message.id)}
      className={cx(look, "pressable -outline-offset-2 hover:bg-raised")}
    >
      <bdi className="block truncate text-12 text-ink-faint">{byline(message)}</bdi>
      <bdi className="line-clamp-2 [overflow-wrap:anywhere]">
        {message.body.type === "text" ? plainText(message.body.text) : (moneyWords(message.body) ?? t("pinnedVoice"))}
      </bdi>
    </button>
  );
}

/** The pinned messages that are on this device; who came later has not all of them. */
function usePinned(id: ConversationId, pinned: readonly MessageId[]): Record<MessageId, Message> {
  const client = useClient();
  const [messages, setMessages] = useState<Record<MessageId, Message>>({});
  const list = pinned.join();
  useEffect(() => {
    let current = true;
    void load(client, id, list ? list.split(",") : []).then((found) => {
      if (current) setMessages(found);
    });
    return () => {
      current = false;
    };
  }, [client, id, list]);
  return messages;
}

async function load(client: Client, id: ConversationId, pinned: readonly MessageId[]) {
  const conversation = client.conversations.open(id);
  const found = await Promise.all(
    pinned.map(async (one) => {
      const around = await conversation.messages({ around: one, limit: 1 }).catch(() => []);
      return around.filter((message) => message.id === one && message.body.type !== "deleted");
    }),
  );
  return Object.fromEntries(found.flat().map((message) => [message.id, message]));
}
