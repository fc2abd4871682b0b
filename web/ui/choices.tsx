"use client";
import { Check } from "lucide-react";
import { RadioGroup } from "radix-ui";

interface ChoicesProps {
  label: string;
  /** Undefined when none of them is in force. */
  value?: string | undefined;
  options: readonly { value: string; label: string }[];
  onChoose(value: string): void;
}

/** A choice among several, one per line. Enter or a tap takes it; the arrows only walk. */
export function Choices({ label, value, options, onChoose }: ChoicesProps) {
  return (
    <RadioGroup.Root aria-label={label} value={value ?? ""} className="flex flex-col">
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          onClick={() => onChoose(option.value)}
          onKeyDown={(event) => event.key === "Enter" && onChoose(option.value)}
          className="pressable flex min-h-11 items-center justify-between gap-3 rounded-md px-3 text-left hover:bg-raised"
        >
          {option.label}
          <RadioGroup.Indicator>
            <Check aria-hidden className="size-5 text-accent-ink" />
          </RadioGroup.Indicator>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
