"use client";
import { Tabs as Parts } from "radix-ui";
import type { ReactNode } from "react";

interface TabsProps<T extends string> {
  label: string;
  value: T;
  tabs: readonly { value: T; label: string; content: ReactNode }[];
  onChange(value: T): void;
}

/** Several sides of one thing, one in sight. */
export function Tabs<T extends string>({ label, value, tabs, onChange }: TabsProps<T>) {
  return (
    <Parts.Root value={value} onValueChange={(next) => onChange(next as T)}>
      <Parts.List
        aria-label={label}
        className="-mx-5 flex overflow-x-auto border-b border-hairline px-3 [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <Parts.Trigger
            key={tab.value}
            value={tab.value}
            className="pressable -mb-px h-11 -outline-offset-2 shrink-0 border-b-2 border-transparent px-2 text-13 font-medium text-ink-soft hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.label}
          </Parts.Trigger>
        ))}
      </Parts.List>
      {tabs.map((tab) => (
        <Parts.Content key={tab.value} value={tab.value} className="pt-4">
          {tab.content}
        </Parts.Content>
      ))}
    </Parts.Root>
  );
}
