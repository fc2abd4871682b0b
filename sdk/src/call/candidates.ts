import { CANDIDATE_BATCH_MS, FIRST_CANDIDATE_MS, MAX_CANDIDATES_PER_SIGNAL, SIBLING_CANDIDATES_MS } from "./limits.ts";
import { outgoingCandidate } from "./sdp.ts";
import type { SignalBody, SignalCandidate } from "./signal.ts";
import type { CallClock } from "./types.ts";

/** Gathers our candidates into few signals: each signal is an encrypted, padded message at several relays. */
export interface CandidateOutbox {
  add(candidate: RTCIceCandidate | null): void;
  /** Resolves when the first ones are there, or after a moment without any. */
  begun(): Promise<void>;
  /** Takes out what is there, to travel inside the invitation. */
  take(): SignalCandidate[];
  /** From now on they go out; the invitation or answer has to go first. */
  release(): void;
  stop(): void;
}

export function createCandidateOutbox(o: {
  clock: CallClock;
  relayedOnly(): boolean;
  send(body: SignalBody): void;
}): CandidateOutbox {
  let waiting: SignalCandidate[] = [];
  let released = false;
  let cancel: (() => void) | undefined;
  let onFirst: ((soon: boolean) => void) | undefined;

  function flush(): void {
    cancel?.();
    cancel = undefined;
    while (waiting.length > 0) o.send({ type: "candidates", list: waiting.splice(0, MAX_CANDIDATES_PER_SIGNAL) });
  }

  function schedule(): void {
    if (released && waiting.length > 0) cancel ??= o.clock.after(CANDIDATE_BATCH_MS, flush);
  }

  return {
    add(candidate) {
      if (!candidate?.candidate) {
        // End of gathering: nothing more to wait for.
        if (released) flush();
        onFirst?.(false);
        return;
      }
      const plain = outgoingCandidate(
        {
          candidate: candidate.candidate,
          sdpMid: candidate.sdpMid,
          sdpMLineIndex: candidate.sdpMLineIndex,
          usernameFragment: candidate.usernameFragment,
        },
        o.relayedOnly(),
      );
      if (plain) waiting.push(plain);
      if (plain) onFirst?.(true);
      schedule();
    },
    take: () => waiting.splice(0, MAX_CANDIDATES_PER_SIGNAL),
    begun() {
      return new Promise((resolve) => {
        const end = () => {
          stopWaiting();
          onFirst = undefined;
          resolve();
        };
        let stopWaiting = o.clock.after(waiting.length > 0 ? 0 : FIRST_CANDIDATE_MS, end);
        onFirst = (soon) => {
          onFirst = undefined;
          stopWaiting();
          stopWaiting = o.clock.after(soon ? SIBLING_CANDIDATES_MS : 0, end);
        };
      });
    },
    release() {
      released = true;
      schedule();
    },
    stop() {
      cancel?.();
      cancel = undefined;
      waiting = [];
      released = false;
    },
  };
}
