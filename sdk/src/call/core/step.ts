import type { ErrorCode } from "../../errors/codes.ts";
import type { CallEnd } from "../../types/client.ts";
import type { Millis } from "../../types/primitives.ts";
import {
  ALIVE_EVERY_MS,
  ALIVE_LOST_MS,
  CONNECT_MS,
  RECONNECT_MS,
  RESTART_EVERY_MS,
  RESTART_POLITE_MS,
  RING_MS,
  SETTLE_MS,
  SILENT_MS,
  UNREACHABLE_MS,
  VANISHED_MS,
} from "../limits.ts";
import type { SignalBody } from "../signal.ts";
import type { AnySignal, CallEffect, CallEvent, CallModel, Step } from "./model.ts";

/**
 * The rules of a call: state and event in, next state and effects out. An ended call never changes again and has no
 * effects, so everything that arrives late is harmless.
 */
export function step(model: CallModel, event: CallEvent, now: Millis): Step {
  if (model.state === "ended") return stay(model);
  switch (event.type) {
    case "begin":
      return begin(model, now);
    case "invite-failed":
      return model.state === "ringing-out" ? end(model, "failed", event.code) : stay(model);
    case "invite-stored":
      return { model: reachable(model), effects: [] };
    case "accept":
      return accept(model, now);
    case "decline":
    case "hang-up":
      return leave(model, event.type);
    case "local-media":
      return localMedia(model, event.state);
    case "signal":
      return signal(heard(model, event.signal, now), event.signal, now);
    case "echo":
      return echo(model, event.signal);
    case "link":
      return link(model, event.link, now);
    case "broken":
      return end(model, "failed", event.code, { type: "hangup", failed: true });
    case "tick":
      return tick(model, now);
  }
}

function stay(model: CallModel): Step {
  return { model, effects: [] };
}

function end(model: CallModel, reason: CallEnd, code?: ErrorCode, say?: SignalBody): Step {
  const effects: CallEffect[] = say ? [{ do: "send", body: say }] : [];
  return {
    model: { ...model, state: "ended", end: code ? { reason, code } : { reason }, due: {} },
    effects: [...effects, { do: "close" }],
  };
}

function begin(model: CallModel, now: Millis): Step {
  if (model.state !== "ringing-out" || model.due.ring !== undefined) return stay(model);
  const due = { ring: now + RING_MS, keepAlive: now + ALIVE_EVERY_MS, unreachable: now + UNREACHABLE_MS };
  return { model: { ...model, due }, effects: [{ do: "invite" }] };
}

function reachable(model: CallModel): CallModel {
  const { unreachable: _over, ...due } = model.due;
  return { ...model, due };
}

function accept(model: CallModel, now: Millis): Step {
  if (model.state !== "ringing-in") return stay(model);
  return {
    model: { ...model, state: "connecting", due: { connect: now + CONNECT_MS } },
    effects: [{ do: "answer" }],
  };
}

function leave(model: CallModel, how: "decline" | "hang-up"): Step {
  if (model.state === "ringing-in") return end(model, "declined", undefined, { type: "decline" });
  if (how === "decline") return stay(model);
  if (model.state === "ringing-out") return end(model, "cancelled", undefined, { type: "cancel", missed: false });
  return end(model, "hung-up", undefined, { type: "hangup", failed: false });
}

function localMedia(model: CallModel, change: Partial<CallModel["local"]>): Step {
  const local = { ...model.local, ...change };
  if (local.muted === model.local.muted && local.cameraOn === model.local.cameraOn) return stay(model);
  const next = { ...model, local, video: model.video || local.cameraOn };
  // Whoever still rings learns the state with the answer; a caller's change must reach the callee's devices at any time.
  const tell = model.state !== "ringing-in";
  return { model: next, effects: tell ? [{ do: "send", body: { type: "media", state: local } }] : [] };
}

/** Whoever is heard by relay while the connection is gone is no ghost: the call gets more time, up to a bound. */
function heard(model: CallModel, s: AnySignal, now: Millis): CallModel {
  if (model.brokenAt === undefined || model.due.lost === undefined || s.by !== model.far) return model;
  const lost = Math.min(Math.max(model.due.lost, now + SILENT_MS), model.brokenAt + RECONNECT_MS);
  return { ...model, due: { ...model.due, lost } };
}

