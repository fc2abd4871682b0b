import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { root } from "../../../scripts/lib/paths.ts";

export interface Starter {
  readonly pid: number;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Waits for a text; fails with the output when the process ends first. */
  until(text: string | RegExp): Promise<RegExpMatchArray>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Waits for the end. */
  ended(): Promise<number | null>;
}

/** Runs `npm start -- --no-web` on a state folder as a person would, with quick blocks. */
export function starter(stateDir: string, args: readonly string[] = [], verb = "start"): Starter {
  const command = verb === "start" ? ["--no-web", "--block-seconds", "0.1", ...args] : args;
  const env = { ...process.env, SKRUMBLE_STATE_DIR: stateDir, CI: "1", NO_COLOR: "1" };
  const child = spawn(process.execPath, [join(root, "scripts", verb, "index.ts"), ...command], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const gone = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  onTestFinished(async () => {
    if (running(child)) child.kill("SIGTERM");
    await gone;
  });
  return {
    pid: child.pid as number,
    output: () => output,
    async until(text) {
      const pattern = typeof text === "string" ? new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : text;
      for (;;) {
        const found = output.match(pattern);
        if (found) return found;
        if (!running(child)) throw new Error(`It ended without "${text}":\n${output}`);
        await sleep(50);
      }
    },
    async end(signal) {
      child.kill(signal);
      return gone;
    },
    ended: () => gone,
  };
}

const running = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;
