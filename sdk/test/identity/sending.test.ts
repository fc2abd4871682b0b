import { keccak256 } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterEach, expect, test, vi } from "vitest";
import { createLocalWallet, newWalletKey } from "../../src/identity/localWallet.ts";
import { wasNotSent } from "../../src/identity/wallet.ts";
import { withSending } from "../../src/identity/withSending.ts";
import type { TransactionRequest } from "../../src/types/client.ts";
import type { Hex } from "../../src/types/primitives.ts";
import { rpcAnswer } from "../support/rpcAnswer.ts";

const hash = /^0x[0-9a-f]{64}$/;
const answers: Record<string, unknown> = {
  ...{
    eth_blockNumber: "0x1",
    eth_chainId: "0x2",
    eth_getTransactionCount: "0x0",
    eth_estimateGas: "0x5208",
    eth_gasPrice: "0x1",
  },
  ...{ eth_getBlockByNumber: { hash: `0x${"1".repeat(64)}` }, eth_sendRawTransaction: `0x${"7".repeat(64)}` },
  ...{ eth_getTransactionReceipt: null, eth_getTransactionByHash: null },
};
/** Of a node that says no to one method. */
const node = (refused?: string, message = "insufficient funds for gas * price + value: balance 0") =>
  vi.stubGlobal("fetch", async (_: string, init: { body: string }) => {
    const { method } = JSON.parse(init.body) as { method: string };
    if (method !== refused) return rpcAnswer(init, { result: answers[method] });
    return rpcAnswer(init, { error: { code: -32000, message } });
  });
/** Those of earlier tests are still followed: what is counted goes to a node of its own. */
const ownUrl = (test: string) => `https://${test}.example/rpc`;
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

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** What becomes of one that is sent to both, however long that takes. */
async function sendToBoth() {
  vi.useFakeTimers();
  const sent = send(["https://one.example/", "https://two.example/"]);
  await vi.advanceTimersByTimeAsync(40_000);
  vi.useRealTimers();
  return sent;
}

test("what a node cannot take for want of funds was not sent, and is said to be that", async () => {
  node();
  expect(await send()).toMatch(hash);
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
      expect(await sendToBoth()).toMatch(hash);
    }
});

test("what nobody says anything certain of is in doubt, and is named", async () => {
  // Another one of this wallet's may have that number.
  twoNodes("cut", "nonce too low");
  const failed = await sendToBoth();
  expect(failed).toMatchObject({ code: "WALLET_SEND_UNSURE", values: { hash: expect.stringMatching(hash), nonce: 0 } });
  expect(wasNotSent(failed)).toBe(false);
  vi.stubGlobal("fetch", async (_: string, init: { body: string }) => {
    const { method } = JSON.parse(init.body) as { method: string };
    if (method === "eth_sendRawTransaction") throw new TypeError("fetch failed");
    return rpcAnswer(init, { result: answers[method] });
  });
  expect(await sendToBoth()).toMatchObject({ code: "WALLET_SEND_UNSURE" });
});

test("what a node took before it said that it took too long was sent, and is not sent anew", async () => {
  for (const [status, code] of [
    [200, -32002],
    [200, -32603],
    [504, -32000],
  ] as const) {
    const url = ownUrl(`slow-${status}${code}`);
    const kept: Hex[] = [];
    vi.stubGlobal("fetch", async (asked: string, init: { body: string }) => {
      const { id, method, params } = JSON.parse(init.body) as { id: number; method: string; params: [Hex] };
      if (asked !== url || method !== "eth_sendRawTransaction") return rpcAnswer(init, { result: answers[method] });
      if (kept.includes(params[0])) return rpcAnswer(init, { error: { code: -32000, message: "already known" } });
      kept.push(params[0]);
      const error = { code, message: "request timed out", data: "after 10 s" };
      return Response.json({ jsonrpc: "2.0", id, error }, { status });
    });
    const sent = await createLocalWallet(newWalletKey(), url).sendTransaction?.(request);
    expect(sent).toBe(keccak256(kept[0] as Hex));
    expect(kept).toHaveLength(1);
  }
});

test("what a node says without a word that it will not have it is in doubt, soon", async () => {
  node("eth_sendRawTransaction", "something went wrong");
  const failed = await sendToBoth();
  expect(failed).toMatchObject({ code: "WALLET_SEND_UNSURE" });
  expect(wasNotSent(failed)).toBe(false);
});