function signal(model: CallModel, s: AnySignal, now: Millis): Step {
  // Once it is known which device is in the call, the others of that person may only leave the ringing.
  if (model.far !== undefined && s.by !== model.far) {
    return s.type === "answer" ? { model, effects: [confirm(model.far)] } : stay(model);
  }
  switch (s.type) {
    case "ringing":
      return model.state === "ringing-out"
        ? { model: { ...reachable(model), reached: true }, effects: [] }
        : stay(model);
    case "answer":
      if (model.state !== "ringing-out" || s.to !== model.self) return stay(model);
      return {
        model: {
          ...model,
          ...remoteMedia(model, s),
          state: "connecting",
          far: s.by,
          reached: true,
          due: { connect: now + CONNECT_MS },
        },
        effects: [{ do: "take-answer", signal: s }],
      };
    case "confirm":
      if (model.direction === "out" || s.to === model.self) return stay(model);
      return end(model, "cancelled", "CALL_ANSWERED_ELSEWHERE");
    case "describe":
      if (model.state === "ringing-out" || model.state === "ringing-in") return stay(model);
      return { model, effects: [{ do: "take-description", signal: s }] };
    case "candidates":
      return { model, effects: [{ do: "take-candidates", signal: s }] };
    case "media":
      return { model: { ...model, ...remoteMedia(model, s) }, effects: [] };
    case "alive":
      if (model.state !== "ringing-in") return stay(model);
      return { model: { ...model, due: { ...model.due, alive: now + ALIVE_LOST_MS } }, effects: [] };
    case "cancel":
      if (model.direction === "out") return stay(model);
      return end(model, model.state === "ringing-in" ? "missed" : "cancelled");
    case "decline":
    case "busy":
      if (model.state !== "ringing-out") return stay(model);
      // The person's other devices ring too; they fall silent with this.
      return end(model, s.type === "busy" ? "busy" : "declined", undefined, { type: "cancel", missed: false });
    case "hangup":
      if (model.state === "ringing-in") return end(model, "missed");
      return s.failed ? end(model, "failed", "CALL_LOST") : end(model, "hung-up");
  }
}

function confirm(to: string): CallEffect {
  return { do: "send", body: { type: "confirm", to } };
}

function remoteMedia(model: CallModel, s: { n: number; state: CallModel["remote"] }): Partial<CallModel> {
  if (s.n <= model.remoteN) return {};
  return { remote: s.state, remoteN: s.n, video: model.video || s.state.cameraOn };
}

/** Another device of one's own dealt with the call that rings here too. */
function echo(model: CallModel, s: AnySignal): Step {
  if (model.state !== "ringing-in" || s.by === model.self) return stay(model);
  if (s.type === "answer") return end(model, "cancelled", "CALL_ANSWERED_ELSEWHERE");
  if (s.type === "decline") return end(model, "declined");
  return stay(model);
}

function link(model: CallModel, state: "connected" | "interrupted" | "vanished", now: Millis): Step {
  if (model.state === "ringing-out" || model.state === "ringing-in") return stay(model);
  if (state === "connected") {
    if (model.state === "connected") return stay(model);
    const { brokenAt: _over, ...rest } = model;
    // Not at once, so as not to delay sound and picture: the callee's other devices fall silent.
    const first = model.direction === "out" && model.connectedAt === undefined;
    const due = first ? { confirm: now + SETTLE_MS } : {};
    return { model: { ...rest, state: "connected", connectedAt: model.connectedAt ?? now, due }, effects: [] };
  }
  if (model.state === "connecting") {
    // A first path that fails is tried again; the bound on connecting goes on.
    if (model.due.restart !== undefined) return stay(model);
    return { model: { ...model, due: { ...model.due, restart: now + firstRestart(model) } }, effects: [] };
  }
  const lost = now + (state === "vanished" ? VANISHED_MS : SILENT_MS);
  if (model.state === "reconnecting") {
    const due = { ...model.due, lost: Math.min(lost, model.due.lost ?? lost) };
    return { model: { ...model, due }, effects: [] };
  }
  return {
    model: { ...model, state: "reconnecting", brokenAt: now, due: { lost, restart: now + firstRestart(model) } },
    effects: [],
  };
}

function firstRestart(model: CallModel): number {
  return model.direction === "out" ? 0 : RESTART_POLITE_MS;
}

function tick(model: CallModel, now: Millis): Step {
  const is = (at: Millis | undefined) => at !== undefined && at <= now;
  const { due } = model;
  if (is(due.ring)) {
    const say: SignalBody | undefined = model.direction === "out" ? { type: "cancel", missed: true } : undefined;
    return end(model, "missed", undefined, say);
  }
  // Should it get through after all, the cancellation is right behind it.
  if (is(due.unreachable)) return end(model, "failed", "CALL_UNREACHABLE", { type: "cancel", missed: true });
  if (is(due.alive)) return end(model, "missed");
  if (is(due.connect)) return end(model, "failed", "CALL_NOT_CONNECTED", { type: "hangup", failed: true });
  if (is(due.lost)) return end(model, "failed", "CALL_LOST", { type: "hangup", failed: true });
  if (is(due.confirm)) {
    const { confirm: _said, ...rest } = due;
    return { model: { ...model, due: rest }, effects: model.far ? [confirm(model.far)] : [] };
  }
  if (is(due.tellRinging)) {
    const { tellRinging: _said, ...rest } = due;
    return { model: { ...model, due: rest }, effects: [{ do: "send", body: { type: "ringing" } }] };
  }
  if (is(due.keepAlive)) {
    const next = { ...model, due: { ...due, keepAlive: now + ALIVE_EVERY_MS } };
    return { model: next, effects: [{ do: "send", body: { type: "alive" } }] };
  }
  if (is(due.restart)) {
    const next = { ...model, due: { ...due, restart: now + RESTART_EVERY_MS } };
    return { model: next, effects: [{ do: "restart" }] };
  }
  return stay(model);
}
