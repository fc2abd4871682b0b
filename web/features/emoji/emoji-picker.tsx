"use client";
import { Search } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { readEmojiChoice, usedEmoji, useEmojiChoice } from "./choice.ts";
import { type Emoji, emojis, type Group, groups, inTone, searchEmoji } from "./emoji.ts";
import { EmojiGrid } from "./emoji-grid.tsx";
import { GroupTabs } from "./group-tabs.tsx";
import { TonePicker } from "./tone-picker.tsx";

export const columns = 7;

interface EmojiPickerProps {
  onPick(sign: string): void;
}

/** Search, groups, recent ones, tones. The keyboard stays in the search field and walks the grid from there. */
export default function EmojiPicker({ onPick }: EmojiPickerProps) {
  const t = useTranslations("emoji");
  const chinese = useLocale() === "zh-CN";
  const { recent, tone } = useEmojiChoice();
  const [query, setQuery] = useState("");
  const [group, setGroup] = useState<Group | "recent">();
  const [active, setActive] = useState(-1);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    void readEmojiChoice();
    field.current?.focus({ preventScroll: true });
  }, []);

  const chosen = group ?? (recent.length > 0 ? "recent" : "smileys");
  const shown = useMemo(() => (query.trim() ? searchEmoji(query) : ofGroup(chosen, recent)), [query, chosen, recent]);
  const name = (emoji: Emoji) => (chinese && emoji.zh.name ? emoji.zh.name : emoji.en.name);
  const signOf = (emoji: Emoji) => (chosen === "recent" && !query.trim() ? emoji.sign : inTone(emoji, tone));

  const pick = (emoji: Emoji | undefined) => {
    if (!emoji) return;
    const sign = signOf(emoji);
    usedEmoji(sign);
    onPick(sign);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const steps: Record<string, number> = { ArrowDown: columns, ArrowUp: -columns };
    // Left and right belong to the words while there are some and the grid has not been entered.
    if (active >= 0 || !query) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((now) => (now < 0 ? 0 : now + step < 0 ? -1 : Math.min(shown.length - 1, now + step)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      pick(shown[Math.max(0, active)]);
    }
  };
  const restart = () => setActive(-1);

  return (
    <div className="flex h-88 max-h-[60dvh] w-[20.25rem] flex-col">
      <div className="flex items-center gap-1 p-1.5 pb-0">
        <label className="pressable flex min-w-0 flex-1 items-center rounded-md border border-edge bg-float pl-3 focus-within:border-accent">
          <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
          <input
            ref={field}
            role="combobox"
            aria-label={t("search")}
            aria-expanded="true"
            aria-controls={`${id}-grid`}
            aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
            aria-autocomplete="list"
            placeholder={t("search")}
            value={query}
            maxLength={60}
            onChange={(event) => {
              setQuery(event.target.value);
              restart();
            }}
            onKeyDown={onKeyDown}
            className="h-10.5 w-full min-w-0 bg-transparent px-2.5 outline-none!"
          />
        </label>
        <TonePicker />
      </div>
      <GroupTabs
        value={query.trim() ? undefined : chosen}
        recent={recent.length > 0}
        onChange={(next) => {
          setGroup(next);
          setQuery("");
          restart();
        }}
      />
      <EmojiGrid id={id} emojis={shown} active={active} label={t("grid")} name={name} signOf={signOf} onPick={pick} />
      {shown.length === 0 && <p className="flex-1 px-4 text-center text-13 text-ink-soft">{t("none")}</p>}
      <p aria-live="polite" className="sr-only">
        {query.trim() && t("found", { count: shown.length })}
      </p>
    </div>
  );
}

function ofGroup(group: Group | "recent", recent: readonly string[]): Emoji[] {
  if (group !== "recent") return emojis.filter((emoji) => emoji.group === groups[group]);
  return recent.flatMap((sign) => {
    const plain = sign.replace(/[\u{1f3fb}-\u{1f3ff}\ufe0f]/gu, "");
    const known = emojis.find((emoji) => emoji.sign.replaceAll("\ufe0f", "") === plain);
    return known ? [{ ...known, sign }] : [];
  });
}
