import {
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  erc20Abi,
  type Hex,
  numberToHex,
  zeroAddress,
} from "viem";
import { describe, expect, test } from "vitest";
import type { AnyChain, Chain } from "../../src/chain/chain.ts";
import { RpcError } from "../../src/chain/rpc.ts";
import type { FurtherFacts } from "../../src/chain/types.ts";
import { identityRegistryAbi, skmAbi } from "../../src/generated/index.ts";
import { type PaymentClaim, verifyPayment } from "../../src/money/verify.ts";
import type { Address, PublicId } from "../../src/types/primitives.ts";
import { contractsAt } from "../support/contracts.ts";

const address = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const [skm, other, registry] = [address(0x51), address(0x52), address(0x53)];
const [alice, bob, carol] = [hash(0xa), hash(0xb), hash(0xc)] as [PublicId, PublicId, PublicId];
const wallets: Record<PublicId, Address> = { [alice]: address(0xa1), [bob]: address(0xb1), [carol]: address(0xc1) };
const now = 1_800_000_000;
const [nonce, tx] = [hash(0x77), hash(0x99)];

interface Log {
  address: Address;
  topics: Hex[];
  data: Hex;
}

const transfer = (from: Address, to: Address, value: bigint, token = skm): Log => ({
  address: token,
  topics: encodeEventTopics({ abi: erc20Abi, eventName: "Transfer", args: { from, to } }) as Hex[],
  data: encodeAbiParameters([{ type: "uint256" }], [value]),
});
const used = (authorizer: Address, of = nonce, token = skm): Log => ({
  address: token,
  topics: encodeEventTopics({
    abi: skmAbi,
    eventName: "AuthorizationUsed",
    args: { authorizer, nonce: of },
  }) as Hex[],
  data: "0x",
});

interface World {
  logs?: Log[];
  status?: Hex;
  mined?: boolean;
  pending?: boolean;
  used?: boolean;
  /** Of the latest block, and of the one with the transaction. */
  time?: number;
  minedAt?: number;
  coin?: { from: Address; to: Address; value: bigint };
  /** Of every account. */
  code?: Hex;
  /** The newest block comes once the receipt was asked for. */
  late?: boolean;
  /** Transactions of the wallet by the end of a block; undefined where that is forgotten. */
  count?(block: number): number | undefined;
  /** What the relay that is asked alone says instead, or nothing. */
  lie?(method: string): unknown;
}

