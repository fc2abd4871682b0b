import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { stopChild } from "../../lib/child.ts";
import { root } from "../../lib/paths.ts";

const LOG_LIMIT = 10 * 1024 * 1024;
const START_MS = 90_000;

export interface RelayProcessOptions {
  /** The complete environment under SKRUMBLE_RELAY_; see relay/src/config.ts. */
  env: Record<string, string>;
  /** Where /health answers. */
  healthUrl: string;
  logFile: string;
  /** Called when it ended without being asked to and when it is back. */
  onEvent?: (event: { kind: "crashed" | "restarted" | "down"; reason: string }) => void;
}

export interface RelayProcess {
  readonly pid: number | undefined;
  /** Ends it and leaves it down, e.g. SIGKILL for a test of failure. */
  halt(signal?: NodeJS.Signals): Promise<void>;
  resume(): Promise<void>;
}

/** Runs relay/src/server.ts, waits until it answers, and starts it again when it crashes. */
export async function startRelayProcess(options: RelayProcessOptions): Promise<RelayProcess> {
  const tell = options.onEvent ?? (() => {});
  let child: ChildProcess | undefined;
  let wanted = false;

  async function launch(): Promise<void> {
    wanted = true;
    const started = spawnRelay(options);
    child = started;
    try {
      await untilHealthy(started, options);
    } catch (error) {
      started.kill("SIGKILL");
      throw error;
    }
    started.once("exit", (code, signal) => {
      if (wanted && child === started) void revive(signal ?? `exit code ${code}`);
    });
  }

  async function revive(reason: string): Promise<void> {
    tell({ kind: "crashed", reason });
    for (let wait = 250; wanted; wait = Math.min(wait * 2, 15_000)) {
      await sleep(wait);
      if (!wanted) return;
      try {
        await launch();
        return tell({ kind: "restarted", reason });
      } catch (error) {
        tell({ kind: "down", reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  try {
    await launch();
  } catch (error) {
    wanted = false;
    throw error;
  }
  return {
    get pid() {
      return child?.pid;
    },
    async halt(signal = "SIGTERM") {
      wanted = false;
      if (child) await stopChild(child, signal, 15_000);
      child = undefined;
    },
    resume: launch,
  };
}

function spawnRelay({ env, logFile }: RelayProcessOptions): ChildProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT) renameSync(logFile, `${logFile}.old`);
  const log = openSync(logFile, "a");
  try {
    return spawn(
      process.execPath,
      [
        "--disable-warning=ExperimentalWarning",
        "--import",
        pathToFileURL(join(import.meta.dirname, "tether.ts")).href,
        join(root, "relay", "src", "server.ts"),
      ],
      {
        cwd: root,
        env: { ...withoutRelaySettings(process.env), ...env },
        stdio: ["ignore", log, log, "ipc"],
        // Own process group: Ctrl-C goes to the starter, which stops relays before the chain.
        detached: process.platform !== "win32",
      },
    );
  } finally {
    closeSync(log);
  }
}

function withoutRelaySettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("SKRUMBLE_RELAY_")));
}

async function untilHealthy(child: ChildProcess, { healthUrl, logFile }: RelayProcessOptions): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(50)) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    try {
      if ((await fetch(healthUrl, { signal: AbortSignal.timeout(2_000) })).ok) return;
    } catch {
      // Not listening yet.
    }
  }
  const tail = readFileSync(logFile, "utf8").split("\n").slice(-12).join("\n").trim();
  throw new Error(`The relay did not come up at ${healthUrl}. Its log ends with:\n${tail}`);
}
