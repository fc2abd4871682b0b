"use client";
import { Ellipsis, Reply, SmilePlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useState } from "react";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { EmojiPopover } from "../emoji/emoji-popover.tsx";
import type { MessageAction } from "./actions.ts";
import { MessageMenu } from "./message-menu.tsx";
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
  // Most messages are only read: menu and picker are made when they are first wanted.
  const [picking, setPicking] = useState(false);
  const [picker, setPicker] = useState(false);
  const menu = useOpenMenu();
  const more = useRef<HTMLButtonElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  /** An answer or an edit: the composer takes the keyboard. */
  const handedOver = useRef(false);
  const act = (action: MessageAction) => {
    handedOver.current = action === "reply" || action === "edit";
    onAction(action);
  };
  const pick = () => {
    setPicker(true);
    setPicking(true);
  };
  const choose = (emoji: string) => onReact?.(emoji === mine ? null : emoji);
  if (actions.length === 0) return children;
  return (
    <>
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
            <IconButton label={t("react")} tipSide="top" onClick={pick} className="max-wide:hidden">
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
        {menu.used && (
          <MessageMenu
            {...props}
            menu={menu}
            onAction={act}
            onChoose={choose}
            onMore={pick}
            onClosed={() => {
              // The picker and the composer take the keyboard over; anything else gives it back.
              if (!picking && !handedOver.current) more.current?.focus({ preventScroll: true });
              handedOver.current = false;
            }}
          />
        )}
      </div>
      {picker && (
        <EmojiPopover
          open={picking}
          anchor={frame}
          onOpenChange={setPicking}
          onPick={choose}
          onClosed={() => more.current?.focus()}
        />
      )}
    </>
  );
}
