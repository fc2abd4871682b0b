import { commitmentOf } from "@skrumble/sdk/chain";
import { identityRegistryAbi } from "@skrumble/sdk/generated";
import { touchedSlots } from "@skrumble/sdk/shards";
import {
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionData,
  encodeFunctionResult,
  type Hex,
  hexToBytes,
  keccak256,
  pad,
  toHex,
  toRlp,
} from "viem";
import { expect, test } from "vitest";
import { cutShards } from "../../sdk/src/chain/shards/cutShards.ts";
import { plainTrie } from "../../sdk/test/support/plainTrie.ts";
import { leavesOf } from "../../sdk/test/support/registryStorage.ts";
import { childrenAt, createRegistryChain } from "../src/chain/registryChain.ts";
import { blockOf, startFakeNode } from "./support/fakeNode.ts";

const registry: Address = `0x${"11".repeat(20)}`;
const wallet: Address = `0x${"22".repeat(20)}`;
const owner: Address = `0x${"33".repeat(20)}`;
const [publicId, newPublicId, secret, other] = ["44", "55", "66", "77"].map((two): Hex => `0x${two.repeat(32)}`) as [
  Hex,
  Hex,
  Hex,
  Hex,
];
const keys = { publicId: newPublicId, agreementKey: other, controller: owner, deviceRoot: other };

/** As a client makes it. */
const slotOf = (name: string, id: Hex): Hex | undefined =>
  touchedSlots({
    eventName: "Committed",
    args: { commitment: commitmentOf({ name, owner, publicId: id, secret }) },
  }).committed;

const abi = identityRegistryAbi;
const registration = { owner, name: "alice", ...keys, publicId, deadline: 1n };
const inputs = {
  registerFor: encodeFunctionData({ abi, functionName: "registerFor", args: [registration, secret, [], "0x"] }),
  rename: encodeFunctionData({ abi, functionName: "rename", args: [1n, "alicia", secret, 1n, "0x"] }),
  rotate: encodeFunctionData({ abi, functionName: "rotate", args: [1n, keys, secret, [], 1n, "0x"] }),
};

/** A node with one transaction in block 300, which told that keys had changed, twice. */
async function chainWith(to: Address, input: Hex, hasState = true, hashes: readonly Hex[] = [keccak256("0x01")]) {
  const [hash] = hashes;
  const entry = {
    ...{ owner, keyVersion: 1, registeredAt: 1n, revoked: false, controller: owner, devicesBlock: 1n },
    ...{ publicId, agreementKey: other, deviceRoot: other, saltName: other, name: "alice" },
  };
  const log = {
    ...{ address: registry, blockNumber: toHex(300), transactionHash: hash, transactionIndex: "0x0" },
    ...{ blockHash: hash, removed: false },
    topics: encodeEventTopics({ abi, eventName: "KeysChanged", args: { identityId: 1n, publicId } }),
    data: encodeAbiParameters([{ type: "uint32" }, { type: "bytes32" }, { type: "address" }], [1, other, owner]),
  };
  const node = await startFakeNode({
    eth_chainId: () => "0x1",
    eth_getBlockByNumber: () => blockOf(300n),
    eth_getLogs: () =>
      hashes.flatMap((transactionHash) => [0, 1].map((index) => ({ ...log, transactionHash, logIndex: toHex(index) }))),
    eth_getTransactionByHash: () => ({
      ...{ hash, to, input, from: wallet, blockNumber: toHex(300), blockHash: hash, transactionIndex: "0x0" },
      ...{
        value: "0x0",
        gas: "0x1",
        gasPrice: "0x1",
        nonce: "0x0",
        type: "0x0",
        v: "0x1b",
        r: pad("0x1"),
        s: pad("0x1"),
      },
    }),
    eth_call: ([, block]) =>
      hasState && block === toHex(299)
        ? encodeFunctionResult({ abi, functionName: "identity", result: entry })
        : undefined,
  });
  return { ...node, chain: createRegistryChain({ rpcUrl: node.url, chainId: 1, registry }) };
}

