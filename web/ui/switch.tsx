"use client";
import { Switch as Radix } from "radix-ui";
import { type ReactNode, useId } from "react";

interface SwitchRowProps {
  label: string;
  hint?: ReactNode;
  checked: boolean;
  onChange(checked: boolean): void;
  disabled?: boolean;
}

/** A whole row is the target; the switch says where it stands. */
export function SwitchRow({ label, hint, checked, onChange, disabled }: SwitchRowProps) {
  const id = useId();
  return (
    <div className="flex items-center gap-4 px-4 py-3">
      <label htmlFor={id} className="min-w-0 flex-1">
        <span className="block">{label}</span>
        {hint && (
          <span id={`${id}-hint`} className="mt-0.5 block text-13 text-ink-faint">
            {hint}
          </span>
        )}
      </label>
      <Radix.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="pressable relative h-7 w-12 shrink-0 rounded-full border border-edge bg-sunken after:absolute after:-inset-2 data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-45"
      >
        <Radix.Thumb className="block size-5 translate-x-0.75 rounded-full bg-ink-soft transition-transform duration-[120ms] data-[state=checked]:translate-x-[23px] data-[state=checked]:bg-on-accent" />
      </Radix.Root>
    </div>
  );
}
