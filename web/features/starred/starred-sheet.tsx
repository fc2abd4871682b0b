"use client";
import { StarOff } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ConversationId, MessageId, PublicId } from "../../lib/types.ts";
import { useListTime } from "../../lib/when.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { plainText } from "../markdown/plain.ts";

export interface StarredItem {
  id: MessageId;
  conversationId: ConversationId;
  from: PublicId;
  name: string;
  /** Where it was said, when several conversations are listed together. */
  place?: string;
  at: number;
  text: string;
}

export interface StarredSheetProps {
  items: readonly StarredItem[];
  onJump(item: StarredItem): void;
  onUnstar(item: StarredItem): void;
  onClose(): void;
}

export default function StarredSheet({ items, onJump, onUnstar, onClose }: StarredSheetProps) {
  const t = useTranslations("starred");
  const time = useListTime();
  return (
    <Sheet open onClose={onClose} kind="side" title={t("title")} description={t("lead")}>
      {items.length === 0 && <p className="py-8 text-center text-13 text-ink-soft">{t("empty")}</p>}
      <ul className="-mx-2">
        {items.map((item) => (
          <li key={item.id} className="flex items-center rounded-md hover:bg-raised">
            <button
              type="button"
              onClick={() => onJump(item)}
              className="pressable flex min-h-13 min-w-0 flex-1 items-start gap-3 rounded-md px-2 py-2 text-left"
            >
              <Avatar seed={item.from} size={32} />
              <span className="min-w-0 flex-1">
                <span className="flex items-baseline gap-2">
                  <bdi className="truncate text-13 font-medium">
                    {item.place ? t("in", { name: item.name, place: item.place }) : item.name}
                  </bdi>
                  <time
                    dateTime={new Date(item.at).toISOString()}
                    className="tabular ml-auto shrink-0 text-12 text-ink-soft"
                  >
                    {time(item.at)}
                  </time>
                </span>
                <span className="line-clamp-3 text-13 [overflow-wrap:anywhere] text-ink-soft">
                  <bdi>{plainText(item.text)}</bdi>
                </span>
              </span>
            </button>
            <IconButton label={t("unstar")} tipSide="left" onClick={() => onUnstar(item)}>
              <StarOff aria-hidden className="size-4.5" />
            </IconButton>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
