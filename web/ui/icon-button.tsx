"use client";
import type { ComponentProps } from "react";
import { cx } from "./cx.ts";
import { Tip } from "./tip.tsx";

interface IconButtonProps extends Omit<ComponentProps<"button">, "aria-label"> {
  /** Spoken, and shown as a tip. */
  label: string;
  /** Key that does the same, shown in the tip. */
  shortcut?: string;
  tipSide?: "top" | "right" | "bottom" | "left";
}

export function IconButton({ label, shortcut, tipSide = "bottom", className, children, ...rest }: IconButtonProps) {
  return (
    <Tip text={label} shortcut={shortcut} side={tipSide}>
      <button
        type="button"
        aria-label={label}
        aria-keyshortcuts={shortcut}
        className={cx(
          "pressable inline-flex size-11 shrink-0 items-center justify-center rounded-md text-ink-soft hover:bg-raised hover:text-ink active:scale-95 disabled:opacity-40",
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tip>
  );
}
