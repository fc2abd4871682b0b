/** How good a connection is and who speaks, from two readings of getStats (W3C WebRTC Statistics). */

export interface Reading {
  at: number;
  received: number;
  lost: number;
  /** Seconds; undefined when not measured yet. */
  roundTrip: number | undefined;
  /** Share of our packets that the other side misses, as it reports itself. */
  farLoss: number;
  localLevel: number;
  remoteLevel: number;
  framesDecoded: number;
}

export type Quality = "good" | "fair" | "poor";

const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : 0);

export function readStats(report: Iterable<[string, unknown]>, at: number): Reading {
  const reading: Reading = {
    at,
    received: 0,
    lost: 0,
    roundTrip: undefined,
    farLoss: 0,
    localLevel: 0,
    remoteLevel: 0,
    framesDecoded: 0,
  };
  for (const [, value] of report) {
    const entry = value as Record<string, unknown>;
    if (entry.type === "inbound-rtp") {
      reading.received += number(entry.packetsReceived);
      reading.lost += number(entry.packetsLost);
      reading.framesDecoded += number(entry.framesDecoded);
      if (entry.kind === "audio") reading.remoteLevel = number(entry.audioLevel);
    }
    if (entry.type === "remote-inbound-rtp") reading.farLoss = Math.max(reading.farLoss, number(entry.fractionLost));
    if (entry.type === "media-source" && entry.kind === "audio") reading.localLevel = number(entry.audioLevel);
    if (entry.type === "candidate-pair" && entry.nominated === true && entry.state === "succeeded") {
      reading.roundTrip = number(entry.currentRoundTripTime);
    }
  }
  return reading;
}

/** From the loss between two readings and the round trip of the newer one. */
export function qualityBetween(before: Reading, after: Reading): Quality {
  const received = Math.max(0, after.received - before.received);
  const lost = Math.max(0, after.lost - before.lost);
  const loss = Math.max(after.farLoss, received + lost === 0 ? 0 : lost / (received + lost));
  const roundTrip = after.roundTrip ?? 0;
  if (loss > 0.1 || roundTrip > 0.8) return "poor";
  return loss > 0.03 || roundTrip > 0.3 ? "fair" : "good";
}

/** Levels run from 0 to 1 (RFC 6464 scale, linear); speech is well above. */
export function isSpeaking(level: number): boolean {
  return level > 0.02;
}
