import type { CallState } from "../../lib/types.ts";

interface Tone {
  /** Notes in Hz, one after the other. */
  notes: number[];
  everyMs: number;
  loud: number;
}

const tones: Partial<Record<CallState, Tone>> = {
  "ringing-in": { notes: [523.25, 659.25, 783.99], everyMs: 2_600, loud: 0.16 },
  "ringing-out": { notes: [392], everyMs: 3_400, loud: 0.05 },
};

/** A soft chime of our own, made of sine waves. Silent where the browser wants a click first. */
export function startRinging(state: CallState): () => void {
  const tone = tones[state];
  if (!tone || typeof AudioContext === "undefined") return () => {};
  const context = new AudioContext();
  const play = () => {
    if (context.state === "running") chime(context, tone);
  };
  void context.resume().then(play, () => undefined);
  const timer = setInterval(play, tone.everyMs);
  return () => {
    clearInterval(timer);
    void context.close().catch(() => undefined);
  };
}

function chime(context: AudioContext, { notes, loud }: Tone): void {
  notes.forEach((frequency, index) => {
    const at = context.currentTime + index * 0.16;
    const oscillator = new OscillatorNode(context, { type: "sine", frequency });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loud, at + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 1.1);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(at);
    oscillator.stop(at + 1.2);
  });
}
