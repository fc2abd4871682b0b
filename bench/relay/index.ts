import { median, report } from "../lib/report.ts";
import { measureDurable } from "./durable.ts";
import { measureForwarding, measureLatency } from "./forward.ts";
import type { System } from "./system.ts";
import { bareWs } from "./systems/bareWs.ts";
import { peerjs } from "./systems/peerjs.ts";
import { skrumble } from "./systems/skrumble.ts";
import { socketIo } from "./systems/socketIo.ts";
import { yWebrtc } from "./systems/yWebrtc.ts";

/**
 * `npm run bench -- relay [RUNS]`: 1 KB messages between 1,000 connections, ours beside the peers, in turns, so that whatever
 * else the machine does falls on all alike. Medians of five runs.
 */
const runs = Number(process.argv[2] ?? 5);
const peers = [bareWs, peerjs, yWebrtc, socketIo];
const forwarded = new Map<System, number[]>();
const rss = new Map<System, number[]>();
const latency = new Map<System, { p50: number; p99: number }[]>();
const durable: number[] = [];

function keep<T>(samples: Map<System, T[]>, system: System, sample: T): void {
  samples.set(system, [...(samples.get(system) ?? []), sample]);
}

for (let run = 0; run < runs; run++) {
  for (const system of [skrumble, ...peers]) {
    const result = await measureForwarding(system);
    keep(forwarded, system, result.forwardedPerCpuSecond);
    keep(rss, system, result.rssMbPer1000);
  }
  for (const system of [skrumble, bareWs]) keep(latency, system, await measureLatency(system));
  durable.push(await measureDurable());
}

const bench = "relay";
const ours = forwarded.get(skrumble) ?? [];
for (const peer of peers) {
  report({
    ...{ bench, metric: "forwarded_per_cpu_s", unit: "msg/s", ours: median(ours), samples: ours },
    peer: { name: peer.name, value: median(forwarded.get(peer) ?? []) },
  });
}
for (const [metric, pick] of [
  ["latency_p50_ms", "p50"],
  ["latency_p99_ms", "p99"],
] as const) {
  const mine = (latency.get(skrumble) ?? []).map((sample) => sample[pick]);
  const theirs = (latency.get(bareWs) ?? []).map((sample) => sample[pick]);
  report({
    ...{ bench, metric, unit: "ms", ours: median(mine), samples: mine },
    peer: { name: bareWs.name, value: median(theirs) },
  });
}
report({ bench, metric: "durable_per_s", unit: "msg/s", ours: median(durable), samples: durable });
const memory = rss.get(skrumble) ?? [];
report({
  ...{ bench, metric: "rss_mb_per_1000", unit: "MB", ours: median(memory), samples: memory },
  peer: { name: bareWs.name, value: median(rss.get(bareWs) ?? []) },
});
