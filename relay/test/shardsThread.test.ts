import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { trieRoot } from "@skrumble/sdk/shards";
import { toHex } from "viem";
import { expect, onTestFinished, test } from "vitest";
import { createLog } from "../src/log.ts";
import { shardFile } from "../src/shards/shardReader.ts";
import { startShards } from "../src/shards/startShards.ts";
import { blockOf, startFakeNode } from "./support/fakeNode.ts";
import { folder } from "./support/fakeRegistry.ts";

/** A chain at block 300, its registry still empty. */
async function startChain() {
  const state = { isDown: false };
  const root = toHex(trieRoot([]));
  const node = await startFakeNode({
    eth_chainId: () => (state.isDown ? undefined : "0x1"),
    eth_getBlockByNumber: ([number]) => blockOf(number === undefined || number === "latest" ? 300n : BigInt(number)),
    eth_getLogs: () => [],
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

async function start(at: string, rpcUrl: string) {
  const lines: string[] = [];
  const shards = startShards({
    settings: { ...{ folder: at, rpcUrl, chainId: 1, registry }, from: 0n },
    ...{ rate: { perSecond: 1_000, burst: 1_000 }, now: Date.now, restartMs: 50 },
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
