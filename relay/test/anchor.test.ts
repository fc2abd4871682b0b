import { randomBytes } from "node:crypto";
import { sessionAnchorAbi } from "@skrumble/sdk/generated";
import { anchorRoot, toHex } from "@skrumble/sdk/protocol";
import type { AnchorProof } from "@skrumble/sdk/relay";
import { createPublicClient, http } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestChain, type TestChain } from "./support/chain.ts";
import { startMeddler } from "./support/meddler.ts";
import { poolOver } from "./support/pool.ts";
import { connectWire } from "./support/wire.ts";

let world: TestChain;
beforeAll(async () => {
  world = await startTestChain();
});
afterAll(() => world?.stop());

const leafOf = (tag: Uint8Array = randomBytes(32)) => new Uint8Array(Buffer.concat([tag, randomBytes(64)]));

const client = () => createPublicClient({ transport: http(world.chain.rpcUrl) });

/** Asks the contract, not the relay. */
async function onChain({ relayId, root }: { relayId: number; root: `0x${string}` }) {
  const address = world.deployment.contracts.sessionAnchor;
  return client().readContract({ address, abi: sessionAnchorAbi, functionName: "anchoredAt", args: [relayId, root] });
}

async function expectCertified(proof: AnchorProof, leaf: Uint8Array): Promise<void> {
  expect(proof.leaf).toEqual(leaf);
  expect(
    toHex(
      anchorRoot(
        leaf,
        proof.proof.map((hash) => Buffer.from(hash.slice(2), "hex")),
      ),
    ),
  ).toBe(proof.root);
  expect((await onChain(proof)).blockNumber).toBe(proof.blockNumber);
  const receipt = await client().getTransactionReceipt({ hash: proof.txHash });
  expect(receipt.blockNumber).toBe(proof.blockNumber);
  expect(receipt.effectiveGasPrice).toBe(0n);
}

test("leaves of many conversations share roots, one transaction a block, and each gets its own proof", async () => {
  const relay = await world.startRelay();
  const pool = poolOver([relay.info(relay.relayId)]);
  const leaves = Array.from({ length: 60 }, () => leafOf());
  const proofs = await Promise.all(leaves.map((leaf) => pool.anchor(leaf)));
  for (const [index, proof] of proofs.entries()) await expectCertified(proof, leaves[index] as Uint8Array);
  const roots = new Set(proofs.map(({ root }) => root));
  const blocks = new Set(proofs.map(({ blockNumber }) => blockNumber));
  expect(roots.size).toBeLessThan(6);
  expect(blocks.size).toBe(roots.size);
  expect(await relay.metric("skrumble_relay_anchor_batches_total")).toBe(roots.size);
});

test("the same leaf is anchored once, and its proof can be asked for by tag, also after a restart", async () => {
  const relay = await world.startRelay();
  const pool = poolOver([relay.info(relay.relayId)]);
  const tag = randomBytes(32);
  const first = leafOf(tag);
  const proof = await pool.anchor(first);
  expect(await pool.anchor(first)).toEqual(proof);
  const second = await pool.anchor(leafOf(tag));
  await relay.stop("SIGTERM");
  await relay.start();
  const again = poolOver([relay.info(relay.relayId)]);
  expect(await again.queryAnchor(tag)).toEqual([proof, second]);
  expect(await again.queryAnchor(randomBytes(32))).toEqual([]);
});

test("a relay killed after it said pending still anchors the leaf when it is back", async () => {
  const relay = await world.startRelay();
  const leaf = leafOf();
  const wire = await connectWire(relay.url);
  wire.send({ frame: "anchor", reqId: 1, leaf });
  await wire.take("anchorPending", 1);
  await relay.stop("SIGKILL");
  await relay.start();
  await expectCertified(await poolOver([relay.info(relay.relayId)]).anchor(leaf), leaf);
});

test("a chain that stops for 30 s and comes back loses no leaf, and the relay serves mail meanwhile", async () => {
  const relay = await world.startRelay();
  const pool = poolOver([relay.info(relay.relayId)]);
  await pool.anchor(leafOf());
  await world.chain.halt();
  const stoppedAt = Date.now();
  const leaves = Array.from({ length: 5 }, () => leafOf());
  const proofs = Promise.all(leaves.map((leaf) => pool.anchor(leaf)));
  while ((await relay.health()).chain !== "unreachable") await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await relay.health()).toMatchObject({ http: 200, status: "degraded" });
  expect(await relay.metric("skrumble_relay_anchor_leaves_pending")).toBe(5);
  const answer = await fetch(`${relay.url}/rpc`, {
    method: "POST",
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_blockNumber" }),
  });
  expect(await answer.json()).toMatchObject({ id: 1, error: { code: -32603 } });
  while (Date.now() - stoppedAt < 30_000) await new Promise((resolve) => setTimeout(resolve, 500));
  await world.chain.resume();
  for (const [index, proof] of (await proofs).entries()) await expectCertified(proof, leaves[index] as Uint8Array);
  while ((await relay.health()).status !== "ok") await new Promise((resolve) => setTimeout(resolve, 200));
}, 180_000);

test("with one relay dead and one lying, the proof comes from the third", async () => {
  const [dead, lied, honest] = await Promise.all([world.startRelay(), world.startRelay(), world.startRelay()]);
  const liar = await startMeddler(lied.url);
  liar.toClient = (frame) => [
    frame.frame === "anchored" ? { ...frame, proof: [...frame.proof, randomBytes(32)] } : frame,
  ];
  const infos = [dead, lied, honest].map((relay) => relay.info(relay.relayId));
  await dead.stop("SIGKILL");
  const pool = poolOver(infos.map((info) => (info.id === lied.relayId ? { ...info, endpoint: liar.url } : info)));
  const leaf = leafOf();
  const proof = await pool.anchor(leaf);
  expect(proof.relayId).toBe(honest.relayId);
  await expectCertified(proof, leaf);
  expect((await pool.queryAnchor(leaf.slice(0, 32))).map(({ relayId }) => relayId)).toContain(honest.relayId);
});

test("a relay that never anchors is not waited for for ever", async () => {
  const relay = await world.startRelay();
  const mute = await startMeddler(relay.url);
  mute.toClient = (frame) => (frame.frame === "anchored" ? [] : [frame]);
  const pool = poolOver([{ ...relay.info(relay.relayId), endpoint: mute.url }], { anchorTimeout: 3_000 });
  await expect(pool.anchor(leafOf())).rejects.toMatchObject({ code: "ANCHOR_FAILED" });
});

test("the relay tells where the network's contracts are and reads the chain through", async () => {
  const relay = await world.startRelay();
  while ((await relay.health()).relayId === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  const network = (await (await fetch(`${relay.url}/network.json`)).json()) as Record<string, unknown>;
  const { chainId, name } = world.deployment;
  // Clients have no use for it.
  const { operatorRewards: _, ...contracts } = world.deployment.contracts;
  expect(network).toMatchObject({
    chainId,
    name,
    contracts,
    relayId: relay.relayId,
    relayKey: relay.info().signingKey,
  });
  const through = createPublicClient({ transport: http(`${relay.url}/rpc`) });
  expect(await through.getChainId()).toBe(chainId);
  expect(await through.getCode({ address: contracts.sessionAnchor })).toMatch(/^0x60/);
});
