"use client";
import { useTranslations } from "next-intl";
import { Popover } from "radix-ui";
import { useState } from "react";
import type { Message, PublicId } from "../../lib/types.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import type { NameOf } from "./types.ts";

type Reaction = NonNullable<Message["reactions"]>[number];

export interface ReactionChipsProps {
  reactions: readonly Reaction[];
  me: PublicId;
  nameOf: NameOf;
  /** Undefined where the reader may not write. Null takes one's reaction back. */
  onReact?: ((emoji: string | null) => void) | undefined;
}

/** Under the bubble: each sign with its number, one's own marked; a tap says who. */
export function ReactionChips({ reactions, me, nameOf, onReact }: ReactionChipsProps) {
  const t = useTranslations("reactions");
  if (reactions.length === 0) return null;
  return (
    <ul aria-label={t("label")} className="-mt-1 flex flex-wrap gap-1 px-1">
      {reactions.map((reaction) => (
        <li key={reaction.emoji}>
          <Chip reaction={reaction} me={me} nameOf={nameOf} onReact={onReact} />
        </li>
      ))}
    </ul>
  );
}

interface ChipProps extends Omit<ReactionChipsProps, "reactions"> {
  reaction: Reaction;
}

function Chip({ reaction: { emoji, people }, me, nameOf, onReact }: ChipProps) {
  const t = useTranslations("reactions");
  const [open, setOpen] = useState(false);
  const mine = people.includes(me);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={t(mine ? "chipMine" : "chip", { emoji, count: people.length })}
        className={cx(
          "pressable relative inline-flex h-7 items-center gap-1 rounded-full border px-2 text-13 after:absolute after:-inset-x-0.5 after:-inset-y-2",
          mine
            ? "border-accent bg-accent-soft text-accent-ink"
            : "border-hairline bg-float text-ink-soft hover:bg-raised",
        )}
      >
        <span aria-hidden>{emoji}</span>
        {people.length > 1 && (
          <span aria-hidden className="tabular font-medium">
            {people.length}
          </span>
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t("who", { emoji })}
          className="anim-grow z-50 flex max-h-72 w-60 flex-col rounded-md border border-hairline bg-float p-2 shadow-float"
        >
          <p className="px-2 pb-1 text-12 text-ink-soft">{t("who", { emoji })}</p>
          <ul className="min-h-0 flex-1 overflow-y-auto">
            {people.map((person) => (
              <li key={person} className="flex min-h-10 items-center gap-2.5 px-2">
                <Avatar seed={person} size={26} />
                <bdi className="truncate">{person === me ? t("you") : nameOf(person)}</bdi>
              </li>
            ))}
          </ul>
          {onReact && (
            <Button
              small
              look="plain"
              className="mt-1"
              onClick={() => {
                onReact(mine ? null : emoji);
                setOpen(false);
              }}
            >
              {t(mine ? "takeBack" : "same")}
            </Button>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
