import type { ReactNode } from "react";
import { cx } from "./cx.ts";

const tones = {
  plain: "bg-raised text-ink-soft",
  accent: "bg-accent-soft text-accent-ink",
  good: "bg-good-soft text-good",
  wait: "bg-wait-soft text-wait",
  bad: "bg-bad-soft text-bad",
};

export type Tone = keyof typeof tones;

/** State in a word: green is verified or final, amber waits, red is lost or dangerous. */
export function Chip({ tone = "plain", icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span
      className={cx(
        "inline-flex h-6 items-center gap-1.5 rounded-full px-2.5 text-12 font-medium whitespace-nowrap [&>svg]:size-3.5",
        tones[tone],
      )}
    >
      {icon}
      {children}
    </span>
  );
}
