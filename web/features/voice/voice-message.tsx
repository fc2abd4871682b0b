"use client";
import { CircleAlert, LoaderCircle, Pause, Play } from "lucide-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, memo, type PointerEvent } from "react";
import { duration } from "../../lib/when.ts";
import { cx } from "../../ui/cx.ts";
import { nextSpeed, seek, togglePlay, usePlayback, type Voice } from "./playback.ts";
import { drawable } from "./waveform.ts";

export interface VoiceMessageProps {
  voice: Voice;
  waveform: readonly number[];
  /** Whose voice, for screen readers. */
  name: string;
}

/** A voice message inside a bubble. One plays at a time. */
export const VoiceMessage = memo(function VoiceMessage({ voice, waveform, name }: VoiceMessageProps) {
  const t = useTranslations("voice");
  const mine = usePlayback((playback) => playback.id === voice.id);
  const state = usePlayback((playback) => (playback.id === voice.id ? playback.state : "paused"));
  const at = usePlayback((playback) => (playback.id === voice.id ? playback.at : 0));
  const speed = usePlayback((playback) => playback.speed);
  const started = mine && (at > 0 || state === "playing");
  const Icon = { loading: LoaderCircle, playing: Pause, paused: Play, failed: CircleAlert }[state];
  return (
    <figure aria-label={t("from", { name, length: duration(voice.seconds) })} className="w-64 max-w-full">
      <div className="flex items-center gap-2">
        <button
          type="button"
          aria-label={t(state === "playing" ? "pause" : "play")}
          onClick={() => void togglePlay(voice)}
          className="pressable flex size-11 shrink-0 items-center justify-center rounded-full bg-accent text-on-accent hover:bg-accent-strong active:scale-95"
        >
          <Icon
            aria-hidden
            className={cx("size-5", state === "loading" && "anim-turn", state === "paused" && "pl-0.5")}
          />
        </button>
        <Track voice={voice} waveform={waveform} at={at} />
      </div>
      <div className="flex items-center justify-between pl-13">
        <span className="tabular text-12 text-ink-soft">{duration(started ? at : voice.seconds)}</span>
        {mine && (
          <button
            type="button"
            aria-label={t("speed", { speed })}
            onClick={nextSpeed}
            className="pressable tabular relative rounded-full bg-ink/7 px-2 text-12 leading-5 font-semibold after:absolute after:-inset-3 hover:bg-ink/12"
          >
            {speed}×
          </button>
        )}
      </div>
      {state === "failed" && (
        <p role="alert" className="mt-1 text-13 text-bad">
          {t("unplayable")}
        </p>
      )}
    </figure>
  );
});

interface TrackProps {
  voice: Voice;
  waveform: readonly number[];
  at: number;
}

/** The waveform is the slider: press or drag, or the arrows, Home and End (ARIA's slider). */
function Track({ voice, waveform, at }: TrackProps) {
  const t = useTranslations("voice");
  const heights = drawable(waveform);
  const played = voice.seconds > 0 ? at / voice.seconds : 0;
  const toPointer = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    void seek(voice, ((event.clientX - left) / width) * voice.seconds);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10 }[event.key];
    const to =
      event.key === "Home" ? 0 : event.key === "End" ? voice.seconds : step === undefined ? undefined : at + step;
    if (to === undefined) return;
    event.preventDefault();
    void seek(voice, to);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t("position")}
      aria-valuemin={0}
      aria-valuemax={Math.round(voice.seconds)}
      aria-valuenow={Math.round(at)}
      aria-valuetext={t("positionOf", { at: duration(at), length: duration(voice.seconds) })}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        toPointer(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && toPointer(event)}
      className="h-11 min-w-0 flex-1 cursor-pointer touch-pan-y rounded-sm"
    >
      <svg aria-hidden="true" viewBox={`0 0 ${heights.length * 3} 44`} preserveAspectRatio="none" className="size-full">
        {heights.map((value, index) => {
          const height = 3 + value * 0.27;
          const done = (index + 0.5) / heights.length <= played;
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
              key={index}
              x={index * 3 + 0.5}
              y={22 - height / 2}
              width="2"
              height={height}
              rx="1"
              className={done ? "fill-accent" : "fill-edge"}
            />
          );
        })}
      </svg>
    </div>
  );
}
