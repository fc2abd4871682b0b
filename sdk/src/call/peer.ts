import type { ErrorCode } from "../errors/codes.ts";
import { createCandidateOutbox } from "./candidates.ts";
import { onlyOurCodecs, preferCodecs } from "./codecs.ts";
import type { FrameGuard } from "./frames/install.ts";
import { FAREWELL_MS, MAX_CANDIDATES_PER_CALL, SETTLE_MS } from "./limits.ts";
import { fingerprintOf, mayAddCandidate, normalizeFingerprint, withoutCandidates } from "./sdp.ts";
import type { SignalBody, SignalCandidate, SignalOf } from "./signal.ts";
import type { CallClock, CallRtc } from "./types.ts";

/**
 * The connection of one call: native RTCPeerConnection with perfect negotiation (W3C WebRTC, 10.7), since simple-peer has had
 * no release since 2022. Audio, video and the control channel are negotiated once, so that muting, the camera and new devices
 * need no further offers; only an ICE restart does.
 */
export interface Peer {
  /** Caller: makes the first offer. */
  offer(): Promise<Described>;
  /** Callee: learns the first offer. Nothing leaves this device before `answer`. */
  learn(offer: { sdp: string; fingerprint: string }): Promise<void>;
  answer(servers: RTCIceServer[]): Promise<Described>;
  /** Caller: takes the first answer. */
  takeAnswer(signal: SignalOf<"answer">): Promise<void>;
  takeDescription(signal: SignalOf<"describe">): Promise<void>;
  takeCandidates(list: readonly SignalCandidate[]): void;
  /** Lets gathered candidates out; before, they wait. */
  releaseCandidates(): void;
  /** New ICE candidates, also from servers that were not known at first. */
  restart(servers: RTCIceServer[] | undefined): Promise<void>;
  connected(): boolean;
  /** What goes out from now on; null sends nothing. */
  setTrack(kind: "audio" | "video", track: MediaStreamTrack | null): Promise<void>;
  /** False when the control channel is not open. */
  tell(text: string): boolean;
  stats(): Promise<RTCStatsReport>;
  /** Of our certificate, known before anything is negotiated. */
  readonly ownFingerprint: string;
  readonly remoteStream: MediaStream;
  /** Nothing is heard or seen any more; what was said last still has a moment to leave. */
  close(): void;
}

/** A first description with the candidates that were gathered while it was made. */
export interface Described {
  sdp: string;
  fingerprint: string;
  candidates: SignalCandidate[];
}

export interface PeerInput {
  rtc: CallRtc;
  clock: CallClock;
  servers: RTCIceServer[];
  /** Made beforehand, so that its fingerprint is known before anything is negotiated. One call, one certificate. */
  certificate: RTCCertificate;
  /** May change until the answer. */
  relayedOnly(): boolean;
  role: "caller" | "callee";
  /** Attached to every transceiver from its beginning. */
  guard: FrameGuard | undefined;
  send(body: SignalBody): void;
  onLink(state: "connected" | "interrupted" | "vanished"): void;
  onText(text: unknown): void;
  onBroken(code: ErrorCode): void;
}

