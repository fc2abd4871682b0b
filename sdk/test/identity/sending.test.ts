import { afterEach, expect, test, vi } from "vitest";
import { createLocalWallet, newWalletKey } from "../../src/identity/localWallet.ts";
import { wasNotSent } from "../../src/identity/wallet.ts";
import type { TransactionRequest } from "../../src/types/client.ts";
import { rpcAnswer } from "../support/rpcAnswer.ts";

const hash = `0x${"7".repeat(64)}`;
const answers: Record<string, unknown> = {
  ...{ eth_chainId: "0x2", eth_getTransactionCount: "0x0", eth_estimateGas: "0x5208", eth_gasPrice: "0x1" },
  ...{ eth_getBlockByNumber: {}, eth_sendRawTransaction: hash },
};
/** Of a node that says no to one method. */
const node = (refused?: string, message = "insufficient funds for gas * price + value: balance 0") =>
  vi.stubGlobal("fetch", async (_: string, init: { body: string }) => {
    const { method } = JSON.parse(init.body) as { method: string };
    if (method !== refused) return rpcAnswer(init, { result: answers[method] });
    return rpcAnswer(init, { error: { code: -32000, message } });
  });
const request: TransactionRequest = {
  ...{ to: `0x${"b".repeat(40)}`, data: "0x", value: 1n, chainId: 2 },
  chain: { id: 2, name: "Two", rpcUrls: ["https://two.example/"] },
};
const send = async () =>
  createLocalWallet(newWalletKey(), "https://home.example/rpc")
    .sendTransaction?.(request)
    .catch((error: unknown) => error);

afterEach(() => vi.unstubAllGlobals());

test("what a node cannot take for want of funds was not sent, and is said to be that", async () => {
  node();
  expect(await send()).toBe(hash);
  for (const method of ["eth_estimateGas", "eth_sendRawTransaction"]) {
    node(method);
    const failed = await send();
    expect(failed).toMatchObject({ code: "GAS_OVER_BALANCE" });
    expect(wasNotSent(failed)).toBe(true);
  }
});

test("what a node has already, because its answer was lost, was sent: its hash is told", async () => {
  for (const words of ["transaction already imported", "already known", "Known transaction"]) {
    node("eth_sendRawTransaction", words);
    expect(await send()).toMatch(/^0x[0-9a-f]{64}$/);
  }
  // Another one of this wallet's may have that number.
  node("eth_sendRawTransaction", "nonce too low");
  expect(wasNotSent(await send())).toBe(false);
  expect(await send()).toMatchObject({ code: "CHAIN_REJECTED" });
});

test("what failed before it was handed to a node was not sent; afterwards it may have been", async () => {
  node("eth_estimateGas", "execution reverted");
  expect(wasNotSent(await send())).toBe(true);
  node("eth_getTransactionCount", "too many requests");
  expect(wasNotSent(await send())).toBe(true);
  node("eth_sendRawTransaction", "too many requests");
  expect(wasNotSent(await send())).toBe(false);
});
