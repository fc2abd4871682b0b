import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { PeerServer } from "peer";
import { startTestNetwork } from "../../test/support/network.ts";
import { median, percentile, report } from "../lib/report.ts";
import type { Marks, OursBench } from "./oursPage.ts";
import type { PeerBench, PeerMarks } from "./peerPage.ts";
import { openStage } from "./stage.ts";

/**
 * `npm run bench -- session [RUNS]`: video calls between two headless browsers over a real chain and three relays, and the
 * same call over a PeerJS server, taking turns. The callee accepts the moment it rings; microphone and camera are opened
 * anew for every call, by both systems.
 *
 * - ring_p95_ms: "call" pressed until it rings at the other side.
 * - media_p95_ms: "accept" pressed until the later of the two sides has decoded its first video frame.
 * - certified_p95_ms: "call" pressed until the later side shows the call as certified on chain.
 * - setup_ms: "call" pressed until the later side has decoded its first video frame; median, and PeerJS's beside it.
 */

declare global {
  interface Window {
    bench: OursBench & PeerBench;
  }
}

const runs = Math.max(5, Number(process.argv[2] ?? 20));
/** Not counted: the first calls compile code and open devices for the first time. */
const WARM_UP = 2;

async function startPeerServer(): Promise<{ port: number; stop(): void }> {
  const server = await new Promise<HttpServer>((resolve) => {
    PeerServer({ host: "localhost", port: 0, path: "/" }, (listening) => resolve(listening as HttpServer));
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function until<T>(what: string, look: () => Promise<T | undefined>, ms = 30_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited in vain for: ${what}`);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Measured {
  ring: number;
  media: number;
  certified: number;
  setup: number;
}

async function oursOnce(caller: Page, callee: Page, calleeId: string): Promise<Measured> {
  for (const page of [caller, callee]) {
    await page.bringToFront();
    await page.evaluate(() => window.bench.clear());
  }
  await caller.evaluate((id) => window.bench.call(id as `0x${string}`), calleeId);
  const both = await until("a certified call", async () => {
    const [from, to]: Marks[] = await Promise.all(
      [caller, callee].map((page) => page.evaluate(() => window.bench.marks())),
    );
    if (from?.ended !== undefined || to?.ended !== undefined)
      throw new Error(`the call ended: ${from?.ended} ${to?.ended}`);
    return from?.frame && to?.frame && from.certified && to.certified ? { from, to } : undefined;
  });
  if (both.from.protection !== "frames") throw new Error("frames are not encrypted");
  await caller.evaluate(() => window.bench.hangUp());
  await until("the end", async () => (await callee.evaluate(() => window.bench.marks() as Marks)).ended);
  const started = both.from.started ?? Number.NaN;
  const frame = Math.max(both.from.frame ?? Number.NaN, both.to.frame ?? Number.NaN);
  return {
    ring: (both.to.rang ?? Number.NaN) - started,
    media: frame - (both.to.accepted ?? Number.NaN),
    certified: Math.max(both.from.certified ?? Number.NaN, both.to.certified ?? Number.NaN) - started,
    setup: frame - started,
  };
}

async function peerOnce(caller: Page, callee: Page): Promise<number> {
  for (const page of [caller, callee]) {
    await page.bringToFront();
    await page.evaluate(() => window.bench.clear());
  }
  await caller.evaluate(() => window.bench.call("callee" as never));
  const setup = await until("media over PeerJS", async () => {
    const [from, to]: PeerMarks[] = await Promise.all(
      [caller, callee].map((page) => page.evaluate(() => window.bench.marks())),
    );
    return from?.frame && to?.frame ? Math.max(from.frame, to.frame) - (from.started ?? Number.NaN) : undefined;
  });
  for (const page of [caller, callee]) await page.evaluate(() => window.bench.hangUp());
  return setup;
}

const network = await startTestNetwork();
const stage = await openStage();
const peerServer = await startPeerServer();
try {
  const [caller, callee] = [await stage.open("/ours"), await stage.open("/ours")];
  const [peerCaller, peerCallee] = [await stage.open("/peer"), await stage.open("/peer")];
  await caller.evaluate((relays) => window.bench.join(relays, "caller"), network.urls);
  const calleeId = await callee.evaluate((relays) => window.bench.join(relays, "callee"), network.urls);
  await caller.evaluate((id) => window.bench.befriend(id as `0x${string}`), calleeId);
  for (const page of [caller, callee]) {
    await until(
      "the conversation's certificate",
      async () => (await page.evaluate(() => window.bench.settled())) || undefined,
    );
  }
  await peerCallee.evaluate((port) => window.bench.open(port, "callee"), peerServer.port);
  await peerCaller.evaluate((port) => window.bench.open(port, "caller"), peerServer.port);

  const ours: Measured[] = [];
  const peers: number[] = [];
  for (let run = -WARM_UP; run < runs; run++) {
    const measured = await oursOnce(caller, callee, calleeId);
    await pause(700);
    const peer = await peerOnce(peerCaller, peerCallee);
    await pause(700);
    if (run < 0) continue;
    ours.push(measured);
    peers.push(peer);
  }
  const bench = "session";
  for (const metric of ["ring", "media", "certified"] as const) {
    const samples = ours.map((one) => one[metric]);
    report({ bench, metric: `${metric}_p95_ms`, unit: "ms", ours: percentile(samples, 0.95), samples });
  }
  const samples = ours.map((one) => one.setup);
  const peer = { name: "peerjs", value: median(peers) };
  report({ bench, metric: "setup_ms", unit: "ms", ours: median(samples), peer, samples });
} finally {
  await stage.close();
  peerServer.stop();
  await network.stop();
}
process.exit(0);
