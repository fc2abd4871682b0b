"use client";
import { useEffect, useRef } from "react";
import { cx } from "../../ui/cx.ts";
import type { Emoji } from "./emoji.ts";

interface EmojiGridProps {
  id: string;
  emojis: readonly Emoji[];
  /** Where the keyboard is; -1 while it is in the words. */
  active: number;
  label: string;
  name(emoji: Emoji): string;
  signOf(emoji: Emoji): string;
  onPick(emoji: Emoji): void;
}

export function EmojiGrid({ id, emojis, active, label, name, signOf, onPick }: EmojiGridProps) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another group or search begins at its top
  useEffect(() => {
    list.current?.scrollTo({ top: 0 });
  }, [emojis]);
  return (
    <div
      ref={list}
      id={`${id}-grid`}
      role="listbox"
      aria-label={label}
      tabIndex={-1}
      className={cx(
        "grid flex-1 grid-cols-7 content-start overflow-y-auto overscroll-contain px-1.5 pb-1.5",
        emojis.length === 0 && "hidden",
      )}
    >
      {emojis.map((emoji, index) => (
        <Cell
          key={emoji.sign}
          id={`${id}-${index}`}
          sign={signOf(emoji)}
          name={name(emoji)}
          active={index === active}
          onPick={() => onPick(emoji)}
        />
      ))}
    </div>
  );
}

interface CellProps {
  id: string;
  sign: string;
  name: string;
  active: boolean;
  onPick(): void;
}

function Cell({ id, sign, name, active, onPick }: CellProps) {
  const cell = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (active) cell.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <button
      ref={cell}
      type="button"
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      aria-label={name}
      title={name}
      onClick={onPick}
      className={cx(
        "pressable flex size-11 items-center justify-center rounded-sm text-[1.625rem] leading-none select-none hover:bg-raised",
        active && "bg-accent-soft outline-2 -outline-offset-2 outline-accent",
      )}
    >
      {sign}
    </button>
  );
}
