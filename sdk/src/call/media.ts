import type { ErrorCode } from "../errors/codes.ts";
import type { Call } from "../types/client.ts";
import type { CallMedia, CallRtc } from "./types.ts";

/** Microphone and camera of one call. What is denied or missing never stops the call: it becomes a problem with a code. */
export interface LocalMedia {
  readonly stream: MediaStream;
  readonly problems: readonly ErrorCode[];
  /** Opens what is wanted; resolves when it is known what there is. */
  open(wanted: { microphone: boolean; camera: boolean }): Promise<void>;
  setMuted(muted: boolean): void;
  closeCamera(): void;
  setDevices(devices: CallDevices): Promise<void>;
  stop(): void;
}

export interface LocalMediaInput {
  media: CallMedia | undefined;
  rtc: CallRtc;
  /** A track takes the place of the one before; null when there is none any more. */
  onTrack(kind: "audio" | "video", track: MediaStreamTrack | null): void;
  onProblems(): void;
}

type Kind = "audio" | "video";
type CallDevices = Parameters<Call["setDevices"]>[0];

export function createLocalMedia(input: LocalMediaInput): LocalMedia {
  const { media } = input;
  const stream = new input.rtc.MediaStream();
  const problems: Record<Kind, ErrorCode | undefined> = { audio: undefined, video: undefined };
  const wanted: Record<Kind, boolean> = { audio: false, video: false };
  const devices: Record<Kind, string> = { audio: "", video: "" };
  let muted = false;
  let stopped = false;

  const current = (kind: Kind) => stream.getTracks().find((track) => track.kind === kind);

  function put(kind: Kind, track: MediaStreamTrack | undefined): void {
    const before = current(kind);
    if (before) {
      before.onended = null;
      stream.removeTrack(before);
      before.stop();
    }
    if (track && (stopped || !wanted[kind])) {
      track.stop();
      return;
    }
    if (track) {
      if (kind === "audio") track.enabled = !muted;
      // Unplugged or taken away: look for another one, and say so when there is none.
      track.onended = () => void fetch([kind]);
      stream.addTrack(track);
    }
    input.onTrack(kind, track ?? null);
  }

  function constraint(kind: Kind): MediaTrackConstraints {
    const device = devices[kind] ? { deviceId: { ideal: devices[kind] } } : {};
    return kind === "audio"
      ? { ...device, echoCancellation: true, noiseSuppression: true, autoGainControl: true }
      : { ...device, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
  }

  async function ask(kinds: readonly Kind[]): Promise<MediaStreamTrack[]> {
    if (!media) throw new DOMException("no media devices", "NotFoundError");
    const constraints: MediaStreamConstraints = {};
    for (const kind of kinds) constraints[kind] = constraint(kind);
    return (await media.getUserMedia(constraints)).getTracks();
  }

  /** Both in one prompt; when that fails, each alone, so that a missing camera does not take the sound away. */
  async function fetch(kinds: readonly Kind[]): Promise<void> {
    const got = new Map<Kind, MediaStreamTrack>();
    const keep = (tracks: MediaStreamTrack[]) => {
      for (const track of tracks) got.set(track.kind as Kind, track);
    };
    try {
      keep(await ask(kinds));
    } catch (error) {
      if (kinds.length === 1 && kinds[0]) problems[kinds[0]] = problemOf(kinds[0], error);
      else {
        for (const kind of kinds) await ask([kind]).then(keep, (reason) => (problems[kind] = problemOf(kind, reason)));
      }
    }
    for (const kind of kinds) {
      const track = got.get(kind);
      if (track) problems[kind] = undefined;
      // A change to a device that fails leaves the one that works.
      if (track || current(kind)?.readyState !== "live") put(kind, track);
    }
    if (!stopped) input.onProblems();
  }

  /** A device came or went: take it when one was missing. Tracks of devices that went end by themselves. */
  const onDeviceChange = () => {
    const missing = (["audio", "video"] as const).filter(
      (kind) => wanted[kind] && problems[kind]?.endsWith("_MISSING"),
    );
    if (missing.length > 0) void fetch(missing);
  };
  media?.addEventListener("devicechange", onDeviceChange);

  return {
    stream,
    get problems() {
      return [problems.audio, problems.video].filter((code) => code !== undefined);
    },
    async open(o) {
      if (o.microphone) wanted.audio = true;
      if (o.camera) wanted.video = true;
      const kinds = (["audio", "video"] as const).filter((kind) => wanted[kind] && !current(kind));
      if (kinds.length > 0) await fetch(kinds);
    },
    setMuted(value) {
      muted = value;
      const track = current("audio");
      if (track) track.enabled = !muted;
    },
    closeCamera() {
      wanted.video = false;
      problems.video = undefined;
      put("video", undefined);
    },
    async setDevices(change) {
      const changed: Kind[] = [];
      if (change.microphone !== undefined && change.microphone !== devices.audio) {
        devices.audio = change.microphone;
        if (wanted.audio) changed.push("audio");
      }
      if (change.camera !== undefined && change.camera !== devices.video) {
        devices.video = change.camera;
        if (wanted.video) changed.push("video");
      }
      if (changed.length > 0) await fetch(changed);
    },
    stop() {
      stopped = true;
      media?.removeEventListener("devicechange", onDeviceChange);
      for (const track of stream.getTracks()) {
        track.onended = null;
        track.stop();
        stream.removeTrack(track);
      }
    },
  };
}

/** Which sentence the person gets (Media Capture and Streams, 10.6). */
function problemOf(kind: Kind, error: unknown): ErrorCode {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  const what = kind === "audio" ? "MICROPHONE" : "CAMERA";
  if (name === "NotAllowedError" || name === "SecurityError") return `${what}_DENIED`;
  if (name === "NotFoundError" || name === "OverconstrainedError") return `${what}_MISSING`;
  return `${what}_UNAVAILABLE`;
}
