import { cx } from "./cx.ts";

interface ProgressBarProps {
  label: string;
  /** 0 to 1; undefined while nothing is known. */
  share?: number | undefined;
  /** What a screen reader says instead of the percentage. */
  text?: string;
  className?: string;
}

/** How far something is. */
export function ProgressBar({ label, share, text, className }: ProgressBarProps) {
  const whole = share === undefined ? undefined : Math.min(1, Math.max(0, share));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={whole === undefined ? undefined : Math.round(whole * 100)}
      aria-valuetext={text}
      aria-valuemin={0}
      aria-valuemax={100}
      className={cx("h-1.5 overflow-hidden rounded-full bg-sunken", className)}
    >
      {whole === undefined ? (
        <div className="h-full w-full animate-[breathe_1.6s_ease-in-out_infinite] rounded-full bg-accent-soft" />
      ) : (
        <div
          className="h-full rounded-full bg-accent transition-[width] duration-[200ms]"
          style={{ width: `${whole * 100}%` }}
        />
      )}
    </div>
  );
}
