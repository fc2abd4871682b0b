"use client";
import { SmilePlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { EmojiPopover } from "./emoji-popover.tsx";

interface EmojiButtonProps {
  onPick(sign: string): void;
  onClosed(): void;
  className: string;
}

/** In the composer: the picker stays open, for more than one. */
export function EmojiButton({ onPick, onClosed, className }: EmojiButtonProps) {
  const t = useTranslations("emoji");
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={t("open")}
        aria-haspopup="dialog"
        aria-expanded={open}
        // The popover closes itself on a press outside; this press would open it again.
        onPointerDown={(event) => open && event.preventDefault()}
        onClick={() => setOpen((now) => !now)}
        className={className}
      >
        <SmilePlus aria-hidden className="size-5" />
      </button>
      <EmojiPopover open={open} anchor={button} onOpenChange={setOpen} onPick={onPick} onClosed={onClosed} stay />
    </>
  );
}