/** A chain with one transaction in block 100. */
function chainOf({
  logs = [],
  status = "0x1",
  mined = true,
  time = now + 5,
  minedAt = now + 1,
  coin,
  lie,
  ...world
}: World): Chain {
  const numbered = logs.map((log, at) => ({ ...log, logIndex: numberToHex(at), transactionHash: tx }));
  const isUsed = world.used ?? mined;
  let seen = false;
  const answer = (method: string, params: unknown[]): unknown => {
    switch (method) {
      case "eth_getBlockByNumber":
        if (params[0] === "latest" && world.late && !seen) return { number: "0x6f", timestamp: numberToHex(time) };
        return params[0] === "latest" || params[0] === "0x70"
          ? { number: "0x70", timestamp: numberToHex(time) }
          : { number: params[0], timestamp: numberToHex(minedAt) };
      case "eth_blockNumber":
        return "0x70";
      case "eth_getCode":
        return world.code ?? "0x";
      case "eth_getTransactionReceipt":
        seen = true;
        return mined && params[0] === tx ? { transactionHash: tx, status, blockNumber: "0x64", logs: numbered } : null;
      case "eth_getTransactionByHash": {
        if (!mined && !world.pending) return null;
        const { from, to, value } = coin ?? { from: zeroAddress, to: zeroAddress, value: 0n };
        return { hash: tx, from, to, value: numberToHex(value), nonce: "0x0", input: "0x" };
      }
      case "eth_getTransactionCount": {
        const count = (world.count ?? (() => 0))(params[1] === "latest" ? 0x70 : Number(params[1]));
        if (count === undefined) throw new RpcError(-32000, "missing trie node", undefined);
        return numberToHex(count);
      }
      case "eth_getLogs": {
        const { topics } = (params as [{ topics: Hex[] }])[0];
        return numbered.filter((log) => topics.every((topic, at) => log.topics[at] === topic));
      }
      default: {
        const { to, data } = (params as [{ to: Address; data: Hex }])[0];
        if (to !== registry)
          return encodeFunctionResult({ abi: skmAbi, functionName: "authorizationState", result: isUsed });
        const publicId = `0x${data.slice(10)}` as PublicId;
        const known = wallets[publicId] !== undefined;
        const record = {
          ...{ owner: wallets[publicId] ?? zeroAddress, keyVersion: 1, registeredAt: 0n, revoked: false },
          ...{ controller: zeroAddress, devicesBlock: 1n, publicId, agreementKey: hash(1), deviceRoot: hash(1) },
          ...{ saltName: hash(1), name: "someone" },
        };
        return encodeFunctionResult({
          ...{ abi: identityRegistryAbi, functionName: "identityByPublicId" },
          result: [known ? 1n : 0n, record],
        });
      }
    }
  };
  const contracts = { ...contractsAt(registry), skm };
  return {
    network: { chainId: 1, name: "test", contracts },
    rpc: {
      request: async (method, params) => lie?.(method) ?? answer(method, params),
      requestAt: async (_, method, params) => answer(method, params),
      endpoints: () => [
        { url: "memory:1", operator: "one" },
        { url: "memory:2", operator: "two" },
      ],
    },
  };
}

const [payer, payee] = [wallets[alice] as Address, wallets[bob] as Address];
const claim: PaymentClaim = {
  ...{ asset: { chainId: 1, token: skm }, amount: "100", from: alice, to: bob, wallet: payer, nonce },
  ...{ block: 90, until: now + 3600, at: now * 1000 },
};
const byTransaction = { ...claim, nonce: undefined, transaction: tx };
const look = (world: World, of: Partial<PaymentClaim> = {}) =>
  verifyPayment(chainOf(world), { ...claim, ...of }, new AbortController().signal);
const paid: World = { logs: [used(payer), transfer(payer, payee, 100n)] };

