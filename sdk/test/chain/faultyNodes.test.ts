import { numberToHex, pad, parseAbi, zeroAddress } from "viem";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Chain as LocalChain, startChain } from "../../../scripts/chain/startChain.ts";
import { truncatedAnswers, wrongIds } from "../../../test/support/faults/brokenAnswers.ts";
import {
  falseBalances,
  falseBlocks,
  falseCalls,
  falseLogs,
  falseProofs,
  falseReceipts,
} from "../../../test/support/faults/falseData.ts";
import { type Fault, resultOf } from "../../../test/support/faults/fault.ts";
import { lateAnswers } from "../../../test/support/faults/lateAnswers.ts";
import { lostAnswers } from "../../../test/support/faults/lostAnswers.ts";
import { otherChain } from "../../../test/support/faults/otherChain.ts";
import { repeatedLogs } from "../../../test/support/faults/repeatedLogs.ts";
import { stalledHead } from "../../../test/support/faults/stalledHead.ts";
import { tipOfOneGwei } from "../../../test/support/faults/tipOfOneGwei.ts";
import { unavailable } from "../../../test/support/faults/unavailable.ts";
import { unknownTags } from "../../../test/support/faults/unknownTags.ts";
import { type FaultyRpc, startFaultyRpc } from "../../../test/support/faultyRpc.ts";
import { readBalance } from "../../src/chain/actions/readBalance.ts";
import { readAgreedBlock, readAgreedHead } from "../../src/chain/actions/readBlock.ts";
import { readFinal } from "../../src/chain/actions/readFinal.ts";
import { readGasPrice } from "../../src/chain/actions/readGasPrice.ts";
import { type AnyChain, type Chain, readContract } from "../../src/chain/chain.ts";
import { readLogs } from "../../src/chain/logs.ts";
import { quorumRequest } from "../../src/chain/quorum.ts";
import { createRpc, RpcError } from "../../src/chain/rpc.ts";
import { simulate } from "../../src/chain/simulate.ts";
import { mappingSlot } from "../../src/chain/verified/slots.ts";
import { createLocalWallet, newWalletKey } from "../../src/identity/localWallet.ts";
import type { Address, Hex } from "../../src/types/primitives.ts";
import { contractsAt } from "../support/contracts.ts";
import { sealBlock, validators } from "../support/sealedBlocks.ts";

/** The chain's layer over a real chain whose nodes fail: what is finer than what people do, see network/faults.test.ts. */

const answering: Address = `0x${"42".repeat(20)}`;
const logging: Address = `0x${"10".repeat(20)}`;
const chainId = 31_337;
let local: LocalChain;
let nodes: FaultyRpc;
const off: (() => void)[] = [];
const inject = (fault: Fault, node?: string) => {
  const one = nodes.inject(fault, node);
  off.push(one.off);
  return one;
};

beforeAll(async () => {
  local = await startChain({ chainId });
  nodes = await startFaultyRpc(local.rpcUrl);
  // Answers 42 to everything.
  await ask("anvil_setCode", [answering, "0x602a60005260206000f3"]);
  // Tells of one event with two words of nothing in it, however it is called.
  await ask("anvil_setCode", [logging, "0x60406000a000"]);
});
afterAll(async () => {
  await nodes?.stop();
  await local?.stop();
});
afterEach(() => {
  for (const stop of off.splice(0)) stop();
  vi.restoreAllMocks();
});
/** Operators are asked in an order of chance; like this, in that of their names as they were given. */
const askInOrder = () => vi.spyOn(Math, "random").mockReturnValue(0.999);

const rpcOf = (...names: string[]) =>
  createRpc({ endpoints: () => names.map((name) => ({ url: nodes.url(name), operator: name })) });
const chainOf = (...names: string[]) => ({ network: { chainId, name: "local" }, rpc: rpcOf(...names) }) as AnyChain;
const ask = (method: string, params: unknown[]) => rpcOf("well").request(method, params);
const balance = (chain: AnyChain, quorum = false) =>
  readContract(
    chain,
    {
      address: answering,
      abi: parseAbi(["function balance() view returns (uint256)"]),
      functionName: "balance",
      args: [],
    },
    { quorum },
  );

test("answers that come in another order go to whoever asked", async () => {
  const injected = inject(lateAnswers(100));
  const rpc = rpcOf("one");
  const wallets = Array.from({ length: 40 }, (_, at) => `0x${(at + 1).toString(16).padStart(40, "0")}`);
  const values = wallets.map((_, at) => `0x${(at + 7).toString(16)}`);
  await Promise.all(wallets.map((wallet, at) => ask("anvil_setBalance", [wallet, values[at]])));
  const before = injected.hits();
  const came: string[] = [];
  const asking = wallets.map(async (wallet) => {
    const value = await rpc.request("eth_getBalance", [wallet, "latest"]);
    came.push(wallet);
    return value;
  });
  expect(await Promise.all(asking)).toEqual(values);
  expect(injected.hits() - before).toBe(wallets.length);
  expect(came).not.toEqual(wallets);
});

