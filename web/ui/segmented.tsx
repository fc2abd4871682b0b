"use client";
import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";

interface SegmentedProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; icon?: ReactNode }[];
  onChange(value: T): void;
}

/** A choice among few, all in sight. */
export function Segmented<T extends string>({ label, value, options, onChange }: SegmentedProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => next && onChange(next as T)}
      className="inline-flex rounded-md bg-raised p-1"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="pressable relative inline-flex h-9 items-center gap-1.5 rounded-sm px-3.5 text-13 font-medium text-ink-soft after:absolute after:-inset-y-1 after:inset-x-0 hover:text-ink data-[state=on]:bg-float data-[state=on]:text-ink dark:data-[state=on]:bg-hairline data-[state=on]:shadow-[0_1px_2px_oklch(0.2_0.02_260/0.12)]"
        >
          {option.icon}
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
