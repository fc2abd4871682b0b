import type { CallId, Millis } from "../../types/primitives.ts";
import { ALIVE_LOST_MS, RING_MS, TELL_RINGING_MS } from "../limits.ts";
import type { SignalOf } from "../signal.ts";
import type { CallModel, Step } from "./model.ts";

/** A call that starts here; `begin` sends the invitation. */
export function createOutgoing(o: { id: CallId; self: string; video: boolean; now: Millis }): CallModel {
  return {
    id: o.id,
    direction: "out",
    self: o.self,
    video: o.video,
    state: "ringing-out",
    startedAt: o.now,
    reached: false,
    local: { muted: false, cameraOn: o.video },
    remote: { muted: false, cameraOn: false },
    remoteN: -1,
    due: {},
  };
}

/** A call that rings here. */
export function createIncoming(o: { invite: SignalOf<"invite">; self: string; now: Millis }): Step {
  const model: CallModel = {
    id: o.invite.call,
    direction: "in",
    self: o.self,
    far: o.invite.by,
    video: o.invite.video,
    state: "ringing-in",
    startedAt: o.now,
    reached: true,
    local: { muted: false, cameraOn: false },
    remote: o.invite.state,
    remoteN: o.invite.n,
    // The caller counts the 45 s; here they only bound what happens when the cancellation is lost.
    due: { ring: o.now + RING_MS + 5_000, alive: o.now + ALIVE_LOST_MS, tellRinging: o.now + TELL_RINGING_MS },
  };
  return { model, effects: [{ do: "prepare" }] };
}