test.each([
  ["registerFor", "alice", publicId],
  ["rename", "alicia", publicId],
  ["rotate", "alice", newPublicId],
] as const)("a transaction of %s to the registry shows the commitment that it spent", async (kind, name, id) => {
  const { chain, asked } = await chainWith(registry, inputs[kind]);
  const { spent } = await chain.changes(1n, 300n, true);
  expect(spent.map((slot) => toHex(slot))).toEqual([slotOf(name, id)]);
  expect(asked.filter((method) => method === "eth_getTransactionByHash")).toHaveLength(1);
});

test("one through another contract does not, nor one whose state the node has no more, nor one of long ago", async () => {
  const unseen = { spent: [] };
  const wrapped = await chainWith(wallet, inputs.registerFor);
  expect(await wrapped.chain.changes(1n, 300n, true)).toMatchObject(unseen);
  const pruned = await chainWith(registry, inputs.rename, false);
  expect(await pruned.chain.changes(1n, 300n, true)).toMatchObject(unseen);
  const old = await chainWith(registry, inputs.registerFor);
  expect(await old.chain.changes(1n, 300n, false)).toMatchObject(unseen);
  expect(old.asked).toEqual(["eth_getLogs"]);
});

test("only so many transactions of some blocks are asked for", async () => {
  const hashes = Array.from({ length: 1_010 }, (_, at) => pad(toHex(at + 1)));
  const { chain, asked } = await chainWith(wallet, inputs.registerFor, true, hashes);
  const { slots } = await chain.changes(1n, 300n, true);
  expect(slots.length).toBeGreaterThan(2 * 1_010);
  expect(asked.filter((method) => method === "eth_getTransactionByHash")).toHaveLength(1_000);
});

test("an answer above 8 MiB is not read", async () => {
  const node = await startFakeNode({ eth_getLogs: () => ["ab".repeat(4 * 1_048_576)] });
  const chain = createRegistryChain({ rpcUrl: node.url, chainId: 1, registry });
  await expect(chain.changes(1n, 300n, false)).rejects.toThrow(/size limit/i);
});

test("branches of the registry's trie are read out of a proof, and nothing else is taken for one", async () => {
  const slots = Array.from({ length: 600 }, (_, at) => toHex(at, { size: 32 }));
  const words = new Map(slots.map((slot, at) => [slot, BigInt(at + 1)]));
  const { manifest } = cutShards(leavesOf(words));
  const trie = plainTrie(new Map(slots.map((slot, at) => [keccak256(slot), toRlp(toHex(at + 1))])));
  const node = await startFakeNode({
    eth_getProof: ([, keys]) => ({
      ...{ address: registry, accountProof: [], balance: "0x0", nonce: "0x0", storageHash: trie.root },
      // One slot, as a list.
      storageProof: [{ key: String(keys), value: "0x0", proof: trie.proof(keccak256(String(keys) as Hex)) }],
    }),
  });
  const chain = createRegistryChain({ rpcUrl: node.url, chainId: 1, registry });
  const slot = hexToBytes(slots[7] as Hex);
  expect(manifest.depth).toBe(1);
  expect(await chain.branch(slot, 0, 300n)).toEqual(manifest.hashes);
  expect((await chain.branch(slot, 1, 300n))?.length).toBe(16);
  expect(await chain.branch(slot, 9, 300n), "far below").toBeUndefined();
  expect(childrenAt([toRlp(["0x11", keccak256("0x01")])], 0), "an extension").toBeUndefined();
  expect(childrenAt([toRlp([["0x01"], ...Array<Hex>(16).fill("0x")])], 0), "a child in its parent").toBeUndefined();
});

test("a node of another chain is not followed", async () => {
  const node = await startFakeNode({ eth_chainId: () => "0x2", eth_getBlockByNumber: () => blockOf(300n) });
  const chainOf = (chainId: number) => createRegistryChain({ rpcUrl: node.url, chainId, registry });
  await expect(chainOf(1).block()).rejects.toThrow("another chain");
  expect(await chainOf(2).block()).toMatchObject({ number: 300n, time: 300n });
});
