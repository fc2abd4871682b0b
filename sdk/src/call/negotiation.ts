import { bytesToHex } from "@noble/hashes/utils.js";
import type { CallId, PublicId } from "../types/primitives.ts";
import { createFrameGuard, type FrameGuard } from "./frames/install.ts";
import { FRAMES_VERSION } from "./frames/layout.ts";
import { type CallKeys, deriveCallKeys, EXPORT_LABEL, EXPORT_LENGTH, epochCheck, exportContext } from "./keys.ts";
import { MAX_CANDIDATES_PER_CALL } from "./limits.ts";
import { createPeer, type Peer, type PeerInput } from "./peer.ts";
import type { SignalCandidate, SignalOf } from "./signal.ts";
import type { Spares } from "./spares.ts";
import type { IceServers } from "./turn.ts";
import type { CallClock, CallRtc, SignalChannel } from "./types.ts";

/** Everything around a call that is the same for all calls of one client. */
export interface Surroundings {
  self: PublicId;
  /** Token of this client instance. */
  device: string;
  rtc: CallRtc;
  clock: CallClock;
  random(length: number): Uint8Array;
  ice: IceServers;
  spares: Spares;
}

export interface NegotiationInput
  extends Pick<PeerInput, "role" | "relayedOnly" | "send" | "onLink" | "onText" | "onBroken"> {
  around: Surroundings;
  channel: SignalChannel;
  id: CallId;
  contact: PublicId;
  /** Both certificates and seeds are known: the call can be certified. */
  onKeys(keys: CallKeys & { framesUsed: boolean }): void;
  onUnreadable(unreadable: boolean): void;
}

type Head = "v" | "call" | "by" | "n";

/** From invitation to connection: exporter, seeds, certificates, frame keys and the peer connection of one call. */
export interface Negotiation {
  readonly peer: Peer | undefined;
  invite(): Promise<Omit<SignalOf<"invite">, Head | "video" | "state">>;
  /** Reads the invitation and gets ready; nothing leaves this device. */
  prepare(invite: SignalOf<"invite">): Promise<void>;
  answer(): Promise<Omit<SignalOf<"answer">, Head | "state">>;
  takeAnswer(signal: SignalOf<"answer">): Promise<void>;
  /** In any order with the descriptions; those of devices that are not in the call are never used. */
  takeCandidates(by: string, list: readonly SignalCandidate[]): void;
  close(): void;
}

export function createNegotiation(input: NegotiationInput): Negotiation {
  const { around, id, role } = input;
  const seed = bytesToHex(around.random(32));
  const worker = around.spares.worker();
  const guard: FrameGuard | undefined =
    worker && around.rtc.RTCRtpScriptTransform
      ? createFrameGuard(around.rtc.RTCRtpScriptTransform, worker, (what) =>
          what === "broken" ? input.onBroken("CALL_FRAMES_FAILED") : input.onUnreadable(what === "unreadable"),
        )
      : undefined;
  let peer: Peer | undefined;
  let closed = false;
  let ownFingerprint = "";
  let exported: Uint8Array | undefined;
  let invitation: SignalOf<"invite"> | undefined;
  let answeredBy: string | undefined;
  const waiting: { by: string; candidate: SignalCandidate }[] = [];
  let prepared: Promise<void> | undefined;

  function keep(by: string, list: readonly SignalCandidate[]): void {
    for (const candidate of list) if (waiting.length < MAX_CANDIDATES_PER_CALL) waiting.push({ by, candidate });
    passCandidates();
  }

  /** Several devices of the callee may ring; which one is meant is known from the answer on. */
  function passCandidates(): void {
    const far = role === "caller" ? answeredBy : invitation?.by;
    if (!peer || far === undefined) return;
    for (const { by, candidate } of waiting.splice(0)) if (by === far) peer.takeCandidates([candidate]);
  }

  async function open(servers: RTCIceServer[]): Promise<Peer> {
    const certificate = await around.spares.certificate();
    const made = createPeer({ ...input, rtc: around.rtc, clock: around.clock, servers, guard, certificate });
    if (closed) made.close();
    peer = made;
    return made;
  }

  /** A call goes on without the exporter: the seeds alone came through MLS too. */
  async function exportSecret(): Promise<Uint8Array | undefined> {
    return input.channel.exporter(EXPORT_LABEL, exportContext(id), EXPORT_LENGTH).catch(() => undefined);
  }

  function keysWith(far: { fingerprint: string; seed: string }, bound: boolean): CallKeys {
    const own = { id: around.self, fingerprint: ownFingerprint, seed };
    const other = { id: input.contact, fingerprint: far.fingerprint, seed: far.seed };
    const [caller, callee] = role === "caller" ? [own, other] : [other, own];
    return deriveCallKeys({
      id,
      caller: caller.id,
      callee: callee.id,
      callerFingerprint: caller.fingerprint,
      calleeFingerprint: callee.fingerprint,
      callerSeed: caller.seed,
      calleeSeed: callee.seed,
      exported: bound ? exported : undefined,
    });
  }

  /** Before the answer is applied or made: from the first frame on both sides treat media alike. */
  function treatFrames(keys: CallKeys, version: number): boolean {
    if (!guard || version !== FRAMES_VERSION) {
      guard?.pass();
      return false;
    }
    const { caller, callee } = keys.frames;
    guard.encrypt(role === "caller" ? { send: caller, receive: callee } : { send: callee, receive: caller });
    return true;
  }

  return {
    get peer() {
      return peer;
    },
    async invite() {
      const offering = async () => (await open(await around.ice.get(input.relayedOnly()))).offer();
      const [offer, secret] = await Promise.all([offering(), exportSecret()]);
      exported = secret;
      ownFingerprint = offer.fingerprint;
      return {
        type: "invite",
        ...offer,
        seed,
        check: secret ? epochCheck(secret, id) : "0000000000000000",
        frames: guard ? FRAMES_VERSION : 0,
        at: around.clock.now(),
      };
    },
    prepare(invite) {
      invitation = invite;
      around.ice.warm();
      const secret = exportSecret();
      const work = async () => {
        await (await open([])).learn(invite);
        exported = await secret;
        keep(invite.by, invite.candidates);
      };
      prepared = work();
      return prepared;
    },
    async answer() {
      await prepared;
      if (!peer || !invitation) throw new Error("answer before prepare");
      const bound = exported !== undefined && epochCheck(exported, id) === invitation.check;
      const frames = guard && invitation.frames === FRAMES_VERSION ? FRAMES_VERSION : 0;
      const far = invitation;
      const servers = await around.ice.get(input.relayedOnly());
      ownFingerprint = peer.ownFingerprint;
      const describing = peer.answer(servers);
      const keys = keysWith(far, bound);
      const framesUsed = treatFrames(keys, frames);
      const description = await describing;
      if (!closed) input.onKeys({ ...keys, framesUsed });
      return { type: "answer", to: far.by, ...description, seed, bound, frames };
    },
    async takeAnswer(signal) {
      if (!peer) return;
      // The browser takes the answer while keys are derived; no frame can come before the connection is up.
      const applied = peer.takeAnswer(signal);
      const keys = keysWith(signal, signal.bound);
      answeredBy = signal.by;
      const framesUsed = treatFrames(keys, signal.frames);
      await applied;
      passCandidates();
      if (!closed) input.onKeys({ ...keys, framesUsed });
    },
    takeCandidates: keep,
    close() {
      closed = true;
      guard?.stop();
      peer?.close();
    },
  };
}
