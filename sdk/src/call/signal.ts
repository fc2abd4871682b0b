import * as z from "zod";
import { MAX_CANDIDATE_CHARS, MAX_CANDIDATES_PER_SIGNAL, MAX_SDP_CHARS, MAX_SIGNAL_BYTES } from "./limits.ts";

/**
 * What two devices say to each other to set a call up. It travels inside the conversation (MLS), so relays see neither kind
 * nor content, and every signal is authenticated. Small ones take the call's data channel once it is open.
 */

const callId = z.string().regex(/^[0-9a-f]{32}$/);
/** Random per client instance: tells a person's devices (and tabs) apart within one call. */
const device = z.string().regex(/^[0-9a-f]{16}$/);
const seed = z.string().regex(/^[0-9a-f]{64}$/);
const fingerprint = z.string().regex(/^sha-(256|384|512) [0-9A-F]{2}(:[0-9A-F]{2}){31,63}$/);
const sdp = z.string().startsWith("v=0").max(MAX_SDP_CHARS);
const mediaState = z.strictObject({ muted: z.boolean(), cameraOn: z.boolean() });

const head = {
  v: z.literal(1),
  call: callId,
  by: device,
  /** Grows with every signal of one device in one call: duplicates and overtaken states are told by it. */
  n: z.int().min(0).max(1_000_000),
};

const candidate = z.strictObject({
  candidate: z.string().max(MAX_CANDIDATE_CHARS),
  sdpMid: z.string().max(16).nullable(),
  sdpMLineIndex: z.int().min(0).max(15).nullable(),
  usernameFragment: z.string().max(256).nullable(),
});

export const candidates = z.array(candidate).max(MAX_CANDIDATES_PER_SIGNAL);

export const callSignal = z.discriminatedUnion("type", [
  z.strictObject({
    ...head,
    type: z.literal("invite"),
    video: z.boolean(),
    at: z.int().min(0),
    sdp,
    /** DTLS certificate of the sender; the SDP and the connection must show the same one. */
    fingerprint,
    seed,
    /** First 8 bytes of a MAC under the exporter's secret: tells whether both sides are in the same MLS epoch. */
    check: z.string().regex(/^[0-9a-f]{16}$/),
    /** Version of frame encryption the sender can do; 0 for none. */
    frames: z.int().min(0).max(255),
    state: mediaState,
    /** Those that were there at once; more follow. */
    candidates,
  }),
  z.strictObject({ ...head, type: z.literal("ringing") }),
  z.strictObject({
    ...head,
    type: z.literal("answer"),
    /** Device whose invitation is answered. */
    to: device,
    sdp,
    fingerprint,
    seed,
    /** The callee is in the caller's epoch: the exporter's secret goes into the call's keys. */
    bound: z.boolean(),
    /** Version of frame encryption that both use from the first frame on; 0 for none. */
    frames: z.int().min(0).max(255),
    state: mediaState,
    candidates,
  }),
  /** The caller took this device's answer; the callee's other devices fall silent. */
  z.strictObject({ ...head, type: z.literal("confirm"), to: device }),
  /** Later offers and answers (ICE restart), by perfect negotiation. */
  z.strictObject({ ...head, type: z.literal("describe"), kind: z.enum(["offer", "answer"]), sdp, fingerprint }),
  z.strictObject({
    ...head,
    type: z.literal("candidates"),
    list: candidates.min(1),
  }),
  z.strictObject({ ...head, type: z.literal("media"), state: mediaState }),
  /** Still calling. */
  z.strictObject({ ...head, type: z.literal("alive") }),
  z.strictObject({ ...head, type: z.literal("cancel"), missed: z.boolean() }),
  z.strictObject({ ...head, type: z.literal("decline") }),
  z.strictObject({ ...head, type: z.literal("busy") }),
  z.strictObject({ ...head, type: z.literal("hangup"), failed: z.boolean() }),
]);

export type CallSignal = z.infer<typeof callSignal>;
export type SignalType = CallSignal["type"];
export type SignalOf<T extends SignalType> = Extract<CallSignal, { type: T }>;
export type MediaState = z.infer<typeof mediaState>;
export type SignalCandidate = z.infer<typeof candidate>;

type Head = "v" | "call" | "by" | "n";
/** A signal before the call adds who, which call and the counter. */
export type SignalBody = { [T in SignalType]: Omit<SignalOf<T>, Head> }[SignalType];

/** Undefined for anything that is not a well-formed signal within its bounds. */
export function parseSignal(value: unknown): CallSignal | undefined {
  const parsed = callSignal.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** The same for text off the data channel. */
export function parseSignalText(text: unknown): CallSignal | undefined {
  if (typeof text !== "string" || text.length > MAX_SIGNAL_BYTES) return undefined;
  try {
    return parseSignal(JSON.parse(text));
  } catch {
    return undefined;
  }
}
