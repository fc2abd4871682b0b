"use client";
import { Tooltip } from "radix-ui";
import { type FocusEvent, type ReactNode, useEffect } from "react";

interface TipProps {
  text: string;
  shortcut?: string | undefined;
  side?: "top" | "right" | "bottom" | "left";
  children: ReactNode;
}

/** The pointer was used last, not a key. */
let byPointer = false;

/**
 * A sheet that is closed by a click gives the keyboard back to its opener, which nobody points at or has gone to. Some browsers
 * call that a visible focus because of what was typed in the sheet.
 */
function onFocus(event: FocusEvent) {
  if (byPointer || !event.currentTarget.matches(":focus-visible")) event.preventDefault();
}

/** A hint on hover, and on focus by keyboard. It never carries anything that is not also said by the element's own name. */
export function Tip({ text, shortcut, side = "bottom", children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild onFocus={onFocus}>
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          aria-hidden
          className="anim-grow pointer-events-none z-60 flex items-center gap-2 rounded-sm bg-ink px-2.5 py-1.5 text-12 text-paper"
        >
          {text}
          {shortcut && <kbd className="rounded-[4px] bg-paper/15 px-1.5 font-sans text-12">{shortcut}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

export function TipProvider({ children }: { children: ReactNode }) {
  useEffect(() => {
    const note = ({ type }: Event) => {
      byPointer = type === "pointerdown";
    };
    // Before anybody moves the focus because of it.
    for (const type of ["pointerdown", "keydown"]) addEventListener(type, note, true);
    return () => {
      for (const type of ["pointerdown", "keydown"]) removeEventListener(type, note, true);
    };
  }, []);
  return (
    <Tooltip.Provider delayDuration={450} skipDelayDuration={200}>
      {children}
    </Tooltip.Provider>
  );
}
