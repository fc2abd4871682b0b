import { vi } from "vitest";

/** A microphone, a MediaRecorder and an AudioContext that do what a test says. */
export function fakeRecorder(options: { refuse?: string; supported?: boolean } = {}) {
  const track = { stop: vi.fn(), onended: null as (() => void) | null };
  const stream = { getTracks: () => [track], getAudioTracks: () => [track] };
  const recorders: FakeMediaRecorder[] = [];
  class FakeMediaRecorder {
    static isTypeSupported = (mime: string) => options.supported !== false && mime.includes("webm");
    state = "inactive";
    onstop: (() => void) | null = null;
    ondataavailable: ((event: { data: Blob }) => void) | null = null;
    readonly settings: MediaRecorderOptions;
    constructor(_: unknown, settings: MediaRecorderOptions) {
      this.settings = settings;
      recorders.push(this);
    }
    start() {
      this.state = "recording";
    }
    stop() {
      this.state = "inactive";
      queueMicrotask(() => this.onstop?.());
    }
    give(bytes: number) {
      this.ondataavailable?.({ data: new Blob([new Uint8Array(bytes)]) });
    }
  }
  class FakeContext {
    createMediaStreamSource = () => ({ connect() {} });
    close = async () => {};
  }
  class FakeAnalyser {
    fftSize = 8;
    getFloatTimeDomainData = (samples: Float32Array) => samples.fill(0.25);
  }
  const getUserMedia = vi.fn(async () => {
    if (options.refuse) throw new DOMException("no", options.refuse);
    return stream;
  });
  vi.stubGlobal("MediaRecorder", FakeMediaRecorder);
  vi.stubGlobal("AudioContext", FakeContext);
  vi.stubGlobal("AnalyserNode", FakeAnalyser);
  Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia }, configurable: true });
  return { recorders, track, getUserMedia };
}

/** An <audio> that plays when told to. */
export class FakeAudio {
  static all: FakeAudio[] = [];
  currentTime = 0;
  playbackRate = 1;
  preload = "";
  onplaying: (() => void) | null = null;
  onpause: (() => void) | null = null;
  ontimeupdate: (() => void) | null = null;
  onended: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly src: string;
  constructor(src: string) {
    this.src = src;
    FakeAudio.all.push(this);
  }
  async play() {
    this.onplaying?.();
  }
  pause() {
    this.onpause?.();
  }
}
