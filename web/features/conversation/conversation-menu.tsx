"use client";
import { Archive, ArchiveRestore, Bell, BellOff, EllipsisVertical, Search, Star, Timer } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Millis } from "../../lib/types.ts";
import { Choices } from "../../ui/choices.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu, type MenuEntry } from "../../ui/menu.tsx";
import { Sheet } from "../../ui/sheet.tsx";

const hour = 60 * 60_000;
/** How long a conversation can be silent; "ever" until it is taken back. */
const silences = { hour, evening: 8 * hour, week: 7 * 24 * hour, ever: Number.MAX_SAFE_INTEGER } as const;

export interface ConversationMenuProps {
  archived: boolean;
  /** Undefined or past: it makes itself heard. */
  mutedUntil?: Millis | undefined;
  onSearch(): void;
  onStarred(): void;
  /** Undefined where the reader may not choose how long messages stay. */
  onTimer?: (() => void) | undefined;
  onArchive(archived: boolean): void;
  onMute(until: Millis | undefined): void;
}

/** What can be done with the whole conversation, at the end of its header. */
export function ConversationMenu(props: ConversationMenuProps) {
  const { archived, mutedUntil = 0, onSearch, onStarred, onTimer, onArchive, onMute } = props;
  const t = useTranslations("conversationMenu");
  const [choosing, setChoosing] = useState(false);
  const muted = mutedUntil > Date.now();
  const entries: MenuEntry[] = [
    { label: t("search"), icon: <Search />, onSelect: onSearch },
    { label: t("starred"), icon: <Star />, onSelect: onStarred },
    ...(onTimer ? [{ label: t("timer"), icon: <Timer />, onSelect: onTimer }] : []),
    muted
      ? { label: t("unmute"), icon: <Bell />, onSelect: () => onMute(undefined) }
      : { label: t("mute"), icon: <BellOff />, onSelect: () => setChoosing(true) },
    archived
      ? { label: t("unarchive"), icon: <ArchiveRestore />, onSelect: () => onArchive(false) }
      : { label: t("archive"), icon: <Archive />, onSelect: () => onArchive(true) },
  ];
  return (
    <>
      <Menu entries={entries}>
        <IconButton label={t("more")}>
          <EllipsisVertical aria-hidden className="size-5" />
        </IconButton>
      </Menu>
      <Sheet open={choosing} onClose={() => setChoosing(false)} title={t("mute")} description={t("muteLead")}>
        <Choices
          label={t("mute")}
          options={(Object.keys(silences) as (keyof typeof silences)[]).map((value) => ({
            value,
            label: t(`silences.${value}`),
          }))}
          onChoose={(value) => {
            const length = silences[value as keyof typeof silences];
            onMute(Math.min(Number.MAX_SAFE_INTEGER, Date.now() + length));
            setChoosing(false);
          }}
        />
      </Sheet>
    </>
  );
}
