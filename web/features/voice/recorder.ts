import { bitsPerSecond, chooseFormat, mostBytes, mostSeconds } from "./limits.ts";
import { levelOf, toWaveform } from "./waveform.ts";

/** What `Conversation.sendVoice` takes. */
export interface VoiceClip {
  audio: Uint8Array;
  mime: string;
  seconds: number;
  waveform: number[];
}

/** Why nothing is recorded; each has its sentence. */
export type VoiceProblem = "denied" | "missing" | "busy" | "unsupported" | "failed";

export class VoiceError extends Error {
  override readonly name = "VoiceError";
  readonly problem: VoiceProblem;
  constructor(problem: VoiceProblem, options?: ErrorOptions) {
    super(problem, options);
    this.problem = problem;
  }
}

export interface RecordingEvents {
  /** About twenty times a second: how loud it is (0..1), and how long it has been (seconds). */
  onLevel(level: number, seconds: number): void;
  /** Time or bytes are used up, or the microphone went away: recording has stopped, `finish` gives what there is. */
  onFull(): void;
}

export interface Recording {
  /** @throws VoiceError "failed" when nothing was recorded. */
  finish(): Promise<VoiceClip>;
  cancel(): void;
}

const levelMs = 50;
/** Parts come this often, so that the bytes can be counted on the way. */
const partMs = 500;

/** Starts recording with the person's microphone ("" is the system's). @throws VoiceError */
export async function startRecording(microphone: string, events: RecordingEvents): Promise<Recording> {
  const mime = typeof MediaRecorder === "undefined" ? undefined : chooseFormat(MediaRecorder.isTypeSupported);
  if (!mime || !navigator.mediaDevices) throw new VoiceError("unsupported");
  const stream = await navigator.mediaDevices
    .getUserMedia({ audio: { channelCount: 1, ...(microphone && { deviceId: { ideal: microphone } }) } })
    .catch((error: unknown) => {
      throw new VoiceError(problemOf(error), { cause: error });
    });
  const stopTracks = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  try {
    return record(stream, mime, events, stopTracks);
  } catch (error) {
    stopTracks();
    throw new VoiceError("failed", { cause: error });
  }
}

function record(stream: MediaStream, mime: string, events: RecordingEvents, stopTracks: () => void): Recording {
  const recorder = new MediaRecorder(stream, { mimeType: mime, audioBitsPerSecond: bitsPerSecond });
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1_024 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const levels: number[] = [];
  const parts: Blob[] = [];
  let bytes = 0;
  let seconds = 0;
  let largest = 0;
  const began = performance.now();

  const stop = () => {
    clearInterval(timer);
    seconds ||= (performance.now() - began) / 1_000;
    if (recorder.state !== "inactive") recorder.stop();
    stopTracks();
    void context.close().catch(() => undefined);
  };
  const full = () => {
    if (recorder.state === "inactive" && seconds) return;
    stop();
    events.onFull();
  };
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const level = levelOf(samples);
    const now = (performance.now() - began) / 1_000;
    levels.push(level);
    events.onLevel(level, now);
    if (now >= mostSeconds) full();
  }, levelMs);
  const stopped = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve();
  });
  recorder.ondataavailable = ({ data }) => {
    parts.push(data);
    bytes += data.size;
    largest = Math.max(largest, data.size);
    // One more part and the last one must still fit.
    if (recorder.state === "recording" && bytes + 2 * largest > mostBytes) full();
  };
  for (const track of stream.getAudioTracks()) track.onended = full;
  recorder.start(partMs);

  return {
    async finish() {
      stop();
      await stopped;
      const audio = new Uint8Array(await new Blob(parts).arrayBuffer());
      if (audio.length === 0 || audio.length > mostBytes) throw new VoiceError("failed");
      return { audio, mime, seconds: Math.min(seconds, mostSeconds), waveform: toWaveform(levels) };
    },
    cancel: stop,
  };
}

function problemOf(error: unknown): VoiceProblem {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}
