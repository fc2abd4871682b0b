import { describe, expect, test } from "vitest";
import type { CallMedia, CallRtc } from "../../src/call/index.ts";
import { createLocalMedia } from "../../src/call/media.ts";

/** Devices that can be plugged, unplugged and refused. */
class Devices {
  refuse: Partial<Record<"audio" | "video", string>> = {};
  asked: string[][] = [];
  open: Track[] = [];
  #listeners = new Set<() => void>();
  media: CallMedia = {
    enumerateDevices: async () => [],
    addEventListener: (_type: string, listener: unknown) => this.#listeners.add(listener as () => void),
    removeEventListener: (_type: string, listener: unknown) => this.#listeners.delete(listener as () => void),
    getUserMedia: async (constraints: MediaStreamConstraints) => {
      const kinds = (["audio", "video"] as const).filter((kind) => constraints[kind]);
      this.asked.push(kinds);
      for (const kind of kinds) if (this.refuse[kind]) throw new DOMException("", this.refuse[kind]);
      const tracks = kinds.map((kind) => new Track(kind));
      this.open.push(...tracks);
      return { getTracks: () => tracks };
    },
  } as unknown as CallMedia;
  async changed(): Promise<void> {
    for (const listener of this.#listeners) listener();
    await rest();
  }
  listening = () => this.#listeners.size;
}

class Track {
  kind: string;
  enabled = true;
  readyState = "live";
  onended: (() => void) | null = null;
  constructor(kind: string) {
    this.kind = kind;
  }
  stop() {
    this.readyState = "ended";
  }
}

class Stream {
  tracks: Track[] = [];
  getTracks = () => [...this.tracks];
  addTrack = (track: Track) => this.tracks.push(track);
  removeTrack = (track: Track) => {
    this.tracks = this.tracks.filter((other) => other !== track);
  };
}

async function rest(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function open(devices: Devices) {
  const sent: string[] = [];
  const media = createLocalMedia({
    media: devices.media,
    rtc: { MediaStream: Stream } as unknown as CallRtc,
    onTrack: (kind, track) => sent.push(`${kind} ${track ? "on" : "off"}`),
    onProblems: () => {},
  });
  return { media, sent };
}

const both = { microphone: true, camera: true };

describe("microphone and camera", () => {
  test("are asked for in one prompt", async () => {
    const devices = new Devices();
    const { media, sent } = open(devices);
    await media.open(both);
    expect(devices.asked).toEqual([["audio", "video"]]);
    expect(sent).toEqual(["audio on", "video on"]);
    expect(media.problems).toEqual([]);
  });

  test.each([
    ["NotAllowedError", "DENIED"],
    ["NotFoundError", "MISSING"],
    ["NotReadableError", "UNAVAILABLE"],
  ])("%s of the camera leaves the sound and has its own code", async (name, suffix) => {
    const devices = new Devices();
    devices.refuse.video = name;
    const { media, sent } = open(devices);
    await media.open(both);
    expect(media.problems).toEqual([`CAMERA_${suffix}`]);
    expect(sent).toContain("audio on");
  });

  test("neither: both codes, and no exception", async () => {
    const devices = new Devices();
    devices.refuse = { audio: "NotAllowedError", video: "NotFoundError" };
    const { media } = open(devices);
    await media.open(both);
    expect(media.problems).toEqual(["MICROPHONE_DENIED", "CAMERA_MISSING"]);
  });

  test("an unplugged microphone is replaced, or its return is noticed", async () => {
    const devices = new Devices();
    const { media } = open(devices);
    await media.open({ microphone: true, camera: false });
    devices.refuse.audio = "NotFoundError";
    const [first] = devices.open;
    if (first) first.readyState = "ended";
    first?.onended?.();
    await rest();
    expect(media.problems).toEqual(["MICROPHONE_MISSING"]);
    devices.refuse = {};
    await devices.changed();
    expect(media.problems).toEqual([]);
    expect(media.stream.getTracks()).toHaveLength(1);
  });

  test("a change to a device that fails keeps the one that works", async () => {
    const devices = new Devices();
    const { media } = open(devices);
    await media.open(both);
    devices.refuse.video = "NotReadableError";
    await media.setDevices({ camera: "other" });
    expect(media.problems).toEqual(["CAMERA_UNAVAILABLE"]);
    expect(media.stream.getTracks().map((track) => `${track.kind} ${track.readyState}`)).toEqual([
      "audio live",
      "video live",
    ]);
  });

  test("muting stays with a new microphone, and nothing stays open after the end", async () => {
    const devices = new Devices();
    const { media } = open(devices);
    await media.open(both);
    media.setMuted(true);
    await media.setDevices({ microphone: "usb" });
    expect(media.stream.getTracks().find((track) => track.kind === "audio")?.enabled).toBe(false);
    media.closeCamera();
    media.stop();
    expect(devices.open.every((track) => track.readyState === "ended")).toBe(true);
    expect(devices.listening()).toBe(0);
  });

  test("a camera that opens after it was switched off again is closed at once", async () => {
    const devices = new Devices();
    const { media, sent } = open(devices);
    const opening = media.open(both);
    media.closeCamera();
    await opening;
    expect(sent.filter((entry) => entry === "video on")).toEqual([]);
    expect(devices.open.find((track) => track.kind === "video")?.readyState).toBe("ended");
  });
});
