"use client";
import { useTranslations } from "next-intl";
import { Popover } from "radix-ui";
import type { RefObject } from "react";
import { onDemand } from "../../lib/on-demand.ts";
import { Spinner } from "../../ui/spinner.tsx";

/** The names of 1,900 emoji weigh 80 kB: they come when somebody opens the picker. */
const EmojiPicker = onDemand(() => import("./emoji-picker.tsx"), <Coming />);

export interface EmojiPopoverProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  onPick(sign: string): void;
  /** Stays open for more than one (in a text), or closes after one (a reaction). */
  stay?: boolean | undefined;
  /** Where the keyboard goes when the picker closes, if not where it was. */
  onClosed?: (() => void) | undefined;
  /** What the picker hangs on. */
  anchor: RefObject<HTMLElement | null>;
}

export function EmojiPopover({ open, onOpenChange, onPick, stay, onClosed, anchor }: EmojiPopoverProps) {
  const t = useTranslations("emoji");
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          side="top"
          sideOffset={8}
          collisionPadding={8}
          aria-label={t("title")}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => {
            if (!onClosed) return;
            event.preventDefault();
            onClosed();
          }}
          className="anim-grow z-50 overflow-hidden rounded-lg border border-hairline bg-float shadow-float"
        >
          <EmojiPicker
            onPick={(sign) => {
              onPick(sign);
              if (!stay) onOpenChange(false);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Coming() {
  const t = useTranslations("emoji");
  return (
    <div className="anim-late flex h-88 w-[20.25rem] items-center justify-center">
      <Spinner label={t("loading")} />
    </div>
  );
}
