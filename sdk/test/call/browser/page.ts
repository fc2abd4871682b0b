import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { type CallSignal, type Calls, createCalls } from "../../../src/call/index.ts";
import type { Call, CallSnapshot, Contact } from "../../../src/types/client.ts";
import type { PublicId } from "../../../src/types/primitives.ts";

/** The page that two browsers open in the call tests: the call room alone, with signals carried by the test. */

export interface PageOptions {
  self: PublicId;
  other: PublicId;
  turn: RTCIceServer[];
  relayedOnly: boolean;
  frames: boolean;
  /** Replaces getUserMedia's answer for one kind: what a browser says when permission or device is missing. */
  refuse: { audio?: string; video?: string };
}

/** Small pictures keep two encoders and two decoders within a shared machine. */
const SMALL = { width: { ideal: 160 }, height: { ideal: 120 }, frameRate: { ideal: 15 } };

interface Probe {
  state: CallSnapshot["state"] | "none";
  snapshot: CallSnapshot | undefined;
  /** Frames decoded and audio energy so far, bytes sent, types of the candidate pair in use. */
  video: number;
  audio: number;
  pair: string;
  localCandidates: string[];
}

class Page {
  calls: Calls;
  current: Call | undefined;
  player = document.createElement("audio");
  states: string[] = [];
  sent: CallSignal[] = [];
  /** Every connection the call room opened, newest last. */
  connections: RTCPeerConnection[] = [];
  options: PageOptions;
  constructor(options: PageOptions) {
    this.options = options;
    const connections = this.connections;
    class Recorded extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    }
    const contact = {
      publicId: options.other,
      pseudonym: "other",
      state: "connected",
      since: 0,
      verified: false,
    } as Contact;
    const exporter = async (label: string, context: Uint8Array, length: number) =>
      hmac(sha256, utf8ToBytes("shared group"), concatBytes(utf8ToBytes(label), context)).slice(0, length);
    this.calls = createCalls({
      self: options.self,
      signals: () => ({
        exporter,
        send: async (signal, sending) => {
          this.sent.push(signal);
          await window.deliver(JSON.stringify(signal));
          if (!sending?.live) sending?.onStored?.();
        },
      }),
      contact: (id) => (id === options.other ? contact : undefined),
      turn: async () => this.options.turn,
      relayedOnly: () => options.relayedOnly,
      rtc: { RTCPeerConnection: Recorded, MediaStream, RTCRtpReceiver, RTCRtpScriptTransform },
      media: mediaWith(options.refuse),
      framesWorker: options.frames ? () => new Worker("/worker.js", { type: "module" }) : undefined,
    });
    this.calls.on("call", (call) => {
      this.current = call;
      this.states.push(call.snapshot().state);
      call.on("change", (snapshot) => {
        this.play(call.remoteStream);
        if (this.states.at(-1) !== snapshot.state) this.states.push(snapshot.state);
      });
    });
    window.receive = (text) => this.calls.receive({ contact: options.other, own: false, signal: JSON.parse(text) });
  }

  async start(video: boolean): Promise<string> {
    return this.calls.start(this.options.other, { video }).then(
      (call) => call.id,
      (error) => `error ${error.code}`,
    );
  }

  /** A track that nobody plays is not decoded. */
  play(stream: MediaStream | undefined): void {
    if (!stream || this.player.srcObject === stream) return;
    this.player.srcObject = stream;
    this.player.play().catch(() => {});
  }

  async probe(): Promise<Probe> {
    const snapshot = this.current?.snapshot();
    const pc = this.connections.at(-1);
    const out: Probe = {
      state: snapshot?.state ?? "none",
      snapshot,
      video: 0,
      audio: 0,
      pair: "",
      localCandidates: [],
    };
    if (!pc) return out;
    const entries = new Map<string, Record<string, unknown>>(
      (await pc.getStats()) as unknown as Map<string, Record<string, unknown>>,
    );
    for (const entry of entries.values()) {
      if (entry.type === "inbound-rtp" && entry.kind === "video") out.video += Number(entry.framesDecoded ?? 0);
      if (entry.type === "inbound-rtp" && entry.kind === "audio") out.audio += Number(entry.totalAudioEnergy ?? 0);
      if (entry.type === "local-candidate") out.localCandidates.push(String(entry.candidateType));
      if (entry.type === "transport" && typeof entry.selectedCandidatePairId === "string") {
        const pair = entries.get(entry.selectedCandidatePairId);
        const [local, remote] = [
          entries.get(String(pair?.localCandidateId)),
          entries.get(String(pair?.remoteCandidateId)),
        ];
        out.pair = `${local?.candidateType} ${remote?.candidateType}`;
      }
    }
    return out;
  }

  /** Average brightness of what is shown right now: proves that frames were really decoded. */
  async picture(): Promise<{ width: number; height: number; distinct: number }> {
    const video = document.createElement("video");
    video.muted = true;
    video.srcObject = this.current?.remoteStream ?? null;
    await video.play();
    await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const context = canvas.getContext("2d");
    context?.drawImage(video, 0, 0);
    const data = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
    const distinct = new Set<number>();
    for (let i = 0; i < data.length; i += 4)
      distinct.add(((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0));
    video.srcObject = null;
    return { width: canvas.width, height: canvas.height, distinct: distinct.size };
  }
}

function mediaWith(refuse: PageOptions["refuse"]) {
  const real = navigator.mediaDevices;
  return {
    enumerateDevices: () => real.enumerateDevices(),
    addEventListener: real.addEventListener.bind(real),
    removeEventListener: real.removeEventListener.bind(real),
    async getUserMedia(constraints?: MediaStreamConstraints) {
      for (const kind of ["audio", "video"] as const) {
        const name = refuse[kind];
        if (name && constraints?.[kind]) throw new DOMException("refused by the test", name);
      }
      return real.getUserMedia({ ...constraints, ...(constraints?.video ? { video: SMALL } : {}) });
    },
  };
}

declare global {
  interface Window {
    deliver(text: string): Promise<void>;
    receive(text: string): void;
    openPage(options: PageOptions): void;
    page: Page;
  }
}

Object.assign(window, {
  openPage(options: PageOptions) {
    window.page = new Page(options);
  },
});

export type { Page, Probe };
