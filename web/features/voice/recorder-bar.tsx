"use client";
import { Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { duration } from "../../lib/when.ts";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { mostSeconds } from "./limits.ts";
import type { RecorderModel } from "./use-recorder.ts";

export interface RecorderBarProps {
  recorder: RecorderModel;
  /** From the record button. */
  slide: number;
}

/** In place of the text while somebody speaks: throw away, how loud, how long. Escape throws away too. */
export function RecorderBar({ recorder, slide }: RecorderBarProps) {
  const t = useTranslations("voice");
  const { state, cancel } = recorder;
  const on = state.phase !== "idle";

  useEffect(() => {
    if (!on) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      cancel();
    };
    addEventListener("keydown", onKey, { capture: true });
    return () => removeEventListener("keydown", onKey, { capture: true });
  }, [on, cancel]);

  if (state.phase === "idle") return null;
  const recording = state.phase === "recording";
  const left = recording ? Math.max(0, Math.ceil(mostSeconds - state.seconds)) : mostSeconds;
  const soon = recording && left <= 10 && !state.full;
  return (
    <section aria-label={t("recording")} className="flex min-h-12 min-w-0 flex-1 items-center gap-2 pl-0.5">
      <IconButton label={t("cancel")} shortcut="Escape" tipSide="top" onClick={cancel}>
        <Trash2 aria-hidden className="size-5 text-bad" />
      </IconButton>
      <span
        aria-hidden
        className={cx("size-2.5 shrink-0 rounded-full bg-bad", recording && !state.full && "animate-pulse")}
      />
      <span role="timer" aria-label={t("length")} className="tabular text-13 font-medium">
        {duration(recording ? state.seconds : 0)}
      </span>
      {slide > 0.15 ? (
        <span
          className="flex-1 truncate text-center text-13 text-ink-soft"
          style={{ transform: `translateX(${-24 * slide}px)` }}
        >
          {t("slide")}
        </span>
      ) : (
        <Levels levels={recording ? state.levels : []} />
      )}
      <p role="status" className={cx("shrink-0 text-12", soon ? "text-wait" : "text-ink-soft")}>
        {state.phase === "asking" ? t("asking") : state.full ? t("full") : soon && t("left", { seconds: left })}
      </p>
    </section>
  );
}

function Levels({ levels }: { levels: readonly number[] }) {
  const start = 48 - levels.length;
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 192 28"
      preserveAspectRatio="xMaxYMid slice"
      className="h-7 min-w-0 flex-1 text-accent"
    >
      {levels.map((level, index) => {
        const height = 2 + level * 24;
        const x = (start + index) * 4;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
          <rect key={index} x={x} y={14 - height / 2} width="2.5" height={height} rx="1.25" fill="currentColor" />
        );
      })}
    </svg>
  );
}

/** Why the microphone gave nothing, and what to do. */
export function RecorderProblem({ recorder }: { recorder: RecorderModel }) {
  const t = useTranslations("voice.problems");
  const { state } = recorder;
  if (state.phase !== "idle" || !state.problem) return null;
  return (
    <p role="alert" className="anim-rise mb-2 text-13 text-bad">
      {t(state.problem)}
    </p>
  );
}
