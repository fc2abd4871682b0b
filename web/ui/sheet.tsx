"use client";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Dialog } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { cx } from "./cx.ts";

interface SheetProps {
  open: boolean;
  onClose(): void;
  title: string;
  /** Read out with the title; shown below it. */
  description?: ReactNode;
  children: ReactNode;
  /** "side" slides over from the right on wide screens; everything comes from below on a phone. */
  kind?: "middle" | "side";
  footer?: ReactNode;
}

/** The one floating surface: a sheet from below on a phone, a card or side panel on a wide screen. */
export function Sheet({ open, onClose, title, description, children, kind = "middle", footer }: SheetProps) {
  const t = useTranslations("common");
  const opener = useOpener(open);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="anim-fade fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          // A field that asks for the keyboard has it by now; otherwise the sheet itself is read out, not its close button.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            const sheet = event.currentTarget as HTMLElement;
            if (!sheet.contains(document.activeElement)) sheet.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus();
          }}
          className={cx(
            "fixed z-50 flex flex-col bg-float shadow-float outline-none",
            "max-wide:anim-sheet-up max-wide:inset-x-0 max-wide:bottom-0 max-wide:max-h-[92dvh] max-wide:rounded-t-lg max-wide:pb-[var(--safe-bottom)]",
            kind === "side"
              ? "wide:anim-sheet-side wide:inset-y-0 wide:right-0 wide:w-96 wide:border-l wide:border-hairline"
              : "wide:anim-grow wide:inset-0 wide:m-auto wide:h-fit wide:max-h-[88dvh] wide:w-[28rem] wide:rounded-lg",
          )}
        >
          <div aria-hidden className="mx-auto mt-2 h-1 w-9 rounded-full bg-sunken wide:hidden" />
          <header className="flex items-start gap-3 py-3 pr-2 pl-5 wide:pt-4">
            <div className="min-w-0 flex-1 pt-2">
              <Dialog.Title className="text-17 leading-snug font-semibold">{title}</Dialog.Title>
              {description && (
                <Dialog.Description className="mt-1 text-13 text-ink-soft">{description}</Dialog.Description>
              )}
            </div>
            <Dialog.Close
              aria-label={t("close")}
              className="pressable inline-flex size-11 items-center justify-center rounded-md text-ink-soft hover:bg-raised"
            >
              <X aria-hidden className="size-5" />
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 pt-2 pb-5">{children}</div>
          {footer && <footer className="flex justify-end gap-2 border-t border-hairline px-5 py-3">{footer}</footer>}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/**
 * Who had the keyboard before the sheet came: sheets open by state, not by a trigger that would get it back. Asked while
 * rendering, because a field in the sheet takes it as soon as it is there.
 */
function useOpener(open: boolean) {
  const opener = useRef<Element>(null);
  const was = useRef(false);
  if (open && !was.current) opener.current = document.activeElement;
  was.current = open;
  return opener;
}
