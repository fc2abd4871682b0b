"use client";
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";

interface TipProps {
  text: string;
  shortcut?: string | undefined;
  side?: "top" | "right" | "bottom" | "left";
  children: ReactNode;
}

/** A hint on hover and focus. It never carries anything that is not also said by the element's own name. */
export function Tip({ text, shortcut, side = "bottom", children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
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

export const TipProvider = ({ children }: { children: ReactNode }) => (
  <Tooltip.Provider delayDuration={450} skipDelayDuration={200}>
    {children}
  </Tooltip.Provider>
);
