import type { ReactNode } from "react";

interface OptionProps {
  icon: ReactNode;
  title: string;
  hint?: string;
  busy?: boolean;
  onClick(): void;
}

/** One of a few ways to go on. */
export function Option({ icon, title, hint, busy, onClick }: OptionProps) {
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      disabled={busy}
      onClick={onClick}
      className="pressable flex min-h-17 w-full items-center gap-4 rounded-md border border-hairline bg-float px-4 py-3 text-left hover:border-accent hover:bg-accent-soft disabled:opacity-60"
    >
      <span className="flex size-10 shrink-0 items-center justify-center overflow-hidden rounded-sm bg-raised text-accent">
        {icon}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{title}</span>
        {hint && <span className="block text-13 text-ink-soft">{hint}</span>}
      </span>
    </button>
  );
}
