"use client";
import {
  Copy,
  Ellipsis,
  Forward,
  PenLine,
  Pin,
  PinOff,
  Reply,
  SmilePlus,
  Star,
  StarOff,
  Trash2,
  UsersRound,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { DropdownMenu } from "radix-ui";
import { type ReactNode, useRef, useState } from "react";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { EmojiPopover } from "../emoji/emoji-popover.tsx";
import type { MessageAction } from "./actions.ts";
import { quickReactions } from "./quick-reactions.ts";
import { useOpenMenu } from "./use-open-menu.ts";

export interface MessageActionsProps {
  actions: readonly MessageAction[];
  outgoing: boolean;
  starred?: boolean;
  pinned?: boolean;
  /** One's own reaction; undefined without one. */
  mine?: string | undefined;
  /** Undefined where nothing can be reacted to. Null takes one's reaction back. */
  onReact?: ((emoji: string | null) => void) | undefined;
  onAction(action: MessageAction): void;
  /** The bubble. */
  children: ReactNode;
}

/**
 * Everything that can be done with a message: by right click, long press or the menu key on the bubble, and by a button
 * beside it that hover and the keyboard bring out.
 */
export function MessageActions(props: MessageActionsProps) {
  const { actions, outgoing, onReact, onAction, mine, children } = props;
  const t = useTranslations("messageMenu");
  const [picking, setPicking] = useState(false);
  const menu = useOpenMenu();
  const more = useRef<HTMLButtonElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  /** An answer or an edit: the composer takes the keyboard. */
  const handedOver = useRef(false);
  const act = (action: MessageAction) => {
    handedOver.current = action === "reply" || action === "edit";
    onAction(action);
  };
  const choose = (emoji: string) => onReact?.(emoji === mine ? null : emoji);
  if (actions.length === 0) return children;
  return (
    <EmojiPopover open={picking} onOpenChange={setPicking} onPick={choose} onClosed={() => more.current?.focus()}>
      <div
        ref={frame}
        className={cx("group/actions relative flex max-w-full items-center gap-1", outgoing && "flex-row-reverse")}
      >
        <div className="min-w-0 [-webkit-touch-callout:none]" {...menu.handlers}>
          {children}
        </div>
        {/* Always in the order of the keyboard; fingers have the long press. */}
        <div
          className={cx(
            "pressable flex shrink-0 opacity-0 group-focus-within/actions:opacity-100 group-hover/actions:opacity-100 pointer-coarse:w-0 pointer-coarse:overflow-hidden pointer-coarse:focus-within:w-auto",
            menu.open && "opacity-100",
            outgoing && "flex-row-reverse",
          )}
        >
          {onReact && (
            <IconButton label={t("react")} tipSide="top" onClick={() => setPicking(true)} className="max-wide:hidden">
              <SmilePlus aria-hidden className="size-4.5" />
            </IconButton>
          )}
          {actions.includes("reply") && (
            <IconButton label={t("reply")} tipSide="top" onClick={() => onAction("reply")} className="max-wide:hidden">
              <Reply aria-hidden className="size-4.5" />
            </IconButton>
          )}
          <button
            ref={more}
            type="button"
            aria-label={t("more")}
            aria-haspopup="menu"
            aria-expanded={menu.open}
            onClick={(event) => {
              const { left, bottom } = event.currentTarget.getBoundingClientRect();
              if (frame.current) menu.openAt(frame.current, left, bottom);
            }}
            className="pressable flex size-11 items-center justify-center rounded-md text-ink-soft hover:bg-raised hover:text-ink"
          >
            <Ellipsis aria-hidden className="size-4.5" />
          </button>
        </div>
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
                // The picker and the composer take the keyboard over; anything else gives it back.
                if (!picking && !handedOver.current) more.current?.focus({ preventScroll: true });
                handedOver.current = false;
              }}
              className="anim-grow z-50 max-h-[var(--radix-dropdown-menu-content-available-height)] w-max max-w-[calc(100vw-1rem)] overflow-y-auto rounded-md border border-hairline bg-float p-1 shadow-float"
            >
              <Entries {...props} onAction={act} onChoose={choose} onMore={() => setPicking(true)} />
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
      </div>
    </EmojiPopover>
  );
}

interface EntriesProps extends MessageActionsProps {
  onChoose(emoji: string): void;
  onMore(): void;
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
