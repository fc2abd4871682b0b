import { HEARTBEAT_EVERY_MS, HEARTBEAT_LOST_MS, STATS_EVERY_MS } from "./limits.ts";
import type { Peer } from "./peer.ts";
import { isSpeaking, type Quality, qualityBetween, type Reading, readStats } from "./stats.ts";
import type { CallClock } from "./types.ts";

/** What says "I am here" on the control channel. */
export const HEARTBEAT = "h";

export interface Observed {
  quality: Quality | undefined;
  speaking: { local: boolean; remote: boolean };
}

/** Watches one connection: heartbeats both ways, quality and who speaks. */
export interface Monitor {
  readonly observed: Observed;
  heard(): void;
  stop(): void;
}

/** Loss is judged over this many readings (3 s), as a single lost packet says nothing. */
const HISTORY = 6;
/** Speech has gaps between words; the indicator bridges them. */
const HOLD_MS = 700;

export function watchPeer(o: {
  clock: CallClock;
  peer: () => Peer | undefined;
  onLink(state: "connected" | "interrupted"): void;
  onObserved(): void;
}): Monitor {
  const { clock } = o;
  const readings: Reading[] = [];
  const spoke = { local: Number.NEGATIVE_INFINITY, remote: Number.NEGATIVE_INFINITY };
  const observed: Observed = { quality: undefined, speaking: { local: false, remote: false } };
  let lastHeard: number | undefined;
  let silent = false;
  let stopped = false;

  function every(ms: number, run: () => void): () => void {
    let cancel = clock.after(ms, function again() {
      cancel = clock.after(ms, again);
      run();
    });
    return () => cancel();
  }

  const stopHeartbeat = every(HEARTBEAT_EVERY_MS, () => {
    o.peer()?.tell(HEARTBEAT);
    if (lastHeard !== undefined && !silent && clock.now() - lastHeard > HEARTBEAT_LOST_MS) {
      silent = true;
      o.onLink("interrupted");
    }
  });

  const stopStats = every(STATS_EVERY_MS, () => {
    const peer = o.peer();
    if (!peer?.connected()) return;
    peer.stats().then(
      (report) => !stopped && take(readStats(report as unknown as Iterable<[string, unknown]>, clock.now())),
      () => {},
    );
  });

  function take(reading: Reading): void {
    readings.push(reading);
    if (readings.length > HISTORY) readings.shift();
    const [oldest] = readings;
    const quality = oldest && oldest !== reading ? qualityBetween(oldest, reading) : undefined;
    if (isSpeaking(reading.localLevel)) spoke.local = reading.at;
    if (isSpeaking(reading.remoteLevel)) spoke.remote = reading.at;
    const speaking = { local: reading.at - spoke.local < HOLD_MS, remote: reading.at - spoke.remote < HOLD_MS };
    const same =
      quality === observed.quality &&
      speaking.local === observed.speaking.local &&
      speaking.remote === observed.speaking.remote;
    observed.quality = quality;
    observed.speaking = speaking;
    if (!same) o.onObserved();
  }

  return {
    observed,
    heard() {
      lastHeard = clock.now();
      if (silent && o.peer()?.connected()) o.onLink("connected");
      silent = false;
    },
    stop() {
      stopped = true;
      stopHeartbeat();
      stopStats();
    },
  };
}