test.each([
  "intrinsic gas too low",
  "Intrinsic gas exceeds gas limit",
  "Upfront cost exceeds account balance",
  "Gas price below configured minimum gas price",
  "Nonce too distant from current sender nonce",
  "Wrong chainId",
  "max fee per gas less than block base fee",
  "txpool is full",
  "Invalid signature",
])("what a node refuses with “%s” was not sent", async (words) => {
  node("eth_sendRawTransaction", words);
  expect(wasNotSent(await send())).toBe(true);
});

test("what a node has already without that is an equal one from before: this one was not sent", async () => {
  node("eth_sendRawTransaction", "already known");
  const failed = await send();
  expect(failed).toMatchObject({ code: "CHAIN_REJECTED" });
  expect(wasNotSent(failed)).toBe(true);
  for (const turned of [429, "busy", "other chain"] as const) {
    twoNodes(turned, "already known");
    expect(await send(["https://one.example/", "https://two.example/"])).toMatchObject({ code: "CHAIN_REJECTED" });
  }
});

test("of a certain number, the very bytes that a node has already are sent", async () => {
  node("eth_sendRawTransaction", "already known");
  expect(
    await createLocalWallet(newWalletKey(), "https://home.example/rpc").sendTransaction?.({ ...request, nonce: 0 }),
  ).toMatch(hash);
});

test("what each node that was asked refused was not sent", async () => {
  node("eth_estimateGas", "execution reverted");
  expect(wasNotSent(await send())).toBe(true);
  node("eth_getTransactionCount", "too many requests");
  expect(wasNotSent(await send())).toBe(true);
  node("eth_sendRawTransaction", "too many requests");
  expect(wasNotSent(await send())).toBe(true);
});

test("a relay that turns one away is asked again; where it does all along, nothing was sent and the number is the next one's", async () => {
  for (const { isBusy, status } of [
    { isBusy: true, status: 200 },
    { isBusy: false, status: 429 },
  ]) {
    let turnedAway = 3;
    const raws: Hex[] = [];
    vi.stubGlobal("fetch", async (url: string, init: { body: string }) => {
      const { method, params } = JSON.parse(init.body) as { method: string; params: [Hex] };
      if (url !== ownUrl("busy") || method !== "eth_sendRawTransaction")
        return rpcAnswer(init, { result: answers[method] });
      raws.push(params[0]);
      if (turnedAway-- <= 0) return rpcAnswer(init, { result: answers[method] });
      return isBusy ? rpcAnswer(init, { error: { code: -32005, message: "busy" } }) : new Response("no", { status });
    });
    vi.useFakeTimers();
    const wallet = createLocalWallet(newWalletKey(), ownUrl("busy"));
    const sent = wallet.sendTransaction?.(request);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await sent).toBe(keccak256(raws[0] as Hex));
    expect(new Set(raws).size).toBe(1);
    turnedAway = Number.POSITIVE_INFINITY;
    const onSigned = vi.fn();
    const lost = wallet.sendTransaction?.({ ...request, onSigned }).catch((error) => error);
    await vi.advanceTimersByTimeAsync(40_000);
    const failed = await lost;
    expect([failed.code, wasNotSent(failed)]).toEqual(["CHAIN_UNREACHABLE", true]);
    expect(onSigned).toHaveBeenCalledWith({ hash: expect.stringMatching(hash), nonce: 1 });
    // Not sent again either.
    const count = raws.length;
    await vi.advanceTimersByTimeAsync(1500);
    expect(raws.slice(count).filter((raw) => raw === raws.at(count - 1))).toEqual([]);
    vi.useRealTimers();
  }
});

test("hash and number are told before a node has anything; where that is not taken, nothing is sent", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string, init: { body: string }) => {
    const { method } = JSON.parse(init.body) as { method: string };
    if (url === ownUrl("told")) asked.push(method);
    return rpcAnswer(init, { result: answers[method] });
  });
  const wallet = createLocalWallet(newWalletKey(), ownUrl("told"));
  const onSigned = () => Promise.reject(new Error("not kept"));
  const failed = await wallet.sendTransaction?.({ ...request, onSigned }).catch((error) => error);
  expect(wasNotSent(failed)).toBe(true);
  const controller = new AbortController();
  const giveUp = { ...request, signal: controller.signal, onSigned: () => controller.abort() };
  const givenUp = await wallet.sendTransaction?.(giveUp).catch((error) => error);
  expect([givenUp.code, wasNotSent(givenUp)]).toEqual(["ABORTED", true]);
  expect(asked).not.toContain("eth_sendRawTransaction");
});

