"use client";
import { DropdownMenu } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { cx } from "./cx.ts";

export interface MenuEntry {
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  /** It opens something that gives the keyboard back later: the menu gives it back first. */
  opens?: boolean;
  onSelect(): void;
}

interface MenuProps {
  children: ReactNode;
  entries: MenuEntry[];
  align?: "start" | "end";
}

/** A menu that hangs on `children`, the button that opens it. */
export function Menu({ children, entries, align = "end" }: MenuProps) {
  const opening = useRef<() => void>(undefined);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={() => {
            if (opening.current) setTimeout(opening.current);
            opening.current = undefined;
          }}
          className="anim-grow z-50 min-w-52 rounded-md border border-hairline bg-float p-1 shadow-float"
        >
          {entries.map((entry) => (
            <DropdownMenu.Item
              key={entry.label}
              onSelect={() => {
                if (entry.opens) opening.current = entry.onSelect;
                else entry.onSelect();
              }}
              className={cx(
                "flex min-h-11 cursor-pointer items-center gap-3 rounded-sm px-3 text-15 outline-none data-[highlighted]:bg-raised",
                entry.danger ? "text-bad" : "text-ink",
              )}
            >
              <span aria-hidden className={cx("[&>svg]:size-4.5", !entry.danger && "text-ink-soft")}>
                {entry.icon}
              </span>
              {entry.label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