test.each<[string, () => Fault]>([
  ["is busy", unavailable],
  ["breaks off in the middle of what it says", truncatedAnswers],
  ["answers what another one asked", wrongIds],
  ["is cut off", () => lostAnswers("eth_call")],
])("a node that %s is left for the next one; alone, it is told that none is reached", async (_, fault) => {
  const injected = inject(fault(), "one");
  expect(await balance(chainOf("one", "two"))).toBe(42n);
  expect(injected.hits()).toBe(1);
  await expect(balance(chainOf("one"))).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  await expect(balance(chainOf("one", "two"), true)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  expect(await balance(chainOf("one", "two", "three"), true)).toBe(42n);
});

test("a node of another chain, where there is no such contract, hides nothing from whoever asks it first", async () => {
  const injected = inject(otherChain(1), "one");
  expect(await balance(chainOf("one", "two", "three"))).toBe(42n);
  expect(injected.hits()).toBeGreaterThan(0);
  await expect(balance(chainOf("one"))).rejects.toMatchObject({ code: "CHAIN_REJECTED" });
});

test("a node that stands still and refuses what it does not know of refuses nothing; two that do, do", async () => {
  const injected = inject(stalledHead(), "one");
  await rpcOf("one").request("eth_blockNumber", []);
  const [from, to] = [`0x${"51".repeat(20)}`, `0x${"52".repeat(20)}`] as const;
  await ask("anvil_mine", ["0x2"]);
  await ask("anvil_setBalance", [from, "0x64"]);
  await ask("anvil_mine", ["0x2"]);
  const trial = { from, to, data: "0x", value: "0x5" } as const;
  await expect(rpcOf("one").request("eth_call", [trial, "latest"])).rejects.toBeInstanceOf(RpcError);
  expect(await simulate(chainOf("one", "two", "three"), trial)).toBe("0x");
  expect(injected.hits()).toBeGreaterThan(2);
  const rich = { ...trial, value: "0x65" } as const;
  await expect(simulate(chainOf("one", "two", "three"), rich)).rejects.toBeInstanceOf(RpcError);
});

/** Three events in the chain, and all of them as the SDK reads them. */
async function events(...names: string[]) {
  const from = BigInt((await ask("eth_blockNumber", [])) as Hex);
  const wallet = createLocalWallet(newWalletKey(), local.rpcUrl);
  for (let count = 0; count < 3; count++) {
    const hash = await wallet.sendTransaction?.({ to: logging, data: "0x", value: 0n, chainId });
    while ((await ask("eth_getTransactionReceipt", [hash])) === null) await new Promise((r) => setTimeout(r, 50));
  }
  const to = BigInt((await ask("eth_blockNumber", [])) as Hex);
  const read = () => readLogs(chainOf(...names) as Chain, { address: logging, topics: [], from, to });
  return { read, truth: await read() };
}

test("events that come twice and in another order are each told once, the oldest first", async () => {
  const { read, truth } = await events("one", "two");
  expect(truth).toHaveLength(3);
  const injected = inject(repeatedLogs(), "one");
  expect(await read()).toEqual(truth);
  inject(repeatedLogs(), "two");
  expect(await read()).toEqual(truth);
  expect(injected.hits()).toBe(2);
});

test("events that one node made up are not believed", async () => {
  const { read, truth } = await events("one", "two", "three");
  const injected = inject(falseLogs(), "one");
  askInOrder();
  expect(await read()).toEqual(truth);
  expect(injected.hits()).toBe(1);
  const alone = await events("one", "two").catch((error) => error);
  expect(alone).toMatchObject({ code: "QUORUM_FAILED" });
});

/** What one of three nodes makes up, how often it does, and what is read in spite of it. */
async function lied(fault: Fault, read: (chain: AnyChain) => Promise<unknown>) {
  askInOrder();
  const honest = await read(chainOf("four", "five"));
  const injected = inject(fault, "one");
  expect(await read(chainOf("one", "two", "three"))).toEqual(honest);
  expect(injected.hits()).toBeGreaterThan(0);
  // Against a single other one its word is as good as the truth.
  await expect(read(chainOf("one", "two"))).rejects.toMatchObject({ code: "QUORUM_FAILED" });
  return honest;
}

test("what a contract says is not believed of one node that makes it up", async () => {
  expect(await lied(falseCalls(), (chain) => balance(chain, true))).toBe(42n);
});

test("a balance that one node makes up is not believed", async () => {
  const wallet: Address = `0x${"61".repeat(20)}`;
  await ask("anvil_setBalance", [wallet, "0x2a"]);
  expect(await lied(falseBalances(), (chain) => readBalance(chain, zeroAddress, wallet, { quorum: true }))).toBe(42n);
});

test("a block, or a head, that one node makes up is not believed", async () => {
  await ask("anvil_mine", ["0x2"]);
  const at = BigInt((await ask("eth_blockNumber", [])) as Hex);
  const { timestamp } = (await ask("eth_getBlockByNumber", [numberToHex(at), false])) as { timestamp: Hex };
  const block = { number: at, timestamp: Number(timestamp) };
  expect(await lied(falseBlocks(86_400), (chain) => readAgreedBlock(chain, at))).toEqual(block);
  const injected = inject(falseBlocks(86_400), "one");
  expect((await readAgreedHead(chainOf("one", "two", "three"))).timestamp).toBeLessThan(block.timestamp + 3600);
  expect(injected.hits()).toBeGreaterThan(0);
});

test("that a transaction failed is not believed of one node that makes it up", async () => {
  const wallet = createLocalWallet(newWalletKey(), local.rpcUrl);
  const hash = await wallet.sendTransaction?.({ to: logging, data: "0x", value: 0n, chainId });
  while ((await ask("eth_getTransactionReceipt", [hash])) === null) await new Promise((r) => setTimeout(r, 50));
  const read = ({ rpc }: AnyChain) => quorumRequest(rpc, "eth_getTransactionReceipt", [hash]);
  expect(await lied(falseReceipts(), read)).toMatchObject({ status: "0x1" });
});

test.each<[string, () => Fault, string]>([
  ["proves what is not in the state", falseProofs, "eth_getProof"],
  ["has another state in its blocks", () => falseBlocks(0), "eth_getBlockByNumber"],
])("SKM is proven where blocks are sealed: a node that %s is left for the next one", async (_, fault, method) => {
  const [skm, wallet]: Address[] = [`0x${"71".repeat(20)}`, `0x${"72".repeat(20)}`];
  await ask("anvil_setStorageAt", [skm, mappingSlot(pad(wallet as Address), 10), numberToHex(42n, { size: 32 })]);
  await ask("anvil_mine", ["0x1"]);
  const set = validators(4);
  const asked: string[] = [];
  inject({
    async change(call, outcome) {
      asked.push(call.method);
      const block = resultOf(outcome) as Parameters<typeof sealBlock>[0] | null;
      return call.method === "eth_getBlockByNumber" && block ? { result: await sealBlock(block, { set }) } : outcome;
    },
  });
  const network = {
    ...{ chainId, name: "local", contracts: { ...contractsAt(skm as Address), skm: skm as Address } },
    validators: set.map(({ address }) => address),
  };
  const read = (...names: string[]) =>
    readBalance({ network, rpc: rpcOf(...names) } as Chain, skm as Address, wallet as Address);
  expect(await read("four", "five")).toBe(42n);
  expect(asked).toContain(method);
  askInOrder();
  const injected = inject(fault(), "one");
  expect(await read("one", "two", "three")).toBe(42n);
  expect(injected.hits()).toBeGreaterThan(0);
  await expect(read("one")).rejects.toMatchObject({ code: "CHAIN_UNPROVEN" });
});

test("a chain that does not know `finalized` is not taken for one on which nothing is final", async () => {
  const further = { finality: "finalized" } as NonNullable<AnyChain["further"]>;
  const chain = { ...chainOf("one", "two", "three"), further };
  const injected = inject(unknownTags(), "one");
  expect((await readFinal(chain))?.number).toBeTypeOf("bigint");
  inject(unknownTags());
  await expect(readFinal(chain)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  expect(injected.hits()).toBeGreaterThan(0);
});

test("where gas is free nothing is paid for it, whatever tip a node suggests; what it took and broke off is sent once", async () => {
  const tip = inject(tipOfOneGwei());
  const injected = inject(lostAnswers("eth_sendRawTransaction", 2), "one");
  const wallet = createLocalWallet(newWalletKey(), nodes.url("one"));
  await ask("anvil_setBalance", [wallet.address, "0x64"]);
  const to: Address = `0x${"77".repeat(20)}`;
  const pay = () => wallet.sendTransaction?.({ to, data: "0x", value: 3n, chainId });
  expect(await pay()).toMatch(/^0x/);
  // The same bytes are handed over again, and the node says that it has them.
  expect(await pay()).toMatch(/^0x/);
  expect(injected.hits()).toBe(1);
  const sent = async () => Number(await ask("eth_getTransactionCount", [wallet.address, "latest"]));
  while ((await sent()) < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await quorumRequest(rpcOf("one", "two"), "eth_getBalance", [to, "latest"])).toBe("0x6");
  expect(await ask("eth_getBalance", [wallet.address, "latest"])).toBe("0x5e");
  // Not asked for, it cannot be paid. Who asks gets it:
  expect(tip.hits()).toBe(0);
  expect(await readGasPrice(rpcOf("one"))).toMatchObject({ maxPriorityFeePerGas: 10n ** 9n });
  expect(tip.hits()).toBe(2);
});

test("a node that fails hears of requests without parameters, which JSON-RPC allows", async () => {
  const hit = inject(unknownTags());
  const response = await fetch(nodes.url("a"), {
    method: "POST",
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId" }),
  });
  expect(await response.json()).toEqual({ jsonrpc: "2.0", id: 1, result: `0x${chainId.toString(16)}` });
  expect(hit.hits()).toBe(0);
});
