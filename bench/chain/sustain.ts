/** What a round of operations took. */
export interface Spent {
  perSecond: number;
  /** Milliseconds of this process, all threads, per operation. */
  cpuMs: number;
}

/** CPU milliseconds of this process, all threads, since `before`. */
export function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Carries out `count` operations, `width` of them under way all the time until the last ones end. */
export async function sustain(
  { count, width }: { count: number; width: number },
  operation: (index: number, lane: number) => Promise<void>,
): Promise<Spent> {
  let next = 0;
  const began = performance.now();
  const before = process.cpuUsage();
  const work = async (_: unknown, lane: number) => {
    while (next < count) await operation(next++, lane);
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, work));
  return { perSecond: (1000 * count) / (performance.now() - began), cpuMs: cpuSince(before) / count };
}

/** CPU milliseconds of one, out of many done one after another. */
export async function cpuOfOne(times: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await work();
  return cpuSince(before) / times;
}

/**
 * Where an operation's CPU time goes: `signing` measured by itself, `encoding` what the SDK needs beyond that when every answer is
 * there at once, `requests` the rest: HTTP, polling, waiting.
 */
export function split(o: { whole: number; offline: number; signing: number }): {
  whole: number;
  signing: number;
  encoding: number;
  requests: number;
} {
  const { whole, offline, signing } = o;
  return { whole, signing, encoding: Math.max(0, offline - signing), requests: Math.max(0, whole - offline) };
}