describe("an authorisation", () => {
  test("that was used for just this is final", async () => {
    expect(await look(paid)).toEqual({
      ...{ state: "final", transaction: tx, recipient: payee, paidAt: (now + 1) * 1000 },
      places: [`1 ${tx} 1`],
    });
    expect(await look({ logs: [used(payer), transfer(payer, payee, 101n)] })).toMatchObject({ state: "final" });
    // Its sender's clock is two days ahead.
    expect(await look({ ...paid, minedAt: now - 172_800 })).toMatchObject({ state: "final" });
  });

  test("that nobody has used yet is open, and over with its time", async () => {
    expect(await look({ mined: false })).toEqual({ state: "open" });
    expect(await look({ mined: false, time: claim.until })).toEqual({ state: "failed", code: "PAYMENT_EXPIRED" });
  });

  test("that was used is final also where the relay that is always asked first says that it was not", async () => {
    const isUnused = encodeFunctionResult({ abi: skmAbi, functionName: "authorizationState", result: false });
    const lie = (method: string) => (method === "eth_call" ? isUnused : undefined);
    expect(await look({ ...paid, lie })).toMatchObject({ state: "final", transaction: tx });
  });

  test("is not over on one relay's word, about the time or about its being used", async () => {
    const late = (method: string) =>
      method === "eth_getBlockByNumber" ? { number: "0x70", timestamp: numberToHex(claim.until + 9) } : undefined;
    expect(await look({ mined: false, lie: late })).toEqual({ state: "open" });
    expect(await look({ mined: false, lie: late }, byTransaction)).toEqual({ state: "open" });
    const isUsed = encodeFunctionResult({ abi: skmAbi, functionName: "authorizationState", result: true });
    const both = (method: string) => (method === "eth_call" ? isUsed : late(method));
    expect(await look({ mined: false, lie: both })).toEqual({ state: "open" });
    expect(await look({ mined: false, time: claim.until, lie: both })).toEqual({ state: "open" });
  });

  test.each<[string, World, Partial<PaymentClaim>]>([
    ["from another wallet", { logs: [used(payer), transfer(wallets[carol] as Address, payee, 100n)] }, {}],
    ["of another token", { logs: [used(payer), transfer(payer, payee, 100n, other)] }, {}],
    [
      "of the payee's own, said to be the sender's",
      { logs: [used(payer), transfer(payer, payee, 100n)] },
      { from: carol },
    ],
    ["for somebody who is not registered", paid, { to: hash(0xdead) }],
    ["by somebody who is not registered", paid, { from: hash(0xdead) }],
    ["long before it was said", { ...paid, minedAt: now - 200_000 }, {}],
    ["before the block it names", paid, { block: 101 }],
    ["of a token that has no authorisations", paid, { asset: { chainId: 1, token: other } }],
    ["on another chain", paid, { asset: { chainId: 2, token: skm } }],
  ])("that was used %s is never final", async (_, world, of) => {
    const found = await look({ ...world, time: claim.until }, of);
    expect(found).toEqual({ state: "failed", code: "PAYMENT_MISMATCH" });
  });

  test.each<[string, Log[], bigint, Address]>([
    ["less", [used(payer), transfer(payer, payee, 99n)], 99n, payee],
    ["to somebody else", [used(payer), transfer(payer, address(9), 100n)], 100n, address(9)],
    [
      "by another authorisation of the same transaction",
      [used(payer), transfer(payer, address(9), 3n), used(payer, hash(5)), transfer(payer, payee, 100n)],
      3n,
      address(9),
    ],
  ])("that moved %s is told as what it was", async (_, logs, amount, wallet) => {
    expect(await look({ logs })).toEqual({
      ...{ state: "differs", transaction: tx, paidAt: (now + 1) * 1000, places: [`1 ${tx} 1`] },
      ...(wallet === payee ? { recipient: payee } : {}),
      moved: { amount: String(amount), wallet },
    });
  });

  test("is over two days after it was said at the latest, whatever its sender says", async () => {
    const endless = { until: 2 ** 50 };
    expect(await look({ mined: false, time: now + 3 * 86_400 }, endless)).toMatchObject({ code: "PAYMENT_EXPIRED" });
    expect(await look({ mined: false, time: now + 86_400 }, endless)).toEqual({ state: "open" });
  });

  test("that was taken back is not final", async () => {
    expect(await look({ logs: [], used: true })).toEqual({ state: "open" });
    expect(await look({ logs: [], used: true, time: claim.until })).toMatchObject({ code: "PAYMENT_MISMATCH" });
  });
});

