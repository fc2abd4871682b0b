import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openManifest, openShard } from "@skrumble/sdk/shards";
import { type Address, bytesToHex, keccak256, numberToBytes, toHex } from "viem";
import { expect, onTestFinished, test } from "vitest";
import { rpc } from "../../scripts/chain/rpc.ts";
import { startChain } from "../../scripts/chain/startChain.ts";
import { cleanDump } from "../../sdk/test/support/cleanDump.ts";
import { startRegistry } from "../../sdk/test/support/registryLife.ts";
import { reorderedBatch } from "../../test/support/faults/reorderedBatch.ts";
import { startFaultyRpc } from "../../test/support/faultyRpc.ts";
import { createRegistryChain } from "../src/chain/registryChain.ts";
import { createShardKeeper } from "../src/shards/shardKeeper.ts";
import { createShardReader, shardFile } from "../src/shards/shardReader.ts";
import { createShardStore } from "../src/shards/shardStore.ts";
import { startTestRelay } from "./support/relayProcess.ts";

/** Of a network whose blocks have seals, as far as a relay can tell, or of one without. */
function deploymentFile(folder: string, identityRegistry: Address, hasSeals = true): string {
  const others = ["skm", "membership", "relayRegistry", "sessionAnchor", "usageFees", "agreements", "redPackets"];
  const nowhere = `0x${"11".repeat(20)}`;
  const contracts = { ...Object.fromEntries([...others, "jobBoard"].map((name) => [name, nowhere])), identityRegistry };
  const validators = hasSeals ? [2, 3, 4, 5].map((digit) => `0x${String(digit).repeat(40)}`) : undefined;
  const file = join(folder, `deployment-${hasSeals}.json`);
  writeFileSync(file, JSON.stringify({ chainId: 7586, name: "test", contracts, validators }));
  return file;
}

test("shards of a real registry have all its words, below the root that a node shows; a relay gives them out", async () => {
  const folder = mkdtempSync(join(tmpdir(), "skrumble-registry-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const registry = await startRegistry();
  onTestFinished(() => registry.chain.stop());
  const people = await Promise.all(["alice", "bob"].map((name) => registry.register(name)));
  if (people[0]) await registry.rename(people[0], "a-name-that-does-not-fit-into-one-word-of-storage");
  const snapshotFile = join(folder, "state.gz");
  const words = await cleanDump(registry.chain.rpcUrl, registry.address, snapshotFile);
  // As it is, anvil's trie has leaves that are 0.
  const other = await startChain({ snapshotFile });
  onTestFinished(() => other.stop());
  await rpc(other.rpcUrl, "anvil_mine", [toHex(256)]);

  const store = createShardStore(folder);
  onTestFinished(() => store.close());
  const reader = createShardReader(folder);
  onTestFinished(() => reader.close());
  const chain = createRegistryChain({ rpcUrl: other.rpcUrl, chainId: 7586, registry: registry.address });
  const keeper = createShardKeeper({ chain, store, from: 0n });
  expect(await keeper.step()).toBe("published");
  expect(keeper.published()).toBe(256n);
  const root = await chain.root(256n);
  const { depth, hashes } = openManifest(reader.get("manifest", root) as Uint8Array, root);
  const leaves = hashes.flatMap((hash, range) =>
    hash ? openShard(reader.get("shard", hash) as Uint8Array, hash, range, depth) : [],
  );
  const found = leaves.map(({ key, value }) => [bytesToHex(key), BigInt(bytesToHex(value))]);
  expect(new Map(found as [string, bigint][])).toEqual(
    new Map([...words].map(([slot, word]) => [keccak256(slot), word])),
  );

  const address = bytesToHex(root).slice(2);
  const settings = { RPC_URL: other.rpcUrl, DEPLOYMENT: deploymentFile(folder, registry.address) };
  const relay = await startTestRelay(settings);
  const given = async () => (await fetch(`${relay.url}/shards/manifests/${address}`)).status;
  while ((await given()) !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await relay.metric("skrumble_relay_shard_block")).toBe(256);
  await relay.stop();
});

test.each([
  ["without seals", {}, false],
  ["whose operator says so", { SHARDS: "0" }, true],
])("a relay %s keeps no shards", async (_, more, hasSeals) => {
  const folder = mkdtempSync(join(tmpdir(), "skrumble-registry-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const node = await startChain();
  onTestFinished(() => node.stop());
  const deployment = deploymentFile(folder, `0x${"12".repeat(20)}`, hasSeals);
  const relay = await startTestRelay({ RPC_URL: node.rpcUrl, DEPLOYMENT: deployment, ...more });
  expect(await (await fetch(`${relay.url}/shards/latest`)).json()).toEqual({ block: null });
  expect(existsSync(shardFile(relay.dataDir))).toBe(false);
});

test("words of a registry belong to the slots that were asked for, whatever the order in which a node answers a batch", async () => {
  const node = await startChain();
  onTestFinished(() => node.stop());
  const nodes = await startFaultyRpc(node.rpcUrl);
  onTestFinished(() => nodes.stop());
  const registry: Address = `0x${"12".repeat(20)}`;
  const slots = Array.from({ length: 20 }, (_, at) => numberToBytes(at + 1, { size: 32 }));
  for (const slot of slots) await rpc(node.rpcUrl, "anvil_setStorageAt", [registry, toHex(slot), toHex(slot)]);
  await rpc(node.rpcUrl, "anvil_mine", ["0x1"]);
  const chain = createRegistryChain({ rpcUrl: nodes.url("one"), chainId: node.chainId, registry });
  const reordered = nodes.inject(reorderedBatch(), "one");
  const { number } = await chain.block();
  const words = await chain.words(slots, number);
  expect(words.map(({ value }) => BigInt(bytesToHex(value)))).toEqual(slots.map((slot) => BigInt(bytesToHex(slot))));
  // The head with the chain's number, and the words.
  expect(reordered.hits()).toBe(2);
});
