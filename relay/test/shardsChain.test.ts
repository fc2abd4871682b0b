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
  keccak256,
  pad,
  toHex,
} from "viem";
import { expect, test } from "vitest";
import { createRegistryChain } from "../src/chain/registryChain.ts";
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
async function chainWith(to: Address, input: Hex, hasState = true) {
  const hash = keccak256("0x01");
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
    eth_getLogs: () => [0, 1].map((index) => ({ ...log, logIndex: toHex(index) })),
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
  const { spent, isSpentUnseen } = await chain.changes(1n, 300n, true);
  expect([spent.map((slot) => toHex(slot)), isSpentUnseen]).toEqual([[slotOf(name, id)], false]);
  expect(asked.filter((method) => method === "eth_getTransactionByHash")).toHaveLength(1);
});

test("one through another contract does not, nor one whose state the node has no more, nor one of long ago", async () => {
  const unseen = { spent: [], isSpentUnseen: true };
  const wrapped = await chainWith(wallet, inputs.registerFor);
  expect(await wrapped.chain.changes(1n, 300n, true)).toMatchObject(unseen);
  const pruned = await chainWith(registry, inputs.rename, false);
  expect(await pruned.chain.changes(1n, 300n, true)).toMatchObject(unseen);
  const old = await chainWith(registry, inputs.registerFor);
  expect(await old.chain.changes(1n, 300n, false)).toMatchObject(unseen);
  expect(old.asked).toEqual(["eth_getLogs"]);
});

test("a node of another chain is not followed", async () => {
  const node = await startFakeNode({ eth_chainId: () => "0x2", eth_getBlockByNumber: () => blockOf(300n) });
  const chainOf = (chainId: number) => createRegistryChain({ rpcUrl: node.url, chainId, registry });
  await expect(chainOf(1).block()).rejects.toThrow("another chain");
  expect(await chainOf(2).block()).toMatchObject({ number: 300n, time: 300n });
});
