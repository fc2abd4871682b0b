"use client";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Choices } from "../../ui/choices.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { RowLine } from "../me/section.tsx";

interface ChoiceRowProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  /** Undefined where the reader may only look. */
  onChange?: ((value: T) => void) | undefined;
}

/** A setting with what it is now; a tap offers the others. */
export function ChoiceRow<T extends string>({ label, value, options, onChange }: ChoiceRowProps<T>) {
  const [open, setOpen] = useState(false);
  const now = options.find((option) => option.value === value)?.label ?? value;
  if (!onChange) return <RowLine label={label}>{now}</RowLine>;
  return (
    <>
      <OpenRow label={label} onOpen={() => setOpen(true)}>
        {now}
      </OpenRow>
      <Sheet open={open} onClose={() => setOpen(false)} title={label}>
        <Choices
          label={label}
          value={value}
          options={options}
          onChoose={(chosen) => {
            setOpen(false);
            if (chosen !== value) onChange(chosen as T);
          }}
        />
      </Sheet>
    </>
  );
}

interface OpenRowProps {
  label: string;
  onOpen(): void;
  children?: ReactNode;
}

/** A row that opens something. */
export function OpenRow({ label, onOpen, children }: OpenRowProps) {
  return (
    <button
      type="button"
      onClick={onOpen}
      className="pressable flex min-h-14 w-full items-center gap-3 px-4 py-2.5 text-left -outline-offset-2 hover:bg-raised"
    >
      <span className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-x-4 gap-y-0.5">
        <span>{label}</span>
        <span className="text-ink-soft">{children}</span>
      </span>
      <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-faint" />
    </button>
  );
}
