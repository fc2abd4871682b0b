/** One line of a bench. Ratio is ours divided by the peer's, so for times below 1 is better and for rates above 1. */
export interface Line {
  bench: string;
  metric: string;
  unit: string;
  ours: number;
  /** These three only where a peer was measured. */
  peer?: string;
  peerValue?: number;
  ratio?: number;
  runs: number;
  min: number;
  max: number;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Prints a line as JSON; `samples` are ours. */
export function report(o: {
  bench: string;
  metric: string;
  unit: string;
  ours: number;
  peer?: { name: string; value: number };
  samples: readonly number[];
}): Line {
  const line: Line = {
    bench: o.bench,
    metric: o.metric,
    unit: o.unit,
    ours: round(o.ours),
    ...(o.peer && { peer: o.peer.name, peerValue: round(o.peer.value), ratio: round(o.ours / o.peer.value) }),
    runs: o.samples.length,
    min: round(Math.min(...o.samples)),
    max: round(Math.max(...o.samples)),
  };
  console.log(JSON.stringify(line));
  return line;
}

/** Nearest-rank percentile, `p` from 0 to 1: a value that was really measured. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);
