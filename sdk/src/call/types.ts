import type { Call, Certificate, Contact, VideoProblem } from "../types/client.ts";
import type { CallId, Millis, PublicId } from "../types/primitives.ts";
import type { CallSignal } from "./signal.ts";

/**
 * Boundary of the call room. `createCalls(input: CallsInput): Calls` needs nothing else from its surroundings.
 *
 * Wiring, for whoever builds the client:
 * - an app message of the conversation whose type is "call" carries one `CallSignal` (plain JSON, at most `MAX_SIGNAL_BYTES`
 *   as text). Every one that MLS has authenticated goes to `calls.receive`, also those of one's own other devices;
 * - signals are deposited with a TTL of `SIGNAL_TTL_SECONDS`: a late one must not ring;
 * - `calls.on("call")` tells of every new call in both directions; its `change` events end with state "ended", which is when
 *   the client writes the call's line into the conversation.
 */

/** One conversation, as far as a call needs it. */
export interface SignalChannel {
  /**
   * Resolves when it is kept on this device and goes out by itself. `live`: relays pass it to devices that listen now and
   * keep nothing, which is quicker; what must arrive is said again without it. `onStored`: a relay has it; never called for
   * a live one.
   */
  send(signal: CallSignal, options?: { live?: boolean; onStored?: () => void }): Promise<void>;
  /** MLS exporter of the conversation's present epoch (RFC 9420, 8.5). */
  exporter(label: string, context: Uint8Array, length: number): Promise<Uint8Array>;
}

/** The time, injectable so that the rules are tested without waiting. */
export interface CallClock {
  now(): Millis;
  /** Calls back once after `ms`; the result takes it back. */
  after(ms: number, run: () => void): () => void;
}

/** What a call needs of `navigator.mediaDevices`. */
export type CallMedia = Pick<
  MediaDevices,
  "getUserMedia" | "enumerateDevices" | "addEventListener" | "removeEventListener"
>;

/** What a call needs of the WebRTC implementation; `globalThis` of a browser has this shape. */
export interface CallRtc {
  RTCPeerConnection: typeof RTCPeerConnection;
  MediaStream: typeof MediaStream;
  /** Codec lists; absent where the implementation has none. */
  RTCRtpReceiver?: Pick<typeof RTCRtpReceiver, "getCapabilities"> | undefined;
  /** Present where frames can be encrypted in a worker. */
  RTCRtpScriptTransform?: typeof RTCRtpScriptTransform | undefined;
}

/** What the anchor room gets to certify a call: both sides compute the same leaf. */
export interface CertifyRequest {
  callId: CallId;
  contact: PublicId;
  /** tag 32 ‖ commitment 32 ‖ mac 32, ready for `RelayPool.anchor`; only the two sides can make it. */
  leaf: Uint8Array;
  /** The caller anchors; the callee looks the tag up and anchors itself only when nothing appears for a while. */
  role: "caller" | "callee";
}

export interface CallsInput {
  self: PublicId;
  /** Undefined when there is no conversation with this person. */
  signals(contact: PublicId): SignalChannel | undefined;
  /** Only contacts in state "connected" can be called or ring. */
  contact(publicId: PublicId): Contact | undefined;
  /** TURN and STUN servers with fresh credentials; empty when no relay offers any. */
  turn(): Promise<RTCIceServer[]>;
  /** Begins to certify; tells of every change until the returned function is called. Absent: the state stays "waiting". */
  certify?: ((request: CertifyRequest, onChange: (certificate: Certificate) => void) => () => void) | undefined;
  /** Whose tier has video calls: `may` as last known, `ask` after a look, which never rejects. Absent: everybody's. */
  videoRights?: { may(person: PublicId): boolean; ask(person: PublicId): Promise<boolean> } | undefined;
  /** Default: `navigator.mediaDevices`, when there is one. */
  media?: CallMedia | undefined;
  /** Default: the browser's own, when there is one. */
  rtc?: CallRtc | undefined;
  clock?: CallClock | undefined;
  random?: ((length: number) => Uint8Array) | undefined;
  /**
   * Makes the worker that encrypts frames, from the module `@skrumble/sdk/call/frames-worker`:
   * `() => new Worker(new URL("...", import.meta.url), { type: "module" })`. Absent: media is protected by DTLS-SRTP alone.
   */
  framesWorker?: (() => Worker) | undefined;
  /** Read whenever a call starts or is accepted: hide the address from the other person too. */
  relayedOnly?: (() => boolean) | undefined;
}

export interface CallsEvents {
  /** A call that was started here or rings here. */
  call: Call;
  /** Somebody called while another call was on; they heard "busy". */
  missed: { id: CallId; contact: Contact; video: boolean; at: Millis };
}

export interface Calls {
  /**
   * Rings the other person at once; microphone and camera are opened meanwhile.
   *
   * @throws SkrumbleError CONTACT_UNKNOWN, NOT_CONNECTED, CALL_BUSY, CALL_UNSUPPORTED, CALL_RELAYED_UNAVAILABLE (no TURN),
   * VIDEO_NOT_IN_TIER, VIDEO_NOT_IN_THEIR_TIER
   */
  start(contact: PublicId, options: { video: boolean; relayedOnly?: boolean }): Promise<Call>;
  current(): Call | undefined;
  videoProblem(contact: PublicId): Promise<VideoProblem | undefined>;
  /** Takes one signal as it came out of the conversation; anything malformed is dropped. */
  receive(message: { contact: PublicId; own: boolean; signal: unknown }): void;
  on<K extends keyof CallsEvents>(event: K, listener: (value: CallsEvents[K]) => void): () => void;
  /** Hangs up and releases microphone, camera and timers. */
  close(): Promise<void>;
}
