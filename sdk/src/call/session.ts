import { codeOf } from "../errors/base.ts";
import type { ErrorCode } from "../errors/codes.ts";
import type { Call, CallSnapshot, CallState, Certificate, Contact, VideoProblem } from "../types/client.ts";
import type { CallId } from "../types/primitives.ts";
import { createIncoming, createOutgoing } from "./core/create.ts";
import { type CallEffect, type CallEvent, type CallModel, nextDue, type Step } from "./core/model.ts";
import { step } from "./core/step.ts";
import { KEEP_ANSWER_MS, KEEP_INVITE_MS, SETTLE_MS } from "./limits.ts";
import { createLocalMedia } from "./media.ts";
import { HEARTBEAT, type Monitor, watchPeer } from "./monitor.ts";
import { createNegotiation, type Negotiation, type Surroundings } from "./negotiation.ts";
import { type CallSignal, parseSignalText, type SignalBody, type SignalOf } from "./signal.ts";
import type { CallMedia, CallsInput, SignalChannel } from "./types.ts";

/** One call at work: feeds the rules with what happens and does what they say. */
export interface Session {
  readonly call: Call;
  readonly model: CallModel;
  readonly contact: Contact;
  take(signal: CallSignal, own: boolean): void;
  /** Both called at once and theirs goes on: this call takes their id and answers. */
  adopt(invite: SignalOf<"invite">): void;
  end(event: CallEvent): void;
}

export interface SessionInput {
  around: Surroundings;
  media: CallMedia | undefined;
  certify: CallsInput["certify"];
  /** Why the tiers of both people leave no video between them: as last known, and after a look. */
  videoProblem: { known(): VideoProblem | undefined; ask(): Promise<VideoProblem | undefined> };
  channel: SignalChannel;
  contact: Contact;
  relayedOnly: boolean;
  /** Asked again when an incoming call is accepted. */
  prefersRelayed(): boolean;
  begin: { id: CallId; video: boolean } | { invite: SignalOf<"invite"> };
  onEnded(session: Session): void;
}

/** Signals that may be repeated on another path are told apart by device and counter; so many are remembered. */
const SEEN = 512;

