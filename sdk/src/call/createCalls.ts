import { bytesToHex } from "@noble/hashes/utils.js";
import { SkrumbleError } from "../errors/base.ts";
import type { Contact } from "../types/client.ts";
import type { CallId } from "../types/primitives.ts";
import { judgeInvite } from "./core/judge.ts";
import { createEarlySignals } from "./early.ts";
import { createListeners } from "./listeners.ts";
import type { Surroundings } from "./negotiation.ts";
import { createSession, type Session } from "./session.ts";
import { type CallSignal, parseSignal, type SignalBody, type SignalOf } from "./signal.ts";
import { createSpares } from "./spares.ts";
import { onPageLeft, systemCallClock, systemCallRtc } from "./system.ts";
import { createIceServers } from "./turn.ts";
import type { Calls, CallsEvents, CallsInput } from "./types.ts";
import { askVideoProblem, knownVideoProblem } from "./videoProblem.ts";

/** Ended calls that are remembered, so that a late or repeated invitation does not ring again. */
const REMEMBERED = 64;

/** Calls between two people, one at a time. Everything outside comes through `input`; see `CallsInput`. */
export function createCalls(input: CallsInput): Calls {
  const clock = input.clock ?? systemCallClock;
  const random = input.random ?? ((length) => crypto.getRandomValues(new Uint8Array(length)));
  const rtc = input.rtc ?? systemCallRtc();
  const media = input.media ?? globalThis.navigator?.mediaDevices;
  const device = bytesToHex(random(8));
  const spares = rtc && createSpares(rtc, clock, input.framesWorker);
  spares?.refill();
  const ice = createIceServers(input.turn, clock);
  const listeners = createListeners<CallsEvents>();
  const early = createEarlySignals(clock);
  const ended = new Set<CallId>();
  let session: Session | undefined;
  let closed = false;

  const stopWatching = onPageLeft(() => session?.end({ type: "hang-up" }));

  function prefersRelayed(): boolean {
    return input.relayedOnly?.() ?? false;
  }

  function open(
    contact: Contact,
    begin: { id: CallId; video: boolean } | { invite: SignalOf<"invite"> },
    relayed: boolean,
  ) {
    const channel = input.signals(contact.publicId);
    if (!rtc || !spares || !channel) return undefined;
    const around: Surroundings = {
      self: input.self,
      device,
      rtc,
      clock,
      random,
      ice,
      spares,
    };
    const made = createSession({
      around,
      media,
      certify: input.certify,
      videoProblem: {
        known: () => knownVideoProblem(input, contact.publicId),
        ask: () => askVideoProblem(input, contact.publicId),
      },
      channel,
      contact,
      relayedOnly: relayed,
      prefersRelayed,
      begin,
      onEnded,
    });
    session = made;
    listeners.emit("call", made.call);
    return made;
  }

  function onEnded(which: Session): void {
    remember(which.model.id);
    if (session === which) session = undefined;
    if (!closed) spares?.refill();
  }

  function remember(id: CallId): void {
    ended.add(id);
    for (const old of ended) if (ended.size > REMEMBERED) ended.delete(old);
  }

  function reply(contact: Contact, call: CallId, body: SignalBody): void {
    const signal: CallSignal = { ...body, v: 1, call, by: device, n: 0 };
    input
      .signals(contact.publicId)
      ?.send(signal)
      .catch(() => {
        // Their side ends by itself when it hears nothing.
      });
  }

  function invited(contact: Contact, invite: SignalOf<"invite">): void {
    if (ended.has(invite.call)) return;
    // By the time somebody answers, a "no" is fresh.
    if (invite.video && knownVideoProblem(input, contact.publicId)) void askVideoProblem(input, contact.publicId);
    const current = session && { contact: session.contact.publicId, model: session.model };
    const judgement = judgeInvite(current, invite, contact.publicId, clock.now());
    switch (judgement) {
      case "ignore":
        return;
      case "busy":
        remember(invite.call);
        reply(contact, invite.call, { type: "busy" });
        listeners.emit("missed", { id: invite.call, contact, video: invite.video, at: clock.now() });
        return;
      case "adopt":
        remember(session?.model.id ?? invite.call);
        session?.adopt(invite);
        break;
      case "replace":
        session?.end({ type: "broken", code: "CALL_LOST" });
        open(contact, { invite }, prefersRelayed());
        break;
      case "ring":
        open(contact, { invite }, prefersRelayed());
        break;
    }
    for (const signal of early.take(contact.publicId, invite.call)) session?.take(signal, false);
  }

  return {
    async start(publicId, options) {
      const contact = input.contact(publicId);
      if (!contact) throw new SkrumbleError("CONTACT_UNKNOWN");
      if (contact.state !== "connected") throw new SkrumbleError("NOT_CONNECTED");
      if (!rtc || closed) throw new SkrumbleError(closed ? "CLIENT_CLOSED" : "CALL_UNSUPPORTED");
      const busy = () => {
        if (!session) return undefined;
        // They ring here already: calling them means taking the call.
        if (session.contact.publicId === publicId && session.model.state === "ringing-in") return session;
        throw new SkrumbleError("CALL_BUSY");
      };
      const take = async (ringing: Session) => {
        await ringing.call.accept({ video: options.video, relayedOnly: options.relayedOnly === true });
        return ringing.call;
      };
      let ringing = busy();
      if (ringing) return take(ringing);
      // The chain is asked only before a refusal: it may know better by now.
      if (options.video && knownVideoProblem(input, publicId)) {
        const problem = await askVideoProblem(input, publicId);
        ringing = busy();
        if (ringing) return take(ringing);
        if (problem) throw new SkrumbleError(problem);
      }
      const relayed = options.relayedOnly ?? prefersRelayed();
      if (relayed) {
        await ice.get(true);
        ringing = busy();
        if (ringing) return take(ringing);
      }
      const made = open(contact, { id: bytesToHex(random(16)), video: options.video }, relayed);
      if (!made) throw new SkrumbleError("NOT_CONNECTED");
      return made.call;
    },
    current: () => session?.call,
    videoProblem: (contact) => askVideoProblem(input, contact),
    receive({ contact: publicId, own, signal: raw }) {
      const signal = parseSignal(raw);
      const contact = input.contact(publicId);
      if (!signal || contact?.state !== "connected" || closed || signal.by === device) return;
      const mine = session && session.contact.publicId === publicId && session.model.id === signal.call;
      if (mine) session?.take(signal, own);
      if (mine || own || !rtc) return;
      if (signal.type === "invite") {
        invited(contact, signal);
        return;
      }
      if (ended.has(signal.call)) {
        // They believe in a call that is over here: say so, or they would wait for a connection.
        if (signal.type === "answer") reply(contact, signal.call, { type: "hangup", failed: false });
        return;
      }
      early.keep(publicId, signal);
    },
    on: listeners.on,
    async close() {
      closed = true;
      stopWatching();
      session?.end({ type: "hang-up" });
      spares?.drop();
    },
  };
}
