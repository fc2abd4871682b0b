import { mayAddCandidate, outgoingCandidate, withoutCandidates } from "../call/sdp.ts";
import type { SignalCandidate } from "../call/signal.ts";
import type { CallClock, CallRtc } from "../call/types.ts";
import { concat, u32 } from "../crypto/bytes.ts";
import { ACK_MS, GATHER_MS, MAX_BUFFERED, MAX_PAYLOAD, MAX_WAITING } from "./limits.ts";
import type { Description } from "./signal.ts";

/** A data channel to one device. A message is u32 number ‖ payload; its confirmation is the number alone. */
export interface Line {
  offer(): Promise<Description>;
  answer(offer: Description): Promise<Description>;
  take(answer: Description): Promise<void>;
  usable(): boolean;
  /** Whether the other device has it on disk; false when the line is down, full, or silent for too long. Never rejects. */
  send(payload: Uint8Array): Promise<boolean>;
  close(): void;
}

export interface LineInput {
  rtc: Pick<CallRtc, "RTCPeerConnection">;
  clock: CallClock;
  servers: RTCIceServer[];
  /** Resolves once the payload is on disk; the other side is told then. */
  receive(payload: Uint8Array): Promise<void>;
  onOpen(): void;
  onClosed(): void;
}

const maxCandidates = 24;

export function createLine({ rtc, clock, servers, receive, onOpen, onClosed }: LineInput): Line {
  const pc = new rtc.RTCPeerConnection({ iceServers: servers });
  const channel = pc.createDataChannel("messages", { negotiated: true, id: 0 });
  channel.binaryType = "arraybuffer";
  const gathered: SignalCandidate[] = [];
  const waiting = new Map<number, (arrived: boolean) => void>();
  let next = 1;
  let receiving = 0;
  let closed = false;

  const close = () => {
    if (closed) return;
    closed = true;
    for (const settle of [...waiting.values()]) settle(false);
    pc.close();
    onClosed();
  };
  channel.onopen = () => onOpen();
  channel.onclose = close;
  pc.onconnectionstatechange = () => pc.connectionState === "failed" && close();
  pc.onicecandidate = ({ candidate }) => {
    if (!candidate?.candidate) return;
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    const plain = { candidate: candidate.candidate, sdpMid, sdpMLineIndex, usernameFragment };
    const leaves = outgoingCandidate(plain, false);
    if (leaves && gathered.length < maxCandidates) gathered.push(leaves);
  };
  channel.onmessage = ({ data }) => {
    if (!(data instanceof ArrayBuffer) || data.byteLength < 4 || data.byteLength > MAX_PAYLOAD + 4) return close();
    const number = new DataView(data).getUint32(0);
    if (data.byteLength === 4) return waiting.get(number)?.(true);
    if (receiving >= MAX_WAITING) return;
    receiving++;
    receive(new Uint8Array(data, 4))
      .then(() => void (usable() && channel.send(u32(number))))
      // Not confirmed: it comes again by relay.
      .catch(() => undefined)
      .finally(() => receiving--);
  };

  const usable = () => !closed && channel.readyState === "open" && pc.connectionState === "connected";

  async function describe(): Promise<Description> {
    await pc.setLocalDescription();
    await all();
    return { sdp: withoutCandidates(pc.localDescription?.sdp ?? ""), candidates: [...gathered] };
  }

  /** Nobody waits for this line: one signal with all candidates is cheaper than several. */
  const all = () =>
    new Promise<void>((resolve) => {
      if (pc.iceGatheringState === "complete") return resolve();
      const cancel = clock.after(GATHER_MS, resolve);
      pc.onicegatheringstatechange = () => {
        if (pc.iceGatheringState !== "complete") return;
        cancel();
        resolve();
      };
    });

  async function learn(type: "offer" | "answer", { sdp, candidates }: Description): Promise<void> {
    await pc.setRemoteDescription({ type, sdp: withoutCandidates(sdp) });
    for (const candidate of candidates) {
      if (mayAddCandidate(candidate, false)) await pc.addIceCandidate(candidate).catch(() => undefined);
    }
  }

  return {
    offer: describe,
    async answer(offer) {
      await learn("offer", offer);
      return describe();
    },
    take: (answer) => learn("answer", answer),
    usable,
    send(payload) {
      if (!usable() || payload.length > MAX_PAYLOAD || channel.bufferedAmount > MAX_BUFFERED)
        return Promise.resolve(false);
      const number = next++;
      return new Promise((resolve) => {
        const settle = (arrived: boolean) => {
          cancel();
          waiting.delete(number);
          resolve(arrived);
        };
        const cancel = clock.after(ACK_MS, () => settle(false));
        waiting.set(number, settle);
        try {
          channel.send(concat(u32(number), payload));
        } catch {
          settle(false);
        }
      });
    },
    close,
  };
}
