"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { ConversationId, Message, MessageId } from "../../lib/types.ts";
import { duration } from "../../lib/when.ts";
import type { NameOf } from "../message/types.ts";
import { useByline } from "../message/use-byline.ts";
import { useMoneyWords } from "../money/money-words.ts";
import { useClient } from "../session/use-client.ts";
import StarredSheet from "./starred-sheet.tsx";

interface ConversationStarredProps {
  id: ConversationId;
  nameOf: NameOf;
  onJump(message: MessageId): void;
  onClose(): void;
}

/** What the reader has starred in one conversation. */
export default function ConversationStarred({ id, nameOf, onJump, onClose }: ConversationStarredProps) {
  const t = useTranslations("chats");
  const client = useClient();
  const byline = useByline(nameOf);
  const moneyWords = useMoneyWords();
  const [starred, setStarred] = useState<Message[]>();
  useEffect(() => {
    const conversation = client.conversations.open(id);
    const read = () => void conversation.starred().then(setStarred, () => setStarred([]));
    read();
    const stops = [
      client.on("message", (message) => message.conversationId === id && read()),
      client.on("removed", (removed) => removed.conversationId === id && read()),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [client, id]);
  if (!starred) return null;
  const items = starred.map(({ id: messageId, from, sharedBy, at, body }) => ({
    ...{ id: messageId, conversationId: id, from, name: byline({ from, sharedBy }), at },
    text:
      body.type === "text"
        ? body.text
        : body.type === "voice"
          ? t("voice", { length: duration(body.seconds) })
          : (moneyWords(body) ?? ""),
  }));
  return (
    <StarredSheet
      items={items}
      onJump={(item) => {
        onClose();
        onJump(item.id);
      }}
      onUnstar={(item) => void client.conversations.open(id).star(item.id, false)}
      onClose={onClose}
    />
  );
}