export function createSession(input: SessionInput): Session {
  const { around, channel, contact } = input;
  const { clock } = around;
  const listeners = new Set<(snapshot: CallSnapshot) => void>();
  const seen = new Set<string>();
  let counter = 0;
  let model: CallModel;
  let relayedOnly = input.relayedOnly;
  let negotiation: Negotiation;
  let monitor: Monitor | undefined;
  let cancelTimer: (() => void) | undefined;
  let stopCertifying: (() => void) | undefined;
  let certificate: Certificate = { state: "waiting", since: clock.now() };
  let onConnected: (() => void) | undefined;
  let unreadable = false;
  /** While it is set neither side's picture is shown here, whatever the other side's client sends. */
  let withoutVideo: VideoProblem | undefined;
  let protection: "frames" | "transport" | undefined;

  const media = createLocalMedia({
    media: input.media,
    rtc: around.rtc,
    onTrack: (kind, track) => void negotiation.peer?.setTrack(kind, track).catch(() => {}),
    onProblems: tell,
  });

  function negotiate(role: "caller" | "callee"): Negotiation {
    const id = model.id;
    const current = () => model.id === id;
    return createNegotiation({
      around,
      channel,
      id,
      contact: contact.publicId,
      role,
      relayedOnly: () => relayedOnly,
      send: (body) => current() && send(body),
      onLink: (link) => current() && apply({ type: "link", link }),
      onText: (text) => current() && hear(text),
      onBroken: (code) => current() && apply({ type: "broken", code }),
      onUnreadable(value) {
        unreadable = value;
        tell();
      },
      onKeys(keys) {
        if (!current()) return;
        protection = keys.framesUsed ? "frames" : "transport";
        onConnected = () => {
          monitor ??= watchPeer({
            clock,
            peer: () => negotiation.peer,
            onLink: (link) => apply({ type: "link", link }),
            onObserved: tell,
          });
          stopCertifying = input.certify?.({ callId: id, contact: contact.publicId, leaf: keys.leaf, role }, (next) => {
            certificate = next;
            tell();
          });
        };
        startIfConnected();
      },
    });
  }

  /** Watching and certifying wait for the connection, so as not to delay it. Keys may be derived before or after. */
  function startIfConnected(): void {
    if (model.state !== "connected" || !onConnected) return;
    const start = onConnected;
    const { id } = model;
    onConnected = undefined;
    clock.after(SETTLE_MS, () => model.id === id && model.state !== "ended" && start());
  }

  function snapshot(): CallSnapshot {
    const codes: ErrorCode[] = [
      ...media.problems,
      ...(withoutVideo ? [withoutVideo] : []),
      ...(unreadable ? (["CALL_FRAMES_FAILED"] as const) : []),
    ];
    const live = model.state === "connected";
    return {
      id: model.id,
      contact,
      direction: model.direction,
      video: model.video,
      state: model.state,
      ...(model.end ? { end: model.end } : {}),
      startedAt: model.startedAt,
      ...(model.connectedAt === undefined ? {} : { connectedAt: model.connectedAt }),
      muted: model.local.muted,
      cameraOn: model.local.cameraOn,
      remote: withoutVideo ? { ...model.remote, cameraOn: false } : model.remote,
      relayedOnly,
      certificate,
      ...(live && monitor?.observed.quality ? { quality: monitor.observed.quality } : {}),
      reached: model.reached,
      speaking: live && monitor ? monitor.observed.speaking : { local: false, remote: false },
      ...(protection ? { protection } : {}),
      problems: codes.map((code) => ({ code })),
    };
  }

  function tell(): void {
    for (const track of negotiation.peer?.remoteStream.getTracks() ?? [])
      if (track.kind === "video") track.enabled = !withoutVideo;
    const view = snapshot();
    for (const listener of [...listeners]) listener(view);
  }

  function apply(event: CallEvent): void {
    follow(step(model, event, clock.now()));
  }

  function follow(next: Step): void {
    const changed = next.model !== model;
    const shows = next.model.remote.cameraOn && !model.remote.cameraOn;
    model = next.model;
    if (shows) void judgeTheirs();
    cancelTimer?.();
    const due = nextDue(model);
    cancelTimer =
      due === undefined ? undefined : clock.after(Math.max(0, due - clock.now()), () => apply({ type: "tick" }));
    for (const effect of next.effects) perform(effect);
    startIfConnected();
    if (changed) tell();
  }

  /** Nobody is refused on old news: a problem that is known is looked at once more. */
  async function judgeTheirs(): Promise<void> {
    const { id } = model;
    withoutVideo = input.videoProblem.known();
    if (!withoutVideo) return;
    const problem = await input.videoProblem.ask();
    if (model.id !== id) return;
    withoutVideo = problem;
    tell();
  }

  function perform(effect: CallEffect): void {
    switch (effect.do) {
      case "invite":
        attempt(invite());
        break;
      case "prepare":
        attempt(prepare());
        break;
      case "answer":
        attempt(answer());
        break;
      case "take-answer":
        attempt(negotiation.takeAnswer(effect.signal));
        break;
      case "take-description":
        attempt(negotiation.peer?.takeDescription(effect.signal));
        break;
      case "take-candidates":
        negotiation.takeCandidates(effect.signal.by, effect.signal.list);
        break;
      case "send":
        send(effect.body);
        break;
      case "restart":
        attempt(restart());
        break;
      case "close":
        close();
    }
  }

  function attempt(work: Promise<void> | undefined): void {
    const { id } = model;
    work?.catch((error) => {
      const code = codeOf(error);
      if (model.id === id) apply({ type: "broken", code: code === "UNEXPECTED" ? "CALL_NOT_CONNECTED" : code });
    });
  }

  async function invite(): Promise<void> {
    const mine = negotiation;
    const body = await mine.invite();
    if (mine !== negotiation || model.state === "ended") return;
    attachTracks();
    const full = { ...body, video: model.video, state: model.local };
    sendTwice(
      full,
      { after: KEEP_INVITE_MS, during: "ringing-out" },
      { failed: { type: "invite-failed", code: "CALL_UNREACHABLE" }, stored: { type: "invite-stored" } },
    );
    mine.peer?.releaseCandidates();
    // Microphone and camera are needed only when somebody answers: what makes it ring goes first.
    await openMedia();
  }

  async function prepare(): Promise<void> {
    if (!("invite" in input.begin)) return;
    await negotiation.prepare(input.begin.invite);
  }

  async function answer(): Promise<void> {
    const mine = negotiation;
    // At once: a camera takes longer to open than a connection, and a track that comes after it starts its encoder late.
    const opening = openMedia();
    const body = await mine.answer();
    if (mine !== negotiation || model.state === "ended") return;
    // Open already when two calls crossed.
    attachTracks();
    const full = { ...body, state: model.local };
    sendTwice(
      full,
      { after: KEEP_ANSWER_MS, during: "connecting" },
      { failed: { type: "broken", code: "CALL_UNREACHABLE" } },
    );
    mine.peer?.releaseCandidates();
    await opening;
  }

  async function restart(): Promise<void> {
    around.ice.forget();
    // Relays may be out of reach for the same reason as the other side; the servers known so far are then tried again.
    const servers = await around.ice.get(relayedOnly).catch(() => undefined);
    await negotiation.peer?.restart(servers);
  }

  function attachTracks(): void {
    for (const track of media.stream.getTracks()) {
      void negotiation.peer?.setTrack(track.kind === "audio" ? "audio" : "video", track).catch(() => {});
    }
  }

  function sign(body: SignalBody): CallSignal {
    return { ...body, v: 1, call: model.id, by: around.device, n: counter++ };
  }

  /** The data channel is quicker and costs no relay anything; a hang-up takes both paths, as either may be gone. */
  function send(body: SignalBody): void {
    const signal = sign(body);
    const direct = model.connectedAt !== undefined && ["media", "describe", "candidates", "hangup"].includes(body.type);
    const told = direct && negotiation.peer?.connected() && negotiation.peer.tell(JSON.stringify(signal));
    if (told && body.type !== "hangup") return;
    const live = body.type === "alive" || body.type === "ringing";
    channel.send(signal, { live }).catch(() => {
      // Its effect is bounded by a deadline on both sides.
    });
  }

  /** First the quick way, which needs somebody who listens; then, while the call is still where it was, the sure one. */
  function sendTwice(
    body: SignalBody,
    second: { after: number; during: CallState },
    events: { failed: CallEvent; stored?: CallEvent },
  ): void {
    const signal = sign(body);
    const holds = () => model.id === signal.call && model.state === second.during;
    const tellIf = (event: CallEvent | undefined) => event && holds() && apply(event);
    channel.send(signal, { live: true }).catch(() => {});
    clock.after(second.after, () => {
      if (!holds()) return;
      channel.send(signal, { onStored: () => tellIf(events.stored) }).catch(() => tellIf(events.failed));
    });
  }

  function hear(text: unknown): void {
    monitor?.heard();
    if (text === HEARTBEAT) return;
    const signal = parseSignalText(text);
    if (signal?.call === model.id && signal.by === model.far) take(signal, false);
  }

  function take(signal: CallSignal, own: boolean): void {
    const key = `${signal.by} ${signal.n}`;
    if (signal.type === "invite" || signal.call !== model.id || seen.has(key)) return;
    seen.add(key);
    for (const old of seen) if (seen.size > SEEN) seen.delete(old);
    apply({ type: own ? "echo" : "signal", signal });
  }

  /** Microphone always, camera when wanted; what could not be opened is told to the other side too. */
  async function openMedia(): Promise<void> {
    await media.open({ microphone: true, camera: model.local.cameraOn });
    if (model.state === "ended") {
      media.stop();
      return;
    }
    const has = (kind: string) => media.stream.getTracks().some((track) => track.kind === kind);
    const state = { cameraOn: model.local.cameraOn && has("video"), muted: model.local.muted || !has("audio") };
    media.setMuted(state.muted);
    apply({ type: "local-media", state });
    tell();
  }

  function close(): void {
    negotiation.close();
    monitor?.stop();
    stopCertifying?.();
    media.stop();
    cancelTimer?.();
    input.onEnded(session);
  }

  const call: Call = {
    get id() {
      return model.id;
    },
    snapshot,
    get localStream() {
      return media.stream;
    },
    get remoteStream() {
      return negotiation.peer?.remoteStream;
    },
    async accept(options) {
      if (model.state !== "ringing-in") return;
      const relayed = options?.relayedOnly === true || input.prefersRelayed();
      if (relayed) await around.ice.get(true);
      relayedOnly = relayed;
      const wanted = options?.video ?? model.video;
      withoutVideo = wanted || model.remote.cameraOn ? input.videoProblem.known() : undefined;
      apply({ type: "local-media", state: { cameraOn: wanted && !withoutVideo } });
      apply({ type: "accept" });
    },
    async decline() {
      apply({ type: "decline" });
    },
    async hangUp() {
      apply({ type: "hang-up" });
    },
    async setMuted(muted) {
      media.setMuted(muted);
      apply({ type: "local-media", state: { muted } });
      if (!muted && model.state !== "ringing-in") await openMedia();
    },
    async setCamera(on) {
      const known = on || model.remote.cameraOn ? input.videoProblem.known() : undefined;
      withoutVideo = on && known ? await input.videoProblem.ask() : known;
      if (on && withoutVideo) return tell();
      if (!on) media.closeCamera();
      apply({ type: "local-media", state: { cameraOn: on } });
      if (on && model.state !== "ringing-in") await openMedia();
    },
    setDevices: (devices) => media.setDevices(devices),
    on(_event, listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  const session: Session = {
    call,
    contact,
    get model() {
      return model;
    },
    take,
    adopt(invite) {
      send({ type: "cancel", missed: false });
      negotiation.close();
      input.begin = { invite };
      const { local, startedAt, video } = model;
      const next = createIncoming({ invite, self: around.device, now: clock.now() });
      // Judged anew: what was found for the call that is dropped says nothing of this one, and nobody looked at their camera yet.
      withoutVideo = local.cameraOn || invite.state.cameraOn ? input.videoProblem.known() : undefined;
      if (withoutVideo) media.closeCamera();
      const own = { ...local, cameraOn: local.cameraOn && !withoutVideo };
      model = { ...next.model, local: own, startedAt, video: (video && !withoutVideo) || invite.video };
      negotiation = negotiate("callee");
      attempt(prepare());
      apply({ type: "accept" });
      if (model.remote.cameraOn) void judgeTheirs();
    },
    end: apply,
  };

  const now = clock.now();
  if ("invite" in input.begin) {
    const first = createIncoming({ invite: input.begin.invite, self: around.device, now });
    model = first.model;
    negotiation = negotiate("callee");
    follow(first);
  } else {
    model = createOutgoing({ ...input.begin, self: around.device, now });
    negotiation = negotiate("caller");
    apply({ type: "begin" });
  }
  return session;
}
