import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../lib/paths.ts";
import { rpc } from "./rpc.ts";

export const LOCAL_CHAIN_ID = 7586;

const PLATFORM = { linux: "linux", darwin: "darwin", win32: "win32" } as Record<string, string>;
const CPU = { x64: "amd64", arm64: "arm64" } as Record<string, string>;

/** The anvil program itself, without the package's launcher: signals must reach it, not a wrapper. */
export function anvilBinary(): string {
  const name = `@foundry-rs/anvil-${PLATFORM[process.platform]}-${CPU[process.arch]}`;
  const require = createRequire(join(root, "package.json"));
  const home = dirname(require.resolve(`${name}/package.json`));
  const binary = join(home, "bin", process.platform === "win32" ? "anvil.exe" : "anvil");
  if (!existsSync(binary)) throw new Error(`anvil is missing from ${name}; run npm ci`);
  return binary;
}

export interface AnvilOptions {
  port: number;
  host: string;
  blockSeconds: number;
  chainId: number;
  /** JSON file with the state to begin from. */
  loadState?: string;
}

/**
 * Same rules as the production chain where anvil can: gas is free (no base fee, no minimum tip), one block per
 * interval instead of one per transaction, Osaka rules with their cap of 2^24 gas per transaction. No prefunded
 * accounts: nothing may depend on them.
 */
export async function spawnAnvil(options: AnvilOptions): Promise<ChildProcess> {
  const args = [
    ["--host", options.host],
    ["--port", String(options.port)],
    ["--chain-id", String(options.chainId)],
    ["--block-time", String(options.blockSeconds)],
    ["--block-base-fee-per-gas", "0"],
    ["--gas-price", "0"],
    ["--gas-limit", "30000000"],
    ["--hardfork", "osaka"],
    ["--accounts", "0"],
    ["--prune-history", "256"],
    ["--disable-min-priority-fee", "--no-cors", "--quiet"],
    options.loadState ? ["--load-state", options.loadState] : [],
  ].flat();
  // Own process group: Ctrl-C must not end the chain before the last snapshot is written.
  const child = spawn(anvilBinary(), args, {
    stdio: ["ignore", "ignore", "pipe"],
    detached: process.platform !== "win32",
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  const url = `http://${options.host}:${options.port}`;
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`anvil did not start: ${complaint.trim()}`);
    try {
      if (Number(await rpc<string>(url, "eth_chainId", [], 2_000)) === options.chainId) return child;
    } catch {
      // Not listening yet.
    }
    await sleep(50);
  }
  child.kill("SIGKILL");
  throw new Error("anvil did not answer within a minute");
}