describe("a transaction", () => {
  test("with a transfer of the token is final", async () => {
    const asset = { chainId: 1, token: other };
    const world = { logs: [transfer(payer, payee, 100n, other)] };
    expect(await look(world, { ...byTransaction, asset })).toMatchObject({ state: "final", places: [`1 ${tx} 0`] });
  });

  test("with the coin is final", async () => {
    const asset = { chainId: 1, token: zeroAddress };
    const coin = { from: payer, to: payee, value: 100n };
    expect(await look({ coin }, { ...byTransaction, asset })).toMatchObject({ state: "final", places: [`1 ${tx} -1`] });
    const from = { ...coin, from: address(9) };
    expect(await look({ coin: from }, { ...byTransaction, asset })).toMatchObject({ code: "PAYMENT_MISMATCH" });
    for (const [change, elsewhere] of [
      [{ to: address(9) }, true],
      [{ value: 99n }, false],
    ] as const) {
      const found = await look({ coin: { ...coin, ...change } }, { ...byTransaction, asset });
      expect(found).toMatchObject({ state: "differs", moved: { wallet: elsewhere ? address(9) : payee } });
    }
  });

  test("of a token that keeps a fee tells what arrived", async () => {
    const asset = { chainId: 1, token: other };
    const logs = [transfer(payer, address(9), 3n, other), transfer(payer, payee, 97n, other)];
    expect(await look({ logs }, { ...byTransaction, asset })).toMatchObject({
      ...{ state: "differs", recipient: payee, moved: { amount: "97", wallet: payee } },
      places: [`1 ${tx} 1`],
    });
  });

  test("that failed, or never came, is not", async () => {
    const asset = { chainId: 1, token: other };
    const logs = [transfer(payer, payee, 100n, other)];
    expect(await look({ logs, status: "0x0" }, { ...byTransaction, asset })).toMatchObject({ code: "PAYMENT_REFUSED" });
    expect(await look({ mined: false }, { ...byTransaction, asset })).toEqual({ state: "open" });
    const late = { mined: false, time: claim.until + 600 };
    expect(await look({ ...late, pending: true }, { ...byTransaction, asset })).toEqual({ state: "open" });
    expect(await look(late, { ...byTransaction, asset })).toMatchObject({ code: "PAYMENT_EXPIRED" });
  });
});

describe("a transaction on another chain", () => {
  const asset = { chainId: 2, token: other };
  const there = { ...byTransaction, asset };
  const paidThere: World = { logs: [transfer(payer, payee, 100n, other)] };
  const lookThere = (world: World, finality: FurtherFacts["finality"], of: Partial<PaymentClaim> = {}) => {
    const coin = { token: zeroAddress, symbol: "TWO", name: "Two", decimals: 18 };
    const on: AnyChain = {
      ...{ network: { chainId: 2, name: "two" }, rpc: chainOf(world).rpc },
      further: { coin, tokens: [], finality },
    };
    return verifyPayment(chainOf({}), { ...there, ...of }, new AbortController().signal, on);
  };

  test("is final once its block cannot be undone, by the owners of the network's own chain", async () => {
    const final = { state: "final", recipient: payee, places: [`2 ${tx} 0`] };
    expect(await lookThere(paidThere, "instant")).toMatchObject(final);
    expect(await lookThere(paidThere, { confirmations: 12 })).toMatchObject(final);
    expect(await lookThere(paidThere, { confirmations: 13 })).toEqual({ state: "open" });
    expect(await lookThere({ ...paidThere, status: "0x0" }, { confirmations: 13 })).toEqual({ state: "open" });
    expect(await lookThere({ ...paidThere, status: "0x0" }, "instant")).toMatchObject({ code: "PAYMENT_REFUSED" });
  });

  test("is looked for on that chain alone, and never as a signature for SKM", async () => {
    expect(await look(paidThere, there)).toMatchObject({ code: "PAYMENT_MISMATCH" });
    expect(await lookThere(paidThere, "instant", { asset: { chainId: 1, token: other } })).toMatchObject({
      code: "PAYMENT_MISMATCH",
    });
    const signed = { ...claim, asset: { chainId: 2, token: skm } };
    expect(await lookThere(paid, "instant", { ...signed, transaction: undefined })).toMatchObject({
      code: "PAYMENT_MISMATCH",
    });
    const late = { mined: false, time: claim.until + 600 };
    expect(await lookThere(late, "instant")).toEqual({ state: "unsure" });
  });

  test("that nodes have forgotten is never over while its number is unused: gas is bid for there", async () => {
    const late = { mined: false, time: claim.until + 600, minedAt: claim.until + 600, count: () => 3 };
    expect(await lookThere(late, "instant", { accountNonce: 3 })).toEqual({ state: "unsure" });
    expect(await lookThere(late, { confirmations: 2 }, { accountNonce: 3 })).toEqual({ state: "unsure" });
    expect(await lookThere(late, "instant", { accountNonce: 2 })).toMatchObject({ code: "PAYMENT_MISMATCH" });
  });

  test("is final by what was seen after its block was", async () => {
    // The newest block grows past it between the two reads.
    expect(await lookThere({ ...paidThere, late: true }, { confirmations: 12 })).toEqual({ state: "open" });
  });

  test("with the coin, sent by somebody else for an account with code, may have been made inside", async () => {
    const coin = { from: address(9), to: payer, value: 0n };
    const of = { asset: { chainId: 2, token: zeroAddress } };
    expect(await lookThere({ coin, code: "0xef0100" }, "instant", of)).toEqual({ state: "unsure" });
    expect(await lookThere({ coin, code: "0xef0100", status: "0x0" }, "instant", of)).toMatchObject({
      code: "PAYMENT_REFUSED",
    });
    expect(await lookThere({ coin }, "instant", of)).toMatchObject({ code: "PAYMENT_MISMATCH" });
  });
});

