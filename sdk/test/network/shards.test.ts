import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hex, keccak256 } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rpc } from "../../../scripts/chain/rpc.ts";
import { startChain } from "../../../scripts/chain/startChain.ts";
import { touchedSlots } from "../../src/chain/shards/touchedSlots.ts";
import { trieRoot } from "../../src/chain/shards/trieRoot.ts";
import { toHex } from "../../src/crypto/bytes.ts";
import { cleanDump } from "../support/cleanDump.ts";
import { type Registry, startRegistry } from "../support/registryLife.ts";
import { leavesOf } from "../support/registryStorage.ts";

let registry: Registry;
const folder = mkdtempSync(join(tmpdir(), "skrumble-shards-"));
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(async () => {
  await registry?.chain.stop();
  rmSync(folder, { recursive: true, force: true });
});

const long = "a-name-that-does-not-fit-into-one-word-of-storage";
const longest = "x".repeat(64);

/** Every function of the registry that writes, names of one word and of more, and a commitment that nobody reveals. */
async function live(afterEach: () => Promise<void>): Promise<void> {
  const [helper, heir] = [privateKeyToAccount(generatePrivateKey()), privateKeyToAccount(generatePrivateKey())];
  const [alice, bob, carol] = await Promise.all(["alice", long, "小明"].map((name) => registry.register(name)));
  if (!alice || !bob || !carol) throw new Error("three people expected");
  const all = [alice, bob, carol];
  for (const step of [
    () => registry.rename(alice, longest),
    () => registry.rename(bob, "bob"),
    () => registry.rotate(alice),
    () => registry.setDevices(carol, 3),
    () => registry.setController(carol),
    () => registry.revoke(bob),
    () => registry.rotate(bob),
    () => registry.revoke(carol),
    ...all.map((owner) => () => registry.setRecovery(owner, helper.address)),
    ...all.map((owner) => () => registry.startRecovery(owner, helper, heir.address)),
    () => registry.cancelRecovery(bob),
    () => registry.wait(61),
    () => registry.finishRecovery(alice, heir),
    () => registry.rename(alice, "alice"),
    () => registry.wait(3_600),
    () => registry.rename(alice, "alicia"),
    () => registry.commit("nobody", heir.address, keccak256("0x01")),
  ]) {
    await step();
    await afterEach();
  }
}

async function namedSlots(): Promise<{ slots: Set<Hex>; kinds: Set<string> }> {
  const events = await registry.logs(0n, await registry.client.getBlockNumber());
  const slots = new Set(events.flatMap((event) => touchedSlots(event).slots));
  return { slots, kinds: new Set(events.map(({ eventName }) => eventName)) };
}

test("events name every slot of the registry that is not 0, after whatever was done to it", async () => {
  const complete = async () => {
    const words = await cleanDump(registry.chain.rpcUrl, registry.address);
    const { slots } = await namedSlots();
    expect([...words.keys()].filter((slot) => !slots.has(slot))).toEqual([]);
    expect(words.size).toBeGreaterThan(30);
  };
  await live(complete);
  const { kinds } = await namedSlots();
  const all = ["Committed", "Registered", "Renamed", "KeysChanged", "DevicesChanged", "Revoked", "OwnerChanged"];
  expect([...kinds].sort()).toEqual([...all, "RecoveryChanged", "RecoveryStarted", "RecoveryCancelled"].sort());
});

test("the trie of what is not 0 has the root that a node shows for the same storage", async () => {
  const snapshotFile = join(folder, "state.gz");
  const words = await cleanDump(registry.chain.rpcUrl, registry.address, snapshotFile);
  const other = await startChain({ snapshotFile });
  try {
    const proof = await rpc<{ storageHash: Hex }>(other.rpcUrl, "eth_getProof", [registry.address, [], "latest"]);
    expect(toHex(trieRoot(leavesOf(words)))).toBe(proof.storageHash);
  } finally {
    await other.stop();
  }
});