test("another act is refused a number that one of this wallet's has, unless it names that", async () => {
  node();
  const wallet = createLocalWallet(newWalletKey(), "https://home.example/rpc");
  const first = (await wallet.sendTransaction?.(request)) as Hex;
  const other = { ...request, value: 2n, nonce: 0 };
  const failed = await wallet.sendTransaction?.(other).catch((error) => error);
  expect([failed.code, wasNotSent(failed)]).toEqual(["WALLET_NONCE_USED", true]);
  expect(await wallet.sendTransaction?.({ ...request, nonce: 0 })).toBe(first);
  expect(await wallet.sendTransaction?.({ ...other, replaces: first })).not.toBe(first);
});

test("a signer that never answers holds its number for a minute; what it signs later is not sent", async () => {
  vi.useFakeTimers();
  node();
  const account = privateKeyToAccount(newWalletKey());
  let answer = () => {};
  const slow = { ...account, signTransaction: vi.fn(account.signTransaction) };
  slow.signTransaction.mockImplementationOnce(async (...args) => {
    await new Promise<void>((resolve) => (answer = resolve));
    return account.signTransaction(...args);
  });
  const sending = vi.spyOn(globalThis, "fetch");
  const wallet = withSending(slow, ownUrl("slow"));
  const first = wallet.sendTransaction?.(request).catch((error) => error);
  await vi.advanceTimersByTimeAsync(61_000);
  const failed = await first;
  expect([failed.code, wasNotSent(failed)]).toEqual(["WALLET_FAILED", true]);
  answer();
  await vi.advanceTimersByTimeAsync(0);
  expect(
    sending.mock.calls.filter(([url, init]) => url === ownUrl("slow") && String(init?.body).includes("eth_sendRaw")),
  ).toEqual([]);
  const onSigned = vi.fn();
  await wallet.sendTransaction?.({ ...request, onSigned });
  expect(onSigned).toHaveBeenCalledWith({ hash: expect.stringMatching(hash), nonce: 0 });
});

test("of thousands asked at once most are refused before a node is asked for anything", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string, init: { body: string }) => {
    if (url === ownUrl("thousands")) asked.push((JSON.parse(init.body) as { method: string }).method);
    return new Promise(() => undefined);
  });
  const wallet = createLocalWallet(newWalletKey(), ownUrl("thousands"));
  const refused: unknown[] = [];
  for (let count = 0; count < 5000; count++)
    wallet.sendTransaction?.(request).catch((error) => wasNotSent(error) && refused.push(error.code));
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(refused).toEqual(Array.from({ length: 3500 }, () => "WALLET_QUEUE_FULL"));
  expect(asked.length).toBe(2);
});

test("two chains of one number have each its own count", async () => {
  const wallet = (url: string, key: Hex) => createLocalWallet(key, url);
  vi.stubGlobal("fetch", async (url: string, init: { body: string }) => {
    const { method } = JSON.parse(init.body) as { method: string };
    const other = { eth_getBlockByNumber: { hash: `0x${"2".repeat(64)}` }, eth_getTransactionCount: "0x5" };
    return rpcAnswer(init, { result: { ...answers, ...(url.includes("other") ? other : {}) }[method] });
  });
  const key = newWalletKey();
  const numbers: number[] = [];
  const onSigned = ({ nonce }: { nonce: number }) => void numbers.push(nonce);
  await wallet("https://home.example/rpc", key).sendTransaction?.({ ...request, onSigned });
  await wallet("https://other.example/rpc", key).sendTransaction?.({ ...request, onSigned });
  await wallet("https://home.example/two", key).sendTransaction?.({ ...request, onSigned });
  expect(numbers).toEqual([0, 5, 1]);
});

