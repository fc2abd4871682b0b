import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { identityRegistryAbi } from "@skrumble/sdk/generated";
import { trieRoot } from "@skrumble/sdk/shards";
import { encodeEventTopics, pad, toHex } from "viem";
import { expect, onTestFinished, test, vi } from "vitest";
import { createLog } from "../src/log.ts";
import { shardFile } from "../src/shards/shardReader.ts";
import { startShards } from "../src/shards/startShards.ts";
import { blockOf, startFakeNode } from "./support/fakeNode.ts";
import { folder } from "./support/fakeRegistry.ts";

/** A chain at block 300, its registry still empty, whatever events say. */
async function startChain(logs: unknown[] = []) {
  const state = { isDown: false };
  const root = toHex(trieRoot([]));
  const node = await startFakeNode({
    eth_chainId: () => (state.isDown ? undefined : "0x1"),
    eth_getBlockByNumber: ([number]) => blockOf(number === undefined || number === "latest" ? 300n : BigInt(number)),
    eth_getLogs: () => logs,
    eth_getProof: () => ({
      address: registry,
      accountProof: [],
      balance: "0x0",
      nonce: "0x0",
      storageHash: root,
      storageProof: [],
    }),
  });
  return { ...node, state, manifest: `/shards/manifests/${root.slice(2)}` };
}

const registry = `0x${"11".repeat(20)}` as const;

/** Somebody committed to many things in block 1. */
function manyCommitments(count: number): unknown[] {
  return Array.from({ length: count }, (_, at) => ({
    ...{
      address: registry,
      data: "0x",
      blockNumber: "0x1",
      blockHash: pad("0x1"),
      logIndex: toHex(at),
      removed: false,
    },
    ...{ transactionHash: pad(toHex(at)), transactionIndex: "0x0" },
    topics: encodeEventTopics({
      ...{ abi: identityRegistryAbi, eventName: "Committed" },
      args: { commitment: pad(toHex(at)) },
    }),
  }));
}

interface Options {
  maxBytes: number;
  heapMb: number;
  restartMs: number;
}

async function start(at: string, rpcUrl: string, { maxBytes = 1 << 30, ...more }: Partial<Options> = {}) {
  const lines: string[] = [];
  const shards = startShards({
    settings: { ...{ folder: at, rpcUrl, chainId: 1, registry }, from: 0n, maxBytes },
    ...{ rate: { perSecond: 1_000, burst: 1_000 }, now: Date.now, restartMs: 50, ...more },
    log: createLog("debug", { write: (line) => void lines.push(line) }),
  });
  onTestFinished(() => shards.stop());
  const server = createServer((request, response) => shards.routes.handle(request, response, request.url ?? "", "one"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  const get = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  const status = async (path: string) => (await get(path)).status;
  const latest = async () => (await get("/shards/latest")).json();
  return { shards, lines, status, latest };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

/** Writes over everything of a database but its first page; opening it does not show that. @param table of this one only */
function damage(at: string, table?: string): void {
  const file = shardFile(at);
  const db = new DatabaseSync(file);
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const pageBytes = (db.prepare("PRAGMA page_size").get() as { page_size: number }).page_size;
  const roots = db.prepare("SELECT rootpage FROM sqlite_schema WHERE tbl_name = ?").all(table ?? "") as {
    rootpage: number;
  }[];
  db.close();
  const bytes = readFileSync(file);
  if (!table) bytes.fill(0xaa, pageBytes);
  for (const { rootpage } of roots) bytes.fill(0xaa, (rootpage - 1) * pageBytes, rootpage * pageBytes);
  writeFileSync(file, bytes);
}

test("shards are kept by a thread, and given out beside it", async () => {
  const { url, manifest } = await startChain();
  const { shards, status, latest } = await start(folder(), url);
  expect([shards.published(), await status(manifest), await latest()]).toEqual([0, 404, { block: 0 }]);
  await until(() => shards.published() === 256);
  expect([await status(manifest), await latest()]).toEqual([200, { block: 256 }]);
  await shards.stop();
  expect([shards.published(), await status(manifest), await latest()]).toEqual([0, 404, { block: 0 }]);
});

test("where there can be no file, the relay goes on without shards and says so", async () => {
  const { url, manifest } = await startChain();
  const at = `${folder()}/file`;
  writeFileSync(at, "no folder");
  const { shards, lines, status } = await start(at, url);
  await until(() => lines.filter((line) => line.includes("no shards of the registry")).length > 1);
  expect([shards.published(), await status(manifest)]).toEqual([0, 404]);
});

test.each(["keeper", "reader"])("damage that the %s meets leads to a new file", async (who) => {
  const { url, manifest, state } = await startChain();
  const at = folder();
  const before = await start(at, url);
  await until(() => before.shards.published() === 256);
  await before.shards.stop();
  damage(at, who === "reader" ? "object" : undefined);
  // A keeper that hears of no block looks at nothing that is damaged.
  state.isDown = who === "reader";
  const { shards, lines, status } = await start(at, url);
  await until(async () => (await status(manifest)) === 404 && lines.some((line) => line.includes("thrown away")));
  state.isDown = false;
  await until(() => shards.published() === 256);
  expect(await status(manifest)).toBe(200);
});

test("a flood of commitments fills the file and no more; the relay goes on without shards and says so", async () => {
  const { url, manifest } = await startChain(manyCommitments(5_000));
  const at = folder();
  const { shards, lines, status } = await start(at, url, { maxBytes: 256 * 1024 });
  await until(() => lines.some((line) => line.includes("no room for the registry's shards")));
  expect([shards.published(), await status(manifest)]).toEqual([0, 404]);
  await shards.stop();
  expect(statSync(shardFile(at)).size).toBeLessThanOrEqual(256 * 1024);
});

test("a thread that needs too much memory ends alone, and is begun again ever later", async () => {
  const { url, manifest } = await startChain();
  const waits = vi.spyOn(globalThis, "setTimeout");
  onTestFinished(() => void waits.mockRestore());
  const restartMs = 3.25;
  const { shards, lines, status } = await start(folder(), url, { heapMb: 6, restartMs });
  const restarts = () =>
    waits.mock.calls.map(([, ms = 0]) => ms / restartMs).filter((times) => [1, 2, 4, 8, 16, 32, 64].includes(times));
  await until(() => restarts().length === 8);
  expect(restarts()).toEqual([1, 2, 4, 8, 16, 32, 64, 64]);
  expect(lines.filter((line) => line.includes("ERR_WORKER_OUT_OF_MEMORY")).length).toBeGreaterThan(1);
  expect([shards.published(), await status(manifest)]).toEqual([0, 404]);
});
