import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stopChild } from "../lib/child.ts";
import { freePort } from "../lib/ports.ts";
import { LOCAL_CHAIN_ID, spawnAnvil } from "./anvil.ts";
import { forgetProcess, recordProcess, retireOrphan } from "./orphan.ts";
import { rpc } from "./rpc.ts";
import { readSnapshot, writeSnapshot } from "./snapshots.ts";

/** How often the head is looked at; a snapshot follows when it moved with transactions in it. */
const WATCH_MS = 2_000;
/** A snapshot may take at most this part of the time, so that a big state does not keep the chain busy. */
const SNAPSHOT_SHARE = 0.05;

export type ChainEvent =
  | { kind: "loaded"; from: "current" | "previous" | "none"; broken: string[] }
  | { kind: "restarted"; block: number }
  | { kind: "snapshot-failed"; reason: string }
  | { kind: "down"; reason: string };

export interface ChainOptions {
  /** 0 or absent: any free one. */
  port?: number;
  host?: string;
  blockSeconds?: number;
  chainId?: number;
  /** Where the state is kept between runs; absent: nothing outlives `stop`. */
  snapshotFile?: string;
  onEvent?: (event: ChainEvent) => void;
}

export interface Chain {
  readonly rpcUrl: string;
  readonly port: number;
  readonly chainId: number;
  /** Process id of the chain while it runs. */
  readonly pid: number | undefined;
  /** Writes the state now. */
  snapshot(): Promise<void>;
  /** Takes the chain away (state saved first) and brings it back on the same port, for tests of outages. */
  halt(): Promise<void>;
  resume(): Promise<void>;
  /** Saves and ends. */
  stop(): Promise<void>;
}

/** Starts the local chain, continues its last snapshot and restarts it from there when it crashes. */
export async function startChain(options: ChainOptions = {}): Promise<Chain> {
  const { host = "127.0.0.1", blockSeconds = 1, chainId = LOCAL_CHAIN_ID } = options;
  const passing = options.snapshotFile ? undefined : mkdtempSync(join(tmpdir(), "skrumble-chain-"));
  const snapshotFile = options.snapshotFile ?? join(passing as string, "state.gz");
  mkdirSync(dirname(snapshotFile), { recursive: true });
  await retireOrphan(snapshotFile);
  const port = options.port || (await freePort(host));
  const rpcUrl = `http://${host}:${port}`;
  const tell = options.onEvent ?? (() => {});
  let child: ChildProcess | undefined;
  let wanted = false;
  let seen = -1;
  let saving: Promise<void> = Promise.resolve();
  let quietUntil = 0;

  /** Whoever stops the chain waits for what is just coming up, or it would be left behind. */
  let launching: Promise<void> = Promise.resolve();
  function launch(): Promise<void> {
    launching = bringUp();
    return launching;
  }

  async function bringUp(): Promise<void> {
    const loaded = readSnapshot(snapshotFile);
    const loadState = `${snapshotFile}.loading.json`;
    if (loaded.from !== "none") writeFileSync(loadState, loaded.state, { mode: 0o600 });
    try {
      child = await spawnAnvil({ port, host, blockSeconds, chainId, ...(loaded.from !== "none" ? { loadState } : {}) });
    } finally {
      rmSync(loadState, { force: true });
    }
    if (child.pid) recordProcess(snapshotFile, { pid: child.pid, rpcUrl });
    tell({ kind: "loaded", from: loaded.from, broken: loaded.broken });
    seen = await head();
    child.once("exit", () => void revive());
  }

  const head = async (): Promise<number> => Number(await rpc<string>(rpcUrl, "eth_blockNumber"));

  async function revive(): Promise<void> {
    for (let wait = 250; wanted; wait = Math.min(wait * 2, 10_000)) {
      await sleep(wait);
      if (!wanted) return;
      try {
        await launch();
        return tell({ kind: "restarted", block: await head() });
      } catch (error) {
        tell({ kind: "down", reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  function snapshot(): Promise<void> {
    saving = saving.then(save, save);
    return saving;
  }

  async function save(): Promise<void> {
    if (!child) return;
    const began = Date.now();
    writeSnapshot(snapshotFile, await rpc<string>(rpcUrl, "anvil_dumpState"));
    quietUntil = Date.now() + (Date.now() - began) / SNAPSHOT_SHARE;
  }

  /** True when a block since the last look carries a transaction: empty blocks are not worth a snapshot. */
  async function moved(): Promise<boolean> {
    const latest = await head();
    // After a long pause only the newest blocks are looked at; anything older counts as moved.
    const from = seen + 1;
    seen = latest;
    if (latest - from > 100) return true;
    for (let number = from; number <= latest; number++) {
      const block = await rpc<{ transactions: unknown[] } | null>(rpcUrl, "eth_getBlockByNumber", [
        `0x${number.toString(16)}`,
        false,
      ]);
      if (block && block.transactions.length > 0) return true;
    }
    return false;
  }

  let dirty = false;
  async function watch(): Promise<void> {
    if (!wanted) return;
    try {
      dirty = (await moved()) || dirty;
      if (!dirty || Date.now() < quietUntil) return;
      await snapshot();
      dirty = false;
    } catch (error) {
      if (wanted && child?.exitCode === null) {
        tell({ kind: "snapshot-failed", reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  async function halt(): Promise<void> {
    if (!wanted) return;
    wanted = false;
    await launching.catch(() => undefined);
    if (!child) return;
    try {
      await snapshot();
    } catch (error) {
      tell({ kind: "snapshot-failed", reason: error instanceof Error ? error.message : String(error) });
    }
    await stopChild(child, "SIGTERM", 5_000);
    child = undefined;
    forgetProcess(snapshotFile);
  }

  async function begin(): Promise<void> {
    await launch();
    wanted = true;
  }

  await begin();
  let watching: Promise<void> = Promise.resolve();
  // A chain that nobody continues needs no snapshots on the way; only `halt` takes one.
  const timer = passing
    ? undefined
    : setInterval(() => {
        watching = watching.then(watch, watch);
      }, WATCH_MS);
  // Whatever ends this process, the chain does not stay behind; the snapshots already written are whole.
  const killOnExit = () => child?.kill("SIGKILL");
  process.on("exit", killOnExit);

  return {
    rpcUrl,
    port,
    chainId,
    get pid() {
      return child?.pid;
    },
    snapshot,
    halt,
    resume: begin,
    async stop() {
      clearInterval(timer);
      await halt();
      process.off("exit", killOnExit);
      if (passing) rmSync(passing, { recursive: true, force: true });
    },
  };
}
