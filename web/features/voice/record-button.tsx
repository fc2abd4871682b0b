"use client";
import { Mic, SendHorizontal } from "lucide-react";
import { useTranslations } from "next-intl";
import { type PointerEvent, useRef, useState } from "react";
import { cx } from "../../ui/cx.ts";
import { Tip } from "../../ui/tip.tsx";
import type { VoiceClip } from "./recorder.ts";
import type { RecorderModel } from "./use-recorder.ts";

/** Sliding this far to the side throws the recording away, in pixels. */
const cancelSlide = 88;
/** A press shorter than this is a tap: recording goes on without the finger. */
const tapMs = 350;

export interface RecordButtonProps {
  recorder: RecorderModel;
  disabled?: boolean;
  onClip(clip: VoiceClip): void;
  /** How far the finger has slid towards cancelling, 0..1. */
  onSlide(share: number): void;
}

/** Hold to speak, slide away to cancel, let go to send. A tap or Enter starts without holding; then it is the send button. */
export function RecordButton({ recorder, disabled, onClip, onSlide }: RecordButtonProps) {
  const t = useTranslations("voice");
  const press = useRef<{ x: number; at: number; started: boolean }>(undefined);
  const pointed = useRef(false);
  const [held, setHeld] = useState(false);
  const on = recorder.state.phase !== "idle";

  const send = async () => {
    const clip = await recorder.finish();
    if (clip) onClip(clip);
  };
  const release = () => {
    press.current = undefined;
    setHeld(false);
    onSlide(0);
  };
  const onPointerDown = (event: PointerEvent<HTMLButtonElement>) => {
    if (event.button !== 0 || disabled) return;
    pointed.current = true;
    event.currentTarget.setPointerCapture(event.pointerId);
    press.current = { x: event.clientX, at: event.timeStamp, started: !on };
    if (!on) {
      setHeld(true);
      recorder.start();
    }
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!press.current?.started) return;
    // Away from the button's own edge of the screen, in either writing direction.
    const slid = Math.abs(event.clientX - press.current.x);
    onSlide(Math.min(1, slid / cancelSlide));
    if (slid < cancelSlide) return;
    release();
    recorder.cancel();
  };
  const onPointerUp = (event: PointerEvent) => {
    const begun = press.current;
    release();
    if (!begun) return;
    // The finger that let go to allow the microphone meant to speak, not to send.
    if (begun.started && recorder.state.phase === "asking") return;
    if (!begun.started || event.timeStamp - begun.at > tapMs) void send();
  };

  return (
    <Tip text={t(on ? "send" : "record")} side="top">
      <button
        type="button"
        aria-label={t(on ? "send" : "record")}
        disabled={disabled}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => {
          if (press.current?.started) recorder.cancel();
          pointed.current = false;
          release();
        }}
        onKeyDown={() => {
          pointed.current = false;
        }}
        onContextMenu={(event) => event.preventDefault()}
        onClick={() => {
          // Keys and screen readers only click; a pointer was dealt with above.
          if (!pointed.current) void (on ? send() : recorder.start());
          pointed.current = false;
        }}
        className={cx(
          "pressable m-0.5 flex size-11 shrink-0 touch-none items-center justify-center rounded-[16px] select-none disabled:opacity-45",
          on ? "bg-accent text-on-accent hover:bg-accent-strong" : "text-ink-soft hover:bg-raised hover:text-ink",
          held && "scale-115",
        )}
      >
        {on && !held ? <SendHorizontal aria-hidden className="size-5" /> : <Mic aria-hidden className="size-5" />}
      </button>
    </Tip>
  );
}
