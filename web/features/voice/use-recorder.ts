import { useCallback, useEffect, useRef, useState } from "react";
import { usePreferences } from "../../lib/preferences.ts";
import { type Recording, startRecording, type VoiceClip, VoiceError, type VoiceProblem } from "./recorder.ts";

/** Shorter than this was a slip of the finger. */
const leastSeconds = 0.7;
/** As many bars as a composer is wide. */
const shownLevels = 48;

export type RecorderState =
  | { phase: "idle"; problem?: VoiceProblem }
  | { phase: "asking" }
  /** `full`: time or space is used up; it can still be sent. */
  | { phase: "recording"; seconds: number; levels: readonly number[]; full: boolean };

export interface RecorderModel {
  state: RecorderState;
  start(): void;
  cancel(): void;
  /** Ends the recording. Undefined when it was a slip of the finger, or nothing was recorded. */
  finish(): Promise<VoiceClip | undefined>;
}

const idle: RecorderState = { phase: "idle" };

export function useRecorder(): RecorderModel {
  const [state, setState] = useState<RecorderState>(idle);
  /** What was asked for last; an older answer is too late. */
  const attempt = useRef(0);
  const recording = useRef<Promise<Recording>>(undefined);

  const drop = useCallback(() => {
    attempt.current++;
    const open = recording.current;
    recording.current = undefined;
    open?.then(
      (one) => one.cancel(),
      () => undefined,
    );
    return open;
  }, []);

  const start = useCallback(() => {
    drop();
    const mine = attempt.current;
    const current = () => mine === attempt.current;
    setState({ phase: "asking" });
    const starting = startRecording(usePreferences.getState().microphone, {
      onLevel(level, seconds) {
        if (!current()) return;
        setState((now) => ({
          phase: "recording",
          seconds,
          levels: [...(now.phase === "recording" ? now.levels : []), level].slice(-shownLevels),
          full: false,
        }));
      },
      onFull() {
        if (current()) setState((now) => (now.phase === "recording" ? { ...now, full: true } : now));
      },
    });
    recording.current = starting;
    starting.then(
      () => current() && setState({ phase: "recording", seconds: 0, levels: [], full: false }),
      (error: unknown) => {
        if (!current()) return;
        recording.current = undefined;
        setState({ phase: "idle", problem: error instanceof VoiceError ? error.problem : "failed" });
      },
    );
  }, [drop]);

  const cancel = useCallback(() => {
    drop();
    setState(idle);
  }, [drop]);

  const finish = useCallback(async () => {
    const open = recording.current;
    recording.current = undefined;
    attempt.current++;
    setState(idle);
    try {
      const clip = await (await open)?.finish();
      return clip && clip.seconds >= leastSeconds ? clip : undefined;
    } catch (error) {
      setState({ phase: "idle", problem: error instanceof VoiceError ? error.problem : "failed" });
      return undefined;
    }
  }, []);

  useEffect(() => () => void drop(), [drop]);
  return { state, start, cancel, finish };
}
