"use client";
import { ChevronDown } from "lucide-react";
import { useId } from "react";
import { cx } from "./cx.ts";

interface SelectProps {
  label: string;
  /** "" where nothing is chosen yet: `placeholder` stands there. */
  value: string;
  placeholder?: string;
  options: readonly { value: string; label: string }[];
  error?: string | undefined;
  onChange(value: string): void;
}

/** One of several, in the system's own list. */
export function Select({ label, value, placeholder, options, error, onChange }: SelectProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-13 font-medium text-ink-soft">
        {label}
      </label>
      <div
        className={cx(
          "pressable relative rounded-md border bg-float focus-within:border-accent focus-within:shadow-[0_0_0_3px_var(--accent-soft)]",
          error ? "border-bad" : "border-edge",
        )}
      >
        <select
          id={id}
          value={value}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          onChange={(event) => onChange(event.target.value)}
          className={cx(
            "h-12 w-full min-w-0 appearance-none truncate bg-transparent pr-9 pl-3.5 outline-none",
            value === "" && "text-ink-faint",
          )}
        >
          {placeholder !== undefined && (
            <option value="" disabled>
              {placeholder}
            </option>
          )}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown
          aria-hidden
          className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-ink-faint"
        />
      </div>
      {error && (
        <p id={`${id}-error`} className="anim-fade mt-1.5 text-13 text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