test("a device that falls asleep while it hands something over gives it to no node once it wakes up", async () => {
  for (const when of ["between two nodes", "in the pause"]) {
    vi.useFakeTimers();
    const sleep = () => vi.setSystemTime(Date.now() + 2 * 3_600_000);
    const asked: string[] = [];
    const urls = [ownUrl(`sleep-one-${when.length}`), ownUrl(`sleep-two-${when.length}`)].slice(
      0,
      when === "in the pause" ? 1 : 2,
    );
    vi.stubGlobal("fetch", async (url: string, init: { body: string }) => {
      const { method } = JSON.parse(init.body) as { method: string };
      // An earlier test's wallet may still be sending.
      if (method !== "eth_sendRawTransaction" || !urls.includes(url))
        return rpcAnswer(init, { result: answers[method] });
      asked.push(url);
      if (when === "between two nodes") sleep();
      throw new TypeError("fetch failed");
    });
    const sending = send(urls);
    await vi.advanceTimersByTimeAsync(400);
    if (when === "in the pause") sleep();
    await vi.advanceTimersByTimeAsync(500);
    expect(await sending).toMatchObject({ code: "WALLET_SEND_UNSURE" });
    expect(asked).toEqual([urls[0]]);
    vi.useRealTimers();
  }
});

test.each([
  ["a clock that is set back a little ends nothing", -1],
  ["nodes that take long to fail keep no other from its turn", 31_000],
])("%s", async (_, passed) => {
  vi.useFakeTimers();
  const urls = [ownUrl(`pass-one${passed}`), ownUrl(`pass-two${passed}`)].slice(0, passed < 0 ? 1 : 2);
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string, init: { body: string }) => {
    const { method } = JSON.parse(init.body) as { method: string };
    if (method !== "eth_sendRawTransaction" || !urls.includes(url)) return rpcAnswer(init, { result: answers[method] });
    asked.push(url);
    if (asked.length > 1) return rpcAnswer(init, { result: answers[method] });
    vi.setSystemTime(Date.now() + passed);
    throw new TypeError("fetch failed");
  });
  const sending = send(urls);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await sending).toMatch(hash);
  // What is followed afterwards may be sent again.
  expect(asked.slice(0, 2)).toEqual([urls[0], urls.at(-1)]);
});

test("what the device slept over before any node had it is not sent", async () => {
  vi.useFakeTimers();
  let asked = 0;
  vi.stubGlobal("fetch", async (_: string, init: { body: string }) => {
    const { method } = JSON.parse(init.body) as { method: string };
    if (method === "eth_sendRawTransaction") asked++;
    return rpcAnswer(init, { result: answers[method] });
  });
  const onSigned = () => void vi.setSystemTime(Date.now() + 2 * 3_600_000);
  const sending = createLocalWallet(newWalletKey(), ownUrl("slept"))
    .sendTransaction?.({ ...request, onSigned })
    .catch((error) => error);
  await vi.advanceTimersByTimeAsync(1000);
  expect(wasNotSent(await sending)).toBe(true);
  expect(asked).toBe(0);
});

test("a number that something else has, as a node says, is not the next one's", async () => {
  for (const words of ["nonce too low", "Replacement transaction underpriced", "Known transaction"]) {
    let [refusals, count] = [1, "0x0"];
    vi.stubGlobal("fetch", async (url: string, init: { body: string }) => {
      const { method } = JSON.parse(init.body) as { method: string };
      if (url === ownUrl(`taken-${words.length}`) && method === "eth_sendRawTransaction" && refusals-- > 0)
        return rpcAnswer(init, { error: { code: -32000, message: words } });
      return rpcAnswer(init, { result: method === "eth_getTransactionCount" ? count : answers[method] });
    });
    const wallet = createLocalWallet(newWalletKey(), ownUrl(`taken-${words.length}`));
    const numbers: number[] = [];
    const pay = () =>
      wallet
        .sendTransaction?.({ ...request, onSigned: ({ nonce }) => void numbers.push(nonce) })
        .catch((error) => error);
    const outcomes = await Promise.all([pay(), pay()]);
    expect(outcomes.filter(wasNotSent)).toHaveLength(1);
    const third = pay();
    // This node is a block behind the one that said so.
    await new Promise((resolve) => setTimeout(resolve, 100));
    count = "0x1";
    expect(await third).toMatch(hash);
    expect(numbers).toEqual([0, 1, 2]);
  }
});
