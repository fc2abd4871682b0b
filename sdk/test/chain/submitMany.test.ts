import {
  decodeFunctionData,
  encodeFunctionData,
  keccak256,
  numberToHex,
  parseTransaction,
  recoverTransactionAddress,
  type TransactionSerialized,
} from "viem";
import { expect, test } from "vitest";
import type { Chain } from "../../src/chain/chain.ts";
import { authorizationTypedData } from "../../src/chain/eip3009.ts";
import { submit } from "../../src/chain/submit.ts";
import { skmAbi } from "../../src/generated/index.ts";
import { createLocalWallet, newWalletKey } from "../../src/identity/localWallet.ts";
import { isSignedBy } from "../../src/identity/wallet.ts";
import type { Address, Hex } from "../../src/types/primitives.ts";
import { contractsAt } from "../support/contracts.ts";
import { bytes, poolNode } from "../support/poolNode.ts";

/** Signed acts of one account go out from a key each: none of them is in the account's share of a node's pool. */

/** About what Besu keeps of one account. */
const share = 600;
const skm: Address = `0x${"5".repeat(40)}`;

/** A chain of one node that takes at most so many of one account before they are mined. */
function pooledChain() {
  const pools = new Map<Address, ReturnType<typeof poolNode>>();
  const waiting = new Map<Hex, Hex>();
  const mined = new Map<Hex, Hex>();
  const take = async (raw: Hex): Promise<Hex> => {
    const hash = keccak256(raw);
    if (waiting.has(hash) || mined.has(hash)) return hash;
    const sender = await recoverTransactionAddress({ serializedTransaction: raw as TransactionSerialized });
    const pool = pools.get(sender) ?? poolNode("besu", 0, share);
    pools.set(sender, pool);
    await pool.source.send(bytes(parseTransaction(raw).nonce ?? 0, hash.slice(2)));
    waiting.set(hash, raw);
    return hash;
  };
  const answer = async (method: string, [first]: unknown[]): Promise<unknown> => {
    if (method === "eth_sendRawTransaction") return take(first as Hex);
    return mined.has(first as Hex) ? { status: "0x1", blockNumber: numberToHex(7), logs: [] } : null;
  };
  const endpoints = ["one", "two"].map((operator) => ({ url: operator, operator }));
  const chain = {
    network: { chainId: 1, contracts: { ...contractsAt(`0x${"1".repeat(40)}`), skm } },
    rpc: {
      endpoints: () => endpoints,
      request: answer,
      requestAt: (_: unknown, method: string, params: unknown[]) => answer(method, params),
    },
  } as unknown as Chain;
  return {
    ...{ chain, pools, waiting, mined },
    mine() {
      for (const { node } of pools.values()) node.mine();
      for (const [hash, raw] of waiting) mined.set(hash, raw);
      waiting.clear();
    },
  };
}

test("700 signed payments of one account wait for a block together, where a node keeps 600 of one", async () => {
  const count = 700;
  const { chain, pools, waiting, mined, mine } = pooledChain();
  const wallet = createLocalWallet(newWalletKey());
  const authorization = (at: number) => ({
    ...{ from: wallet.address, to: `0x${"b".repeat(40)}` as Address, value: BigInt(at + 1) },
    ...{ validBefore: 2_000_000_000n, nonce: numberToHex(at, { size: 32 }) },
  });
  const pay = async (at: number) => {
    const { from, to, value, validBefore, nonce } = authorization(at);
    const signature = await wallet.signTypedData(authorizationTypedData(chain, authorization(at)));
    const args = [from, to, value, 0n, validBefore, nonce, signature] as const;
    const data = encodeFunctionData({ abi: skmAbi, functionName: "transferWithAuthorization", args });
    return submit(chain, { to: skm, data, abi: skmAbi });
  };
  const paid = Promise.all(Array.from({ length: count }, (_, at) => pay(at)));
  await expect.poll(() => waiting.size, { timeout: 120_000 }).toBe(count);
  expect([pools.size, Math.max(...[...pools.values()].map(({ node }) => node.pool.size))]).toEqual([count, 1]);
  mine();
  expect(new Set((await paid).map(({ hash }) => hash)).size).toBe(count);
  const moved = [...mined.values()].map((raw) => {
    const { args } = decodeFunctionData({ abi: skmAbi, data: parseTransaction(raw).data as Hex });
    return args as unknown as [Address, Address, bigint, bigint, bigint, Hex, Hex];
  });
  expect(new Set(moved.map(([, , value]) => value)).size).toBe(count);
  // Whoever brings it, it is the account that has signed it.
  const [from, to, value, , validBefore, nonce, signature] = moved[0] as (typeof moved)[0];
  const typed = authorizationTypedData(chain, { from, to, value, validBefore, nonce });
  expect(await isSignedBy(typed, signature, wallet.address)).toBe(true);
});
