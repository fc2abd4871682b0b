import { afterAll, beforeAll, expect, test } from "vitest";
import { rpc } from "../../../scripts/chain/rpc.ts";
import { type Chain, startChain } from "../../../scripts/chain/startChain.ts";
import { lostAnswers } from "../../../test/support/faults/lostAnswers.ts";
import { type FaultyRpc, startFaultyRpc } from "../../../test/support/faultyRpc.ts";
import { createLocalWallet, newWalletKey } from "../../src/identity/localWallet.ts";
import { wasNotSent } from "../../src/identity/wallet.ts";
import type { Address } from "../../src/types/primitives.ts";

/** One account sends hundreds at once over a real chain. */

let chain: Chain;
let node: FaultyRpc;
beforeAll(async () => {
  chain = await startChain();
  node = await startFaultyRpc(chain.rpcUrl);
});
afterAll(async () => {
  await node?.stop();
  await chain?.stop();
});

const ask = <T>(method: string, params: unknown[]) => rpc<T>(chain.rpcUrl, method, params);
const balanceOf = async (address: Address) => Number(await ask("eth_getBalance", [address, "latest"]));
const recipient = (at: number): Address => `0x${(0x1000 + at).toString(16).padStart(40, "7")}`;

test("300 transfers asked at once are each mined once, though answers are lost and the node forgets what waits", async () => {
  const count = 300;
  const wallet = createLocalWallet(newWalletKey(), node.url("one"));
  await ask("anvil_setBalance", [wallet.address, "0x186a0"]);
  const lost = node.inject(lostAnswers("eth_sendRawTransaction", 7));
  const pay = async (at: number): Promise<unknown> => {
    const request = { to: recipient(at), data: "0x", value: BigInt(at + 1), chainId: chain.chainId } as const;
    try {
      return await wallet.sendTransaction?.(request);
    } catch (error) {
      // As a program does that is told that nothing was sent.
      if (wasNotSent(error)) return pay(at);
      throw error;
    }
  };
  // Nothing is mined before the node has lost what waits.
  await ask("evm_setIntervalMining", [3600]);
  const hashes = await Promise.all(Array.from({ length: count }, (_, at) => pay(at)));
  expect(new Set(hashes).size).toBe(count);
  expect(lost.hits()).toBeGreaterThan(0);
  expect(Number(await ask("eth_getTransactionCount", [wallet.address, "pending"]))).toBe(count);
  await chain.halt();
  await chain.resume();
  const mined = async () => Number(await ask("eth_getTransactionCount", [wallet.address, "latest"]));
  while ((await mined()) < count) await new Promise((resolve) => setTimeout(resolve, 200));
  const balances = await Promise.all(Array.from({ length: count }, (_, at) => balanceOf(recipient(at))));
  expect(balances).toEqual(Array.from({ length: count }, (_, at) => at + 1));
  expect(await balanceOf(wallet.address)).toBe(100_000 - (count * (count + 1)) / 2);
  // The next one has the next number.
  await pay(count);
  while ((await mined()) < count + 1) await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await balanceOf(recipient(count))).toBe(count + 1);
});