describe("a transaction that nodes do not know, when its time is over,", () => {
  const late = { mined: false, time: claim.until + 600 };
  const asset = { chainId: 1, token: other };
  const unknown = (world: World, of: Partial<PaymentClaim> = {}) =>
    look({ ...late, ...world }, { ...byTransaction, asset, ...of });

  test("was not made where the wallet has sent nothing since", async () => {
    expect(await unknown({ count: () => 3 })).toMatchObject({ code: "PAYMENT_EXPIRED" });
    expect(await unknown({ count: () => 3 }, { accountNonce: 3 })).toMatchObject({ code: "PAYMENT_EXPIRED" });
  });

  test("may have been made by another one where the wallet has, or where that is forgotten", async () => {
    const since = (block: number) => (block < 0x70 ? 3 : 4);
    expect(await unknown({ count: since })).toEqual({ state: "unsure" });
    const forgotten = (block: number) => (block < 0x70 ? undefined : 4);
    expect(await unknown({ count: forgotten })).toEqual({ state: "unsure" });
    expect(await unknown({ count: forgotten }, { accountNonce: 3 })).toEqual({ state: "unsure" });
    expect(await unknown({ count: since, time: claim.until })).toEqual({ state: "open" });
  });

  test("is a lie where its number was taken before it was signed, and nothing is searched for that", async () => {
    expect(await unknown({ count: () => 4 }, { accountNonce: 3 })).toMatchObject({ code: "PAYMENT_MISMATCH" });
  });

  test("stays open while nobody may search for what came instead", async () => {
    const chain = chainOf({ ...late, count: (block) => (block < 0x70 ? 3 : 4) });
    const of = { ...byTransaction, asset, accountNonce: 3 };
    const { signal } = new AbortController();
    expect(await verifyPayment(chain, of, signal, chain, () => false)).toEqual({ state: "open" });
  });
});

test("one relay alone makes nothing final, and nonsense is refused", async () => {
  const honest = chainOf({ mined: false });
  const liar = chainOf(paid);
  const chain: Chain = {
    network: honest.network,
    rpc: {
      request: liar.rpc.request,
      requestAt: (endpoint, ...rest) => (endpoint.operator === "liar" ? liar : honest).rpc.requestAt(endpoint, ...rest),
      endpoints: () => ["honest", "liar"].map((operator) => ({ url: operator, operator })),
    },
  };
  const { signal } = new AbortController();
  await expect(verifyPayment(chain, claim, signal)).rejects.toMatchObject({ code: "QUORUM_FAILED" });
  const mad: Chain = { ...honest, rpc: { ...honest.rpc, request: async () => ({ logs: "many" }) } };
  await expect(verifyPayment(mad, byTransaction, signal)).rejects.toMatchObject({ code: "CHAIN_REJECTED" });
});
