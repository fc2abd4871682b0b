import { cx } from "./cx.ts";

interface ProgressBarProps {
  label: string;
  /** 0 to 1; whatever is beyond stands at the end. */
  share: number;
  className?: string;
}

export function ProgressBar({ label, share, className }: ProgressBarProps) {
  const percent = Math.min(1, share) * 100;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(percent)}
      aria-valuemin={0}
      aria-valuemax={100}
      className={cx("h-1.5 overflow-hidden rounded-full bg-sunken", className)}
    >
      <div className="h-full rounded-full bg-accent" style={{ width: `${percent}%` }} />
    </div>
  );
}
