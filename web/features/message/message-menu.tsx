"use client";
import { Copy, Forward, PenLine, Pin, PinOff, Reply, SmilePlus, Star, StarOff, Trash2, UsersRound } from "lucide-react";
import { useTranslations } from "next-intl";
import { DropdownMenu } from "radix-ui";
import { cx } from "../../ui/cx.ts";
import type { MessageAction } from "./actions.ts";
import type { MessageActionsProps } from "./message-actions.tsx";
import { quickReactions } from "./quick-reactions.ts";
import type { OpenMenu } from "./use-open-menu.ts";

interface EntriesProps extends Omit<MessageActionsProps, "children"> {
  onChoose(emoji: string): void;
  /** The whole picker. */
  onMore(): void;
}

interface MessageMenuProps extends EntriesProps {
  menu: OpenMenu;
  onClosed(): void;
}

/** The menu at the point where it was asked for. */
export function MessageMenu({ menu, onClosed, ...entries }: MessageMenuProps) {
  const t = useTranslations("messageMenu");
  return (
    <DropdownMenu.Root open={menu.open} onOpenChange={menu.setOpen}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden tabIndex={-1} className="pointer-events-none absolute size-0" style={menu.point} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          collisionPadding={8}
          aria-label={t("more")}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onClosed();
          }}
          className="anim-grow z-50 max-h-[var(--radix-dropdown-menu-content-available-height)] w-max max-w-[calc(100vw-1rem)] overflow-y-auto rounded-md border border-hairline bg-float p-1 shadow-float"
        >
          <Entries {...entries} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Entries({ actions, mine, starred, pinned, onReact, onAction, onChoose, onMore }: EntriesProps) {
  const t = useTranslations("messageMenu");
  const icons = {
    reply: Reply,
    copy: Copy,
    edit: PenLine,
    forward: Forward,
    star: starred ? StarOff : Star,
    pin: pinned ? PinOff : Pin,
    "delete-for-me": Trash2,
    "delete-for-everyone": UsersRound,
  };
  const label = (action: MessageAction) =>
    t(action === "star" && starred ? "unstar" : action === "pin" && pinned ? "unpin" : action);
  return (
    <>
      {onReact && (
        <DropdownMenu.Group aria-label={t("reactions")} className="mb-1 flex border-b border-hairline pb-1">
          {quickReactions.map((emoji) => (
            <DropdownMenu.CheckboxItem
              key={emoji}
              checked={emoji === mine}
              aria-label={t("reactWith", { emoji })}
              onSelect={() => onChoose(emoji)}
              className="flex size-11 cursor-pointer items-center justify-center rounded-full text-[1.375rem] outline-none data-[highlighted]:bg-raised data-[state=checked]:bg-accent-soft data-[highlighted]:data-[state=checked]:bg-sunken"
            >
              {emoji}
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Item
            aria-label={t("moreReactions")}
            onSelect={onMore}
            className="flex size-11 cursor-pointer items-center justify-center rounded-full text-ink-soft outline-none data-[highlighted]:bg-raised"
          >
            <SmilePlus aria-hidden className="size-5" />
          </DropdownMenu.Item>
        </DropdownMenu.Group>
      )}
      {actions.map((action) => {
        const Icon = icons[action];
        const danger = action.startsWith("delete");
        return (
          <DropdownMenu.Item
            key={action}
            onSelect={() => onAction(action)}
            className={cx(
              "flex min-h-11 cursor-pointer items-center gap-3 rounded-sm px-3 text-15 outline-none data-[highlighted]:bg-raised",
              danger ? "text-bad" : "text-ink",
            )}
          >
            <Icon aria-hidden className={cx("size-4.5", !danger && "text-ink-soft")} />
            {label(action)}
          </DropdownMenu.Item>
        );
      })}
    </>
  );
}
