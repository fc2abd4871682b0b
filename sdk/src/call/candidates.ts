import { CANDIDATE_BATCH_MS, MAX_CANDIDATES_PER_SIGNAL } from "./limits.ts";
import { outgoingCandidate } from "./sdp.ts";
import type { SignalBody, SignalCandidate } from "./signal.ts";
import type { CallClock } from "./types.ts";

/** Gathers our candidates into few signals: each signal is an encrypted, padded message at several relays. */
export interface CandidateOutbox {
  add(candidate: RTCIceCandidate | null): void;
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
      schedule();
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
