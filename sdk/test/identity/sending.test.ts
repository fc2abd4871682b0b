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
const request: TransactionRequest = { to: `0x${"b".repeat(40)}`, data: "0x", value: 1n, chainId: 2 };
/** Of two nodes that know what there is to know: the first one fails at sending as told, or is of another chain; the second refuses. */
const twoNodes = (first: "cut" | "no node" | "busy" | "other chain" | number, message: string) =>
  vi.stubGlobal("fetch", async (url: string, init: { body: string }) => {
    const { method } = JSON.parse(init.body) as { method: string };
    const isFirst = url.includes("one");
    if (isFirst && first === "other chain") return rpcAnswer(init, { result: "0x9" });
    if (method !== "eth_sendRawTransaction") return rpcAnswer(init, { result: answers[method] });
    if (!isFirst) return rpcAnswer(init, { error: { code: -32000, message } });
    if (first === "cut") throw new TypeError("fetch failed");
    if (typeof first === "number") return new Response("no", { status: first });
    const busy = { code: -32005, message: "too many requests" };
    return rpcAnswer(init, {
      error: first === "busy" ? busy : { code: -32603, message: "The chain node does not answer" },
    });
  });
const send = async (rpcUrls = ["https://two.example/"]) =>
  createLocalWallet(newWalletKey(), "https://home.example/rpc")
    .sendTransaction?.({ ...request, chain: { id: 2, name: "Two", rpcUrls } })
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

test("what a node has already, because another one's answer was lost, was sent: its hash is told", async () => {
  for (const words of ["transaction already imported", "already known", "Known transaction"])
    for (const lost of ["cut", 503, "no node"] as const) {
      twoNodes(lost, words);
      expect(await send(["https://one.example/", "https://two.example/"])).toMatch(/^0x[0-9a-f]{64}$/);
    }
  // Another one of this wallet's may have that number.
  twoNodes("cut", "nonce too low");
  const failed = await send(["https://one.example/", "https://two.example/"]);
  expect(failed).toMatchObject({ code: "CHAIN_REJECTED" });
  expect(wasNotSent(failed)).toBe(false);
});

test("what a node has already without that is an equal one from before: nobody is told that this one was sent", async () => {
  node("eth_sendRawTransaction", "already known");
  expect(await send()).toMatchObject({ code: "CHAIN_REJECTED" });
  for (const turned of [429, "busy", "other chain"] as const) {
    twoNodes(turned, "already known");
    expect(await send(["https://one.example/", "https://two.example/"])).toMatchObject({ code: "CHAIN_REJECTED" });
  }
});

test("what failed before it was handed to a node was not sent; afterwards it may have been", async () => {
  node("eth_estimateGas", "execution reverted");
  expect(wasNotSent(await send())).toBe(true);
  node("eth_getTransactionCount", "too many requests");
  expect(wasNotSent(await send())).toBe(true);
  node("eth_sendRawTransaction", "too many requests");
  expect(wasNotSent(await send())).toBe(false);
});
