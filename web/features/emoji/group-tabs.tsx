"use client";
import { Apple, Car, Clock, Flag, Hash, Lightbulb, PawPrint, Smile, Trophy, UserRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { ToggleGroup } from "radix-ui";
import type { Group } from "./emoji.ts";

const icons = {
  recent: Clock,
  smileys: Smile,
  people: UserRound,
  animals: PawPrint,
  food: Apple,
  travel: Car,
  activities: Trophy,
  objects: Lightbulb,
  symbols: Hash,
  flags: Flag,
} satisfies Record<Group | "recent", typeof Clock>;

interface GroupTabsProps {
  /** Undefined while a search is shown. */
  value: Group | "recent" | undefined;
  recent: boolean;
  onChange(group: Group | "recent"): void;
}

export function GroupTabs({ value, recent, onChange }: GroupTabsProps) {
  const t = useTranslations("emoji.groups");
  const shown = (Object.keys(icons) as (Group | "recent")[]).filter((group) => recent || group !== "recent");
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={t("label")}
      value={value ?? ""}
      onValueChange={(next) => next && onChange(next as Group | "recent")}
      className="flex shrink-0 overflow-x-auto px-1.5 py-1 [scrollbar-width:none]"
    >
      {shown.map((group) => {
        const Icon = icons[group];
        return (
          <ToggleGroup.Item
            key={group}
            value={group}
            aria-label={t(group)}
            title={t(group)}
            className="pressable flex h-11 min-w-11 flex-1 items-center justify-center rounded-sm text-ink-soft hover:bg-raised data-[state=on]:bg-accent-soft data-[state=on]:text-accent-ink"
          >
            <Icon aria-hidden className="size-4.5" />
          </ToggleGroup.Item>
        );
      })}
    </ToggleGroup.Root>
  );
}