export function createPeer(input: PeerInput): Peer {
  const { rtc, role, certificate } = input;
  const configuration = (servers: RTCIceServer[]): RTCConfiguration => ({
    iceServers: servers,
    iceTransportPolicy: input.relayedOnly() ? "relay" : "all",
    bundlePolicy: "max-bundle",
    rtcpMuxPolicy: "require",
    certificates: [certificate],
  });
  const [print] = certificate.getFingerprints();
  const ownFingerprint = normalizeFingerprint(print?.algorithm ?? "", print?.value ?? "");
  const pc = new rtc.RTCPeerConnection(configuration(input.servers));
  const remoteStream = new rtc.MediaStream();
  const outbox = createCandidateOutbox(input);
  const early: SignalCandidate[] = [];
  const senders: { audio?: RTCRtpTransceiver; video?: RTCRtpTransceiver } = {};
  const tracks: { audio: MediaStreamTrack | null; video: MediaStreamTrack | null } = { audio: null, video: null };
  let farFingerprint: string | undefined;
  let established = false;
  let makingOffer = false;
  let ignoringOffer = false;
  let taken = 0;
  let closed = false;

  const channel = pc.createDataChannel("control", { negotiated: true, id: 0 });
  channel.onmessage = (event) => input.onText(event.data);
  channel.onclose = () => !closed && input.onLink("vanished");
  pc.ontrack = (event) => remoteStream.addTrack(event.track);
  pc.onicecandidate = (event) => outbox.add(event.candidate);
  pc.onconnectionstatechange = () => {
    if (pc.connectionState === "connected") {
      input.onLink("connected");
      input.clock.after(SETTLE_MS, () => !closed && void confirmCertificate());
    }
    if (pc.connectionState === "disconnected" || pc.connectionState === "failed") input.onLink("interrupted");
  };
  pc.onnegotiationneeded = () => {
    if (established) void describe("offer");
  };

  function adopt(transceiver: RTCRtpTransceiver, kind: "audio" | "video"): void {
    senders[kind] = transceiver;
    if (role === "caller" || !onlyOurCodecs(pc.remoteDescription?.sdp ?? "")) preferCodecs(transceiver, kind, rtc);
    input.guard?.attach(transceiver, kind);
  }

  if (role === "caller") {
    for (const kind of ["audio", "video"] as const) {
      const transceiver = pc.addTransceiver(kind, { direction: "sendrecv" });
      adopt(transceiver, kind);
    }
  }

  function own(): { sdp: string; fingerprint: string } {
    const sdp = withoutCandidates(pc.localDescription?.sdp ?? "");
    return { sdp, fingerprint: fingerprintOf(sdp) ?? "" };
  }

  /** Throws nothing; a certificate other than the one in the first description ends the call. */
  function proven(signal: { sdp: string; fingerprint: string }): boolean {
    const shown = fingerprintOf(signal.sdp);
    const fits = shown !== undefined && shown === signal.fingerprint && shown === (farFingerprint ?? shown);
    if (!fits) input.onBroken("CALL_FINGERPRINT_MISMATCH");
    farFingerprint ??= shown;
    return fits;
  }

  /** The certificate that DTLS has really seen, as a last check that does not rely on the description's parser. */
  async function confirmCertificate(): Promise<void> {
    const report = await pc.getStats();
    const byId = new Map<string, Record<string, unknown>>(report as unknown as Map<string, Record<string, unknown>>);
    for (const entry of byId.values()) {
      if (entry.type !== "transport" || typeof entry.remoteCertificateId !== "string") continue;
      const far = byId.get(entry.remoteCertificateId);
      if (!far) continue;
      const seen = normalizeFingerprint(String(far.fingerprintAlgorithm), String(far.fingerprint));
      if (seen === farFingerprint) continue;
      if (!closed) input.onBroken("CALL_FINGERPRINT_MISMATCH");
      return;
    }
  }

  async function describe(kind: "offer" | "answer"): Promise<void> {
    try {
      makingOffer = kind === "offer";
      await pc.setLocalDescription();
      const sent = pc.localDescription?.type === "answer" ? "answer" : "offer";
      input.send({ type: "describe", kind: sent, ...own() });
    } catch {
      // Closed or overtaken by the other side's offer; the next restart tries again.
    } finally {
      makingOffer = false;
    }
  }

  function addCandidate(candidate: SignalCandidate): void {
    pc.addIceCandidate(candidate).catch(() => {
      // Belongs to an offer that was ignored or to a generation that is over.
    });
  }

  async function remoteSet(type: "offer" | "answer", sdp: string): Promise<void> {
    await pc.setRemoteDescription({ type, sdp: withoutCandidates(sdp) });
  }

  function take(list: readonly SignalCandidate[]): void {
    for (const candidate of list) {
      if (closed || ++taken > MAX_CANDIDATES_PER_CALL || !mayAddCandidate(candidate, input.relayedOnly())) continue;
      if (established) addCandidate(candidate);
      else early.push(candidate);
    }
  }

  function flushEarly(): void {
    for (const candidate of early.splice(0)) addCandidate(candidate);
  }

  return {
    remoteStream,
    ownFingerprint,
    async offer() {
      await pc.setLocalDescription();
      await outbox.begun();
      return { ...own(), candidates: outbox.take() };
    },
    async learn(offer) {
      if (!proven(offer)) return;
      await remoteSet("offer", offer.sdp);
      for (const transceiver of pc.getTransceivers()) {
        const kind = transceiver.receiver.track.kind === "audio" ? "audio" : "video";
        if (senders[kind]) continue;
        adopt(transceiver, kind);
      }
    },
    async answer(servers) {
      if (servers.length > 0 || input.relayedOnly()) pc.setConfiguration(configuration(servers));
      for (const kind of ["audio", "video"] as const) {
        const transceiver = senders[kind];
        if (!transceiver) continue;
        transceiver.direction = "sendrecv";
        if (tracks[kind]) void transceiver.sender.replaceTrack(tracks[kind]);
      }
      await pc.setLocalDescription();
      established = true;
      flushEarly();
      await outbox.begun();
      return { ...own(), candidates: outbox.take() };
    },
    async takeAnswer(signal) {
      if (!proven(signal)) return;
      await remoteSet("answer", signal.sdp);
      established = true;
      flushEarly();
      // The callee's checks have come through already: the pair they used is tried first and alone, as a list of many pairs,
      // tried one every 50 ms, would only be in its way.
      const later = pc.iceConnectionState === "new" ? 0 : SETTLE_MS;
      if (later === 0) take(signal.candidates);
      else input.clock.after(later, () => take(signal.candidates));
    },
    async takeDescription(signal) {
      if (!established || closed) return;
      const collides = signal.kind === "offer" && (makingOffer || pc.signalingState !== "stable");
      ignoringOffer = role === "caller" && collides;
      if (ignoringOffer || !proven(signal)) return;
      taken = 0;
      try {
        await remoteSet(signal.kind, signal.sdp);
        flushEarly();
        if (signal.kind === "offer") await describe("answer");
      } catch {
        // A stale answer after a rollback; the next restart tries again.
      }
    },
    takeCandidates: take,
    releaseCandidates: () => outbox.release(),
    connected: () => pc.connectionState === "connected",
    async restart(servers) {
      if (!established || closed) return;
      taken = 0;
      if (servers && servers.length > 0) pc.setConfiguration(configuration(servers));
      // An offer that nobody has answered may have been lost: say it again instead of piling up another one.
      if (pc.signalingState === "have-local-offer") input.send({ type: "describe", kind: "offer", ...own() });
      else pc.restartIce();
    },
    async setTrack(kind, track) {
      tracks[kind] = track;
      if (!closed && senders[kind] && (role === "caller" || established))
        await senders[kind].sender.replaceTrack(track);
    },
    tell(text) {
      if (channel.readyState !== "open") return false;
      channel.send(text);
      return true;
    },
    stats: () => pc.getStats(),
    close() {
      closed = true;
      outbox.stop();
      channel.onmessage = null;
      pc.onconnectionstatechange = null;
      pc.onicecandidate = null;
      pc.onnegotiationneeded = null;
      pc.ontrack = null;
      for (const sender of pc.getSenders()) sender.replaceTrack(null).catch(() => {});
      if (channel.readyState === "open") input.clock.after(FAREWELL_MS, () => pc.close());
      else pc.close();
    },
  };
}
