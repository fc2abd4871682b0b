import type { CallClock, CallMedia, CallRtc } from "../../../src/call/index.ts";

/** A stand-in for WebRTC that obeys the same order of events, without sockets or media: for rules, not for networks. */

export class FakeClock implements CallClock {
  time = 1_000_000;
  #timers: { at: number; run: () => void }[] = [];
  now = () => this.time;
  after(ms: number, run: () => void) {
    const timer = { at: this.time + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
  /** Runs what is due on the way, in order; promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
    await settle();
  }
}

/** Lets every promise that is ready run; nothing here waits for real time. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 60; i++) await Promise.resolve();
}

/** Which connections can reach each other: all, or none while it is down. */
export class FakeNetwork {
  peers = new Set<FakePeer>();
  down = false;
  setDown(down: boolean): void {
    this.down = down;
    for (const peer of this.peers) if (peer.far) peer.become(down ? "disconnected" : "connected");
    if (!down) for (const peer of this.peers) peer.meet();
  }
}

interface FakeTransceiver {
  direction: string;
  sender: { replaceTrack(track: unknown): Promise<void>; track: unknown };
  receiver: { track: { kind: string } };
  setCodecPreferences(): void;
}

let made = 0;

export class FakePeer {
  static network: FakeNetwork;
  static async generateCertificate() {
    const value = (++made).toString(16).padStart(64, "0").match(/../g)?.join(":") ?? "";
    return { expires: Number.MAX_SAFE_INTEGER, getFingerprints: () => [{ algorithm: "sha-256", value }] };
  }
  network = FakePeer.network;
  fingerprint: string;
  far: FakePeer | undefined;
  connectionState = "new";
  iceConnectionState = "new";
  signalingState = "stable";
  localDescription: { type: string; sdp: string } | null = null;
  remoteDescription: { type: string; sdp: string } | null = null;
  candidates = 0;
  closed = false;
  transceivers: FakeTransceiver[] = [];
  channel = {
    readyState: "connecting",
    onmessage: null as ((event: { data: string }) => void) | null,
    onclose: null as (() => void) | null,
    send: (data: string) => {
      const { far } = this;
      if (far && !this.network.down) queueMicrotask(() => far.channel.onmessage?.({ data }));
    },
  };
  onconnectionstatechange: (() => void) | null = null;
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  onnegotiationneeded: (() => void) | null = null;
  ontrack: (() => void) | null = null;
  #wantsRestart = false;

  constructor(configuration: { certificates: { getFingerprints(): { value: string }[] }[] }) {
    this.fingerprint = configuration.certificates[0]?.getFingerprints()[0]?.value.toUpperCase() ?? "";
    this.network.peers.add(this);
  }
  setConfiguration() {}
  createDataChannel() {
    return this.channel;
  }
  addTransceiver(kind: string) {
    const sender = {
      track: null as unknown,
      async replaceTrack(track: unknown) {
        sender.track = track;
      },
    };
    const transceiver = { direction: "sendrecv", sender, receiver: { track: { kind } }, setCodecPreferences() {} };
    this.transceivers.push(transceiver);
    return transceiver;
  }
  getTransceivers = () => this.transceivers;
  getSenders = () => this.transceivers.map((transceiver) => transceiver.sender);
  getStats = async () => new Map();
  restartIce() {
    this.#wantsRestart = true;
    this.#negotiate();
  }
  #negotiate() {
    queueMicrotask(() => {
      if (this.closed || !this.#wantsRestart || this.signalingState !== "stable") return;
      this.#wantsRestart = false;
      this.onnegotiationneeded?.();
    });
  }
  async setLocalDescription() {
    if (this.closed) throw new Error("closed");
    const type = this.signalingState === "have-remote-offer" ? "answer" : "offer";
    this.signalingState = type === "offer" ? "have-local-offer" : "stable";
    this.localDescription = { type, sdp: `v=0\r\na=fingerprint:sha-256 ${this.fingerprint}\r\n` };
    queueMicrotask(() => {
      const candidate = "candidate:1 1 udp 2113937151 192.0.2.7 50000 typ host generation 0";
      this.onicecandidate?.({ candidate: { candidate, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "u" } });
    });
    this.meet();
    this.#negotiate();
  }
  async setRemoteDescription(description: { type: string; sdp: string }) {
    if (this.closed) throw new Error("closed");
    if (description.type === "answer" && this.signalingState !== "have-local-offer") throw new Error("wrong state");
    // An offer while ours is open rolls ours back (implicit rollback of perfect negotiation).
    this.signalingState = description.type === "offer" ? "have-remote-offer" : "stable";
    this.remoteDescription = description;
    if (this.transceivers.length === 0) for (const kind of ["audio", "video"]) this.addTransceiver(kind);
    this.meet();
    this.#negotiate();
  }
  async addIceCandidate() {
    if (!this.remoteDescription) throw new Error("no description");
    this.candidates++;
    this.meet();
  }
  /** Connected once both have each other's description and one of them knows where to knock. */
  meet() {
    if (this.network.down || this.closed) return;
    for (const other of this.network.peers) {
      const knows = (a: FakePeer, b: FakePeer) =>
        a.localDescription && a.remoteDescription?.sdp.includes(b.fingerprint);
      if (other === this || other.closed || !knows(this, other) || !knows(other, this)) continue;
      if (this.candidates + other.candidates === 0) continue;
      for (const [one, two] of [
        [this, other],
        [other, this],
      ] as const) {
        one.far = two;
        one.channel.readyState = "open";
        one.become("connected");
      }
    }
  }
  become(state: string) {
    if (this.closed || this.connectionState === state) return;
    this.connectionState = state;
    queueMicrotask(() => this.onconnectionstatechange?.());
  }
  close() {
    this.closed = true;
    this.network.peers.delete(this);
    const { far } = this;
    if (far && !far.closed && !this.network.down) {
      far.become("disconnected");
      far.channel.readyState = "closed";
      queueMicrotask(() => far.channel.onclose?.());
    }
  }
}

class FakeStream {
  tracks: { kind: string }[] = [];
  getTracks = () => [...this.tracks];
  addTrack = (track: { kind: string }) => this.tracks.push(track);
  removeTrack = (track: unknown) => {
    this.tracks = this.tracks.filter((other) => other !== track);
  };
}

export function fakeRtc(): CallRtc {
  return { RTCPeerConnection: FakePeer, MediaStream: FakeStream } as unknown as CallRtc;
}

export function fakeMedia(): CallMedia {
  return {
    async getUserMedia(constraints: MediaStreamConstraints) {
      const stream = new FakeStream();
      for (const kind of ["audio", "video"] as const) {
        if (constraints[kind])
          stream.addTrack({ kind, enabled: true, readyState: "live", stop() {}, onended: null } as never);
      }
      return stream;
    },
    enumerateDevices: async () => [],
    addEventListener() {},
    removeEventListener() {},
  } as unknown as CallMedia;
}
