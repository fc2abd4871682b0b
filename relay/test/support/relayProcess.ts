import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { RelayInfo } from "@skrumble/sdk/relay";
import { onTestFinished } from "vitest";
import { rawPublicKey, signingKeyFromSeed } from "../../src/ed25519.ts";

const SERVER = join(import.meta.dirname, "../../src/server.ts");
/** Ends a relay whose test run was killed. */
const TETHER = pathToFileURL(join(import.meta.dirname, "../../../scripts/start/relays/tether.ts")).href;

export interface TestRelay {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  readonly folder: string;
  readonly dataDir: string;
  readonly relayKey: Uint8Array;
  /** As a directory would list it. */
  info(id?: number, roles?: number): RelayInfo;
  /** Every log line so far. */
  log(): string;
  health(): Promise<Record<string, unknown> & { http: number }>;
  /** One figure of /metrics. */
  metric(name: string): Promise<number>;
  /** Ends it and waits until it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same folder and port. */
  start(settings?: Record<string, string>): Promise<void>;
}

/** Room for a test's traffic from one address; a test of limits sets its own. */
const GENEROUS = {
  FRAMES_PER_SECOND: "100000",
  FRAMES_BURST: "100000",
  BYTES_PER_SECOND: "500000000",
  BYTES_BURST: "500000000",
  MAX_CONNECTIONS_PER_ADDRESS: "5000",
  CONNECTS_PER_MINUTE: "5000",
  UNOPENED_BYTES: "1000000000",
};

/**
 * Runs a real relay as its own process for one test; it and its folder are gone when the test ends.
 * @param atEnd given the clean-up, for a relay that a whole file shares
 */
export async function startTestRelay(
  settings: Record<string, string> = {},
  atEnd: (clean: () => Promise<void>) => unknown = onTestFinished,
  anchorKey = `0x${randomBytes(32).toString("hex")}`,
): Promise<TestRelay> {
  const folder = mkdtempSync(join(tmpdir(), "skrumble-relay-"));
  const dataDir = join(folder, "data");
  const keyFile = join(folder, "keys.json");
  const seed = randomBytes(32);
  writeFileSync(keyFile, JSON.stringify({ signingKey: `0x${seed.toString("hex")}`, anchorKey }), { mode: 0o600 });
  const relayKey = rawPublicKey(signingKeyFromSeed(seed));
  let child: ChildProcess | undefined;
  let port = 0;
  let output = "";

  async function start(more: Record<string, string> = {}): Promise<void> {
    const own = { ...GENEROUS, DATA_DIR: dataDir, KEY_FILE: keyFile, PORT: String(port), ...settings, ...more };
    const env = Object.fromEntries(Object.entries(own).map(([name, value]) => [`SKRUMBLE_RELAY_${name}`, value]));
    const started = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "--import", TETHER, SERVER], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child = started;
    const begin = output.length;
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        const match = /"port":(\d+)[^\n]*"listening"/.exec(output.slice(begin));
        if (!match) return;
        port = Number(match[1]);
        resolve();
      };
      started.stdout?.on("data", read);
      started.stderr?.on("data", read);
      started.once("exit", (code, signal) =>
        reject(new Error(`relay ended (${signal ?? code}):\n${output.slice(begin)}`)),
      );
    });
  }

  async function stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }

  atEnd(async () => {
    await stop("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  await start();

  const url = `http://127.0.0.1:${port}`;
  return {
    ...{ port, url, folder, dataDir, relayKey },
    get pid() {
      return child?.pid ?? 0;
    },
    info: (id = 1, roles = 3) => ({
      ...{ id, endpoint: url, region: "test", roles },
      signingKey: `0x${Buffer.from(relayKey).toString("hex")}`,
    }),
    log: () => output,
    async health() {
      const answer = await fetch(`${url}/health`);
      return { http: answer.status, ...((await answer.json()) as object) };
    },
    async metric(name) {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
    },
    stop,
    start,
  };
}
