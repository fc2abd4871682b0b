import { setTimeout as sleep } from "node:timers/promises";
import { percentile } from "../lib/report.ts";
import { type Pair, type System, startServer } from "./system.ts";

export const CONNECTIONS = 1000;
const PAIRS = CONNECTIONS / 2;
/** Messages under way per pair: enough to keep a server busy, little enough that none waits for long. */
const WINDOW = 2;
const WARM_UP = 20_000;
const MESSAGES = 60_000;
const CONNECT_AT_ONCE = 50;

export interface ForwardResult {
  forwardedPerCpuSecond: number;
  /** What 1,000 idle connections added to the server's resident memory. */
  rssMbPer1000: number;
}

async function connectPairs(system: System, port: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let at = 0; at < PAIRS; at += CONNECT_AT_ONCE) {
    const some = Array.from({ length: CONNECT_AT_ONCE }, (_, index) => system.connectPair(port, at + index));
    pairs.push(...(await Promise.all(some)));
  }
  return pairs;
}

/** Sends `count` messages through the pairs, a new one whenever one has arrived. */
function pump(pairs: readonly Pair[], count: number): Promise<void> {
  return new Promise((resolve) => {
    let toSend = count;
    let toArrive = count;
    for (const pair of pairs) {
      pair.onMessage = () => {
        toArrive--;
        if (toArrive === 0) resolve();
        else if (toSend > 0) {
          toSend--;
          pair.send();
        }
      };
    }
    for (let i = 0; i < WINDOW; i++) {
      for (const pair of pairs) {
        if (toSend === 0) return;
        toSend--;
        pair.send();
      }
    }
  });
}

/** One run: 1,000 connections, then messages as fast as they come through, per CPU second of the server. */
export async function measureForwarding(system: System): Promise<ForwardResult> {
  const server = await startServer(system);
  await sleep(500);
  const empty = await server.usage();
  const pairs = await connectPairs(system, server.port);
  await sleep(1_000);
  const full = await server.usage();
  await pump(pairs, WARM_UP);
  const before = await server.usage();
  await pump(pairs, MESSAGES);
  const after = await server.usage();
  close(pairs);
  await server.stop();
  return {
    forwardedPerCpuSecond: MESSAGES / (after.cpuSeconds - before.cpuSeconds),
    rssMbPer1000: (full.rssBytes - empty.rssBytes) / 1e6,
  };
}

const LATENCY_RATE = 2_000;
const LATENCY_SECONDS = 5;
const TICK_MS = 5;

/** One run at a steady 2,000 messages a second: from before `send` to after the receiver's event, in milliseconds. */
export async function measureLatency(system: System): Promise<{ p50: number; p99: number }> {
  const server = await startServer(system);
  const pairs = await connectPairs(system, server.port);
  await pump(pairs, WARM_UP);
  const samples: number[] = [];
  const sent: number[][] = pairs.map(() => []);
  let arrived = 0;
  const total = LATENCY_RATE * LATENCY_SECONDS;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  pairs.forEach((pair, index) => {
    pair.onMessage = () => {
      samples.push(performance.now() - (sent[index]?.shift() as number));
      if (++arrived === total) resolve();
    };
  });
  const perTick = (LATENCY_RATE * TICK_MS) / 1000;
  const begin = performance.now();
  for (let count = 0; count < total; ) {
    for (let i = 0; i < perTick; i++, count++) {
      sent[count % PAIRS]?.push(performance.now());
      pairs[count % PAIRS]?.send();
    }
    const due = begin + (count / LATENCY_RATE) * 1000;
    await sleep(Math.max(0, due - performance.now()));
  }
  await done;
  close(pairs);
  await server.stop();
  return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) };
}

function close(pairs: readonly Pair[]): void {
  for (const { sockets } of pairs) for (const socket of sockets) socket.terminate();
}
