/** What travels with a voice message: 64 bars at most, each 0..100. */
export const bars = 64;

/** The loudness of a stretch of samples (-1..1), 0..1. Speech sits low, so its root is drawn. */
export function levelOf(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.min(1, Math.sqrt(Math.sqrt(sum / samples.length) * 2));
}

/** Many levels (0..1) become at most 64 bars (0..100), the loudest of each stretch, the loudest of all at the top. */
export function toWaveform(levels: readonly number[], count = bars): number[] {
  const amount = Math.min(count, levels.length);
  const peaks = Array.from({ length: amount }, (_, bar) => {
    const from = Math.floor((bar * levels.length) / amount);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * levels.length) / amount));
    return Math.max(...levels.slice(from, to));
  });
  const loudest = Math.max(0.05, ...peaks);
  return peaks.map((peak) => Math.round((100 * Math.min(Math.max(peak, 0), loudest)) / loudest));
}

/** What came from outside, made drawable: at least one bar, within bounds. */
export function drawable(waveform: readonly number[]): number[] {
  const clean = waveform
    .slice(0, bars)
    .map((value) => (Number.isFinite(value) ? Math.min(100, Math.max(0, value)) : 0));
  return clean.length > 0 ? clean : [0];
}
