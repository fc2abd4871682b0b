import type { ErrorCode } from "../../errors/codes.ts";
import type { CallEnd, CallState } from "../../types/client.ts";
import type { CallId, Millis } from "../../types/primitives.ts";
import type { MediaState, SignalBody, SignalOf } from "../signal.ts";

/** One call as the rules see it: plain data, no clock, no sockets. */
export interface CallModel {
  id: CallId;
  direction: "in" | "out";
  /** Token of this client instance. */
  self: string;
  /** The far device that is in this call: the caller's from the start, the callee's from its answer on. */
  far?: string;
  video: boolean;
  state: CallState;
  end?: { reason: CallEnd; code?: ErrorCode };
  startedAt: Millis;
  connectedAt?: Millis;
  /** While reconnecting: since when. */
  brokenAt?: Millis;
  /** The far device has said that it rings. */
  reached: boolean;
  local: MediaState;
  remote: MediaState;
  /** Counter of the signal that `remote` came from: an overtaken one must not win. */
  remoteN: number;
  /** When something happens by itself; see `step` for what. */
  due: { [K in Deadline]?: Millis };
}

/**
 * `ring`: nobody answered. `unreachable`: no relay took the invitation. `tellRinging`: the callee says that it rings. `confirm`: the caller tells the
 * callee's other devices that one has answered. `keepAlive`: the caller shows life. `alive`: the caller fell silent. `connect`: no connection in
 * time. `restart`: ICE starts anew. `lost`: the connection does not come back.
 */
export type Deadline =
  | "ring"
  | "unreachable"
  | "tellRinging"
  | "confirm"
  | "keepAlive"
  | "alive"
  | "connect"
  | "restart"
  | "lost";

/** What can happen to a call. `signal` comes from the far person, `echo` from another device of one's own. */
export type CallEvent =
  | { type: "begin" }
  | { type: "invite-failed"; code: ErrorCode }
  /** A relay has stored the invitation. */
  | { type: "invite-stored" }
  | { type: "accept" }
  | { type: "decline" }
  | { type: "hang-up" }
  | { type: "local-media"; state: Partial<MediaState> }
  | { type: "signal"; signal: AnySignal }
  | { type: "echo"; signal: AnySignal }
  | { type: "link"; link: "connected" | "interrupted" | "vanished" }
  | { type: "broken"; code: ErrorCode }
  | { type: "tick" };

export type AnySignal = {
  [T in
    | "ringing"
    | "answer"
    | "confirm"
    | "describe"
    | "candidates"
    | "media"
    | "alive"
    | "cancel"
    | "decline"
    | "busy"
    | "hangup"]: SignalOf<T>;
}[
  | "ringing"
  | "answer"
  | "confirm"
  | "describe"
  | "candidates"
  | "media"
  | "alive"
  | "cancel"
  | "decline"
  | "busy"
  | "hangup"];

/** What the surroundings have to do, in order. */
export type CallEffect =
  /** Make an offer and send the invitation. */
  | { do: "invite" }
  /** Get ready to answer without touching the network. */
  | { do: "prepare" }
  /** Make the answer and send it. */
  | { do: "answer" }
  | { do: "take-answer"; signal: SignalOf<"answer"> }
  | { do: "take-description"; signal: SignalOf<"describe"> }
  | { do: "take-candidates"; signal: SignalOf<"candidates"> }
  | { do: "send"; body: SignalBody }
  | { do: "restart" }
  /** Close the connection and release microphone and camera. */
  | { do: "close" };

export type Step = { model: CallModel; effects: CallEffect[] };

/** The earliest moment at which a "tick" is due. */
export function nextDue(model: CallModel): Millis | undefined {
  const times = Object.values(model.due);
  return times.length === 0 ? undefined : Math.min(...times);
}
