import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createNodes } from "../../src/identity/accountNodes.ts";
import { createLocalWallet, newWalletKey } from "../../src/identity/localWallet.ts";
import { wasNotSent } from "../../src/identity/wallet.ts";
import { rpcAnswer } from "../support/rpcAnswer.ts";

/** Which chain an account's nodes are of: by what several of them say, where there are several. */

type Said = string | "away" | "hangs" | null;
const [right, wrong] = [`0x${"11".repeat(32)}`, `0x${"66".repeat(32)}`];
const urlOf = (name: string) => `https://${name}.example/`;

let said: Record<string, Said>;
let asked: string[];
beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", async (url: string, init: { body: string; signal?: AbortSignal }) => {
    const { method } = JSON.parse(init.body) as { method: string };
    const name = new URL(url).hostname.replace(".example", "");
    const hash = said[name] ?? null;
    if (method === "eth_chainId") return rpcAnswer(init, { result: "0x2" });
    asked.push(name);
    if (hash === "away") throw new TypeError("fetch failed");
    if (hash === "hangs") return new Promise<never>(() => undefined);
    return rpcAnswer(init, { result: hash && { hash } });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const nodes = (all: Record<string, Said>) => {
  said = all;
  return createNodes(Object.keys(all).map(urlOf), 2);
};

test.each<[string, Record<string, Said>]>([
  ["lies first", { one: wrong, two: right, three: right }],
  ["lies last", { one: right, two: right, three: wrong }],
  ["lies where another one is away", { one: wrong, two: "away", three: right, four: right }],
  ["lies where another one hangs", { one: wrong, two: "hangs", three: right, four: right }],
  ["has no first block", { one: null, two: right, three: right }],
])("a node that %s does not decide", async (_, all) => {
  expect(await nodes(all).identify()).toEqual({ id: 2, genesis: right });
});

test("of two that contradict each other neither is believed, and both are asked again", async () => {
  const two = nodes({ one: wrong, two: right });
  await expect(two.identify()).rejects.toMatchObject({ code: "QUORUM_FAILED" });
  said = { one: right, two: right };
  expect(await two.identify()).toEqual({ id: 2, genesis: right });
});

test("several addresses of one host are one word", async () => {
  said = { one: wrong, two: right };
  const three = createNodes([urlOf("one"), `${urlOf("one")}rpc`, urlOf("two")], 2);
  await expect(three.identify()).rejects.toMatchObject({ code: "QUORUM_FAILED" });
});

test("while the others do not answer, one node's word does for a minute; what two agree on holds", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const two = nodes({ one: wrong, two: "away" });
  expect(await two.identify()).toEqual({ id: 2, genesis: wrong });
  said = { one: right, two: right };
  expect(await two.identify()).toEqual({ id: 2, genesis: wrong });
  vi.setSystemTime(Date.now() + 60_001);
  expect(await two.identify()).toEqual({ id: 2, genesis: right });
  asked.length = 0;
  vi.setSystemTime(Date.now() + 86_400_000);
  expect(await two.identify()).toEqual({ id: 2, genesis: right });
  expect(asked).toEqual([]);
});

test("a single node's word has to do, and is asked for once", async () => {
  const one = nodes({ one: wrong });
  const all = await Promise.all([one.identify(), one.identify()]);
  expect(all).toEqual([
    { id: 2, genesis: wrong },
    { id: 2, genesis: wrong },
  ]);
  expect([asked, await one.identify()]).toEqual([["one"], all[0]]);
});

test.each<[string, Record<string, Said>]>([
  ["away", { one: "away", two: "away" }],
  ["without a first block", { one: null, two: "0x1" }],
])("nodes that are %s identify nothing", async (_, all) => {
  await expect(nodes(all).identify()).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
});

test("at most eight are asked", async () => {
  await nodes(
    Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`n${at}`, at === 0 ? right : null])),
  ).identify();
  expect(asked).toHaveLength(8);
});

test("nothing is signed or sent where nodes contradict each other about which chain it is", async () => {
  said = { one: wrong, two: right };
  const onSigned = vi.fn();
  const chain = { id: 2, name: "Two", rpcUrls: ["one", "two"].map(urlOf) };
  const request = { to: `0x${"b".repeat(40)}`, data: "0x", value: 1n, chainId: 2, chain, onSigned } as const;
  const wallet = createLocalWallet(newWalletKey(), "https://home.example/rpc");
  const failed = await wallet.sendTransaction?.(request).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: "QUORUM_FAILED" });
  expect([wasNotSent(failed), onSigned.mock.calls]).toEqual([true, []]);
});
