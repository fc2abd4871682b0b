import {
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionResult,
  erc20Abi,
  type Hex,
  stringToHex,
  zeroAddress,
} from "viem";
import { describe, expect, test } from "vitest";
import type { AnyChain, Chain } from "../../src/chain/chain.ts";
import { RpcError } from "../../src/chain/rpc.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { skmAbi } from "../../src/generated/index.ts";
import { createAssetList } from "../../src/money/assetList.ts";
import { createAssets } from "../../src/money/assets.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import type { Address } from "../../src/types/primitives.ts";
import { contractsAt } from "../support/contracts.ts";

const skm: Address = `0x${"5".repeat(40)}`;
const token: Address = `0x${"6".repeat(40)}`;
type Answers = Partial<Record<"decimals" | "symbol" | "name" | "balanceOf" | "authorizationState", Hex>>;

const number = (value: bigint) => encodeAbiParameters([{ type: "uint256" }], [value]);
const words = (text: string) => encodeAbiParameters([{ type: "string" }], [text]);
const answers: Answers = {
  ...{ decimals: number(6n), symbol: words("USD"), name: words("Dollar"), balanceOf: number(0n) },
  authorizationState: encodeFunctionResult({ abi: skmAbi, functionName: "authorizationState", result: false }),
};

function chainOf(of: (operator: string) => Answers, operators = ["one"]): Chain {
  const answer = (operator: string, params: unknown[]): Hex => {
    const { data } = (params as [{ data: Hex }])[0];
    const { functionName } = decodeFunctionData({ abi: [...erc20Abi, ...skmAbi], data });
    const found = of(operator)[functionName as keyof Answers];
    if (found === undefined) throw new RpcError(3, "execution reverted", "0x");
    return found;
  };
  return {
    network: { chainId: 1, name: "Test", contracts: contractsAt(skm) },
    rpc: {
      request: async (_, params) => answer(operators[0] as string, params),
      requestAt: async ({ operator }, _, params) => answer(operator, params),
      endpoints: () => operators.map((operator) => ({ url: `https://${operator}/rpc`, operator })),
    },
  };
}

const openAssets = async (chain: Chain, list: Parameters<typeof createAssets>[1] = async () => []) =>
  createAssets({ vault: await openVault(createMemoryStore()), chain, signal: new AbortController().signal }, list);
const read = async (change: Answers) =>
  (await openAssets(chainOf(() => ({ ...answers, ...change })))).read({ chainId: 1, token });

test("SKM and the coin are listed, and SKM moves by a signature", async () => {
  const assets = await openAssets(chainOf(() => answers));
  expect(await assets.listed()).toEqual([
    { chainId: 1, token: skm, symbol: "USD", name: "Dollar", decimals: 6, listed: true, moves: "signature" },
    { chainId: 1, token: zeroAddress, symbol: "COIN", name: "Coin", decimals: 18, listed: true, moves: "transaction" },
  ]);
  const { authorizationState: _, ...old } = answers;
  expect((await (await openAssets(chainOf(() => old))).listed())[0]).toMatchObject({ moves: "transaction" });
});

test("the coin is called what the network lists, never like the chain", async () => {
  const named = { token: zeroAddress, symbol: "GLD", name: "Gold", decimals: 18 };
  const assets = await openAssets(
    chainOf(() => answers),
    async () => [named],
  );
  const coin = { chainId: 1, token: zeroAddress };
  expect(await assets.read(coin)).toMatchObject(named);
  const local = await openAssets(chainOf(() => answers));
  expect(await local.read(coin)).toMatchObject({ symbol: "COIN", name: "Coin", decimals: 18, listed: true });
});

test("a token's words are cut and cleaned, in whichever form they come, and it is marked", async () => {
  expect(await read({})).toMatchObject({
    symbol: "USD",
    name: "Dollar",
    decimals: 6,
    listed: false,
    moves: "transaction",
  });
  const bytes32 = stringToHex("MKR", { size: 32 });
  expect(await read({ symbol: bytes32, name: bytes32 })).toMatchObject({ symbol: "MKR", name: "MKR" });
  expect(await read({ symbol: words("a\u202eb\nc".repeat(20)) })).toMatchObject({ symbol: "ab cab cab cab c" });
  expect(await read({ symbol: words("x".repeat(100_000)), name: "0x1234" })).toMatchObject({
    symbol: "0x6666…",
    name: "",
  });
  const silent = chainOf(() => ({ balanceOf: number(0n) }));
  const found = await (await openAssets(silent)).read({ chainId: 1, token });
  expect(found).toMatchObject({ symbol: "0x6666…", name: "", decimals: 0 });
  expect(await read({ decimals: number(77n) })).toMatchObject({ decimals: 77 });
});

test("what is no token is unknown", async () => {
  const unknown = { code: "ASSET_UNKNOWN" };
  await expect(read({ balanceOf: "0x" })).rejects.toMatchObject(unknown);
  await expect(read({ decimals: number(78n) })).rejects.toMatchObject(unknown);
  await expect((await openAssets(chainOf(() => ({})))).read({ chainId: 1, token })).rejects.toMatchObject(unknown);
  const assets = await openAssets(chainOf(() => answers));
  await expect(assets.read({ chainId: 2, token })).rejects.toMatchObject({ code: "CHAIN_UNKNOWN" });
  await expect(assets.read({ chainId: 1, token: "0x12" })).rejects.toMatchObject(unknown);
});

test("a relay that lies about decimals is not believed", async () => {
  const chain = chainOf((one) => (one === "liar" ? { ...answers, decimals: number(2n) } : answers), ["honest", "liar"]);
  await expect((await openAssets(chain)).read({ chainId: 1, token })).rejects.toMatchObject({ code: "QUORUM_FAILED" });
});

test("the list is what two operators say, and stays when nobody answers", async () => {
  const mine = { token, symbol: "USD", name: "Dollar", decimals: 6 };
  const fake = { ...mine, token: `0x${"7".repeat(40)}` };
  const lists: Record<string, unknown[]> = { one: [mine], two: [mine], liar: [mine, fake] };
  let time = 0;
  const vault = await openVault(createMemoryStore());
  const network = (assets: unknown[]) => ({ chainId: 1, name: "Test", contracts: contractsAt(skm), assets });
  const fetching = (async (url: string) => {
    const assets = lists[new URL(url).hostname];
    return assets ? Response.json(network(assets)) : new Response("", { status: 503 });
  }) as typeof fetch;
  const listOf = (operators: string[]) =>
    createAssetList({ vault, chain: chainOf(() => answers, operators), now: () => time }, { fetch: fetching });
  expect(await listOf(["one", "liar"])()).toEqual([]);
  expect(await listOf(["liar", "one", "two"])()).toEqual([mine]);
  time += 2 * 86_400_000;
  expect(await listOf(["away", "off"])()).toEqual([mine]);
  const assets = await openAssets(
    chainOf(() => answers),
    async () => [{ ...mine, token }],
  );
  expect(await assets.read({ chainId: 1, token })).toMatchObject({ listed: true });
});

test("a token that does not behave like one takes nothing from the list", async () => {
  const bad = `0x${"7".repeat(40)}` as Address;
  const good = chainOf(() => answers);
  const refusing: Chain["rpc"]["request"] = async (method, params) => {
    const [{ to }] = params as [{ to: Address }];
    if (to === bad) return "0x";
    return good.rpc.request(method, params);
  };
  const words = { symbol: "BAD", name: "Bad", decimals: 200 };
  const assets = await openAssets({ ...good, rpc: { ...good.rpc, request: refusing } }, async () => [
    { ...words, token: bad },
    { ...words, token },
  ]);
  expect((await assets.listed()).map((asset) => asset.token)).toEqual([skm, zeroAddress, token]);
  const gone = await openAssets(chainOf(() => ({})));
  await expect(gone.listed()).rejects.toMatchObject({ code: "ASSET_UNKNOWN" });
});

test("a further chain has its coin and the tokens that the program lists; others are read there, and marked", async () => {
  const listed: Address = `0x${"7".repeat(40)}`;
  const asked: string[] = [];
  const { rpc } = chainOf(() => answers);
  const eur = { token: listed, symbol: "EUR", name: "Euro", decimals: 6 };
  const wrong: Address = `0x${"8".repeat(40)}`;
  const on: AnyChain = {
    network: { chainId: 2, name: "Two" },
    rpc: {
      ...rpc,
      request(method, params) {
        asked.push(method);
        return rpc.request(method, params);
      },
    },
    further: {
      coin: { token: zeroAddress, symbol: "TWO", name: "Two", decimals: 9 },
      tokens: [eur, { ...eur, token: wrong, decimals: 18 }],
      finality: "instant",
    },
  };
  const { signal } = new AbortController();
  const chain = chainOf(() => answers);
  const assets = createAssets({ vault: await openVault(createMemoryStore()), chain, signal }, async () => [], [on]);
  const moves = { chainId: 2, moves: "transaction" } as const;
  expect(await assets.listed(2)).toEqual([
    { ...moves, token: zeroAddress, symbol: "TWO", name: "Two", decimals: 9, listed: true },
    { ...moves, ...eur, listed: true },
  ]);
  // It has 6 decimals there, whatever the program says.
  await expect(assets.read({ chainId: 2, token: wrong })).rejects.toMatchObject({ code: "ASSET_UNKNOWN" });
  expect(asked).not.toEqual([]);
  asked.length = 0;
  // The address of SKM is nothing special there.
  expect(await assets.read({ chainId: 2, token: skm })).toMatchObject({ ...moves, symbol: "USD", listed: false });
  expect(asked).not.toEqual([]);
  expect(await assets.listed()).toHaveLength(2);
  await expect(assets.listed(3)).rejects.toMatchObject({ code: "CHAIN_UNKNOWN" });
});

test("a node that does not want to say is not taken for a token that has no decimals", async () => {
  let busy: RpcError | undefined = new RpcError(-32016, "over rate limit", undefined);
  const good = chainOf(() => answers);
  const rpc: Chain["rpc"] = {
    ...good.rpc,
    async request(method, params) {
      const { data } = (params as [{ data: Hex }])[0];
      if (busy && decodeFunctionData({ abi: [...erc20Abi, ...skmAbi], data }).functionName === "decimals") throw busy;
      return good.rpc.request(method, params);
    },
  };
  const assets = await openAssets({ ...good, rpc });
  await expect(assets.read({ chainId: 1, token })).rejects.toMatchObject({ code: "CHAIN_REJECTED" });
  // A token that has none today may have some tomorrow: it is not written down.
  busy = new RpcError(3, "execution reverted", "0x");
  expect(await assets.read({ chainId: 1, token })).toMatchObject({ decimals: 0 });
  busy = undefined;
  expect(await assets.read({ chainId: 1, token })).toMatchObject({ decimals: 6 });
});

describe("decimals that were written down wrongly", () => {
  const usd = { symbol: "USD", name: "Dollar", decimals: 0, authorizes: true };
  const row = (chainId: number) => ({ collection: "asset", key: `${chainId} ${token}` });
  const kept = async (chain: Chain, further: AnyChain[] = []) => {
    const vault = await openVault(createMemoryStore());
    await vault.write([1, 2].map((chainId) => ({ ...row(chainId), value: usd })));
    const open = () => createAssets({ vault, chain, signal: new AbortController().signal }, async () => [], further);
    return { open, stored: (chainId = 1) => vault.get(row(chainId).collection, row(chainId).key) };
  };

  test("are corrected by what the chain says, before anybody pays by them", async () => {
    const { open, stored } = await kept(chainOf(() => answers));
    expect(await open().read({ chainId: 1, token }, { anew: true })).toMatchObject({ decimals: 6 });
    expect(await stored()).toEqual({ ...usd, decimals: 6 });
    // A card does not wait for it.
    const shown = await kept(chainOf(() => answers));
    const assets = shown.open();
    expect(await assets.read({ chainId: 1, token })).toMatchObject({ decimals: 0 });
    await expect.poll(() => shown.stored()).toEqual({ ...usd, decimals: 6 });
    expect(await assets.read({ chainId: 1, token })).toMatchObject({ decimals: 6 });
  });

  test("stay while the chain is away or two operators do not agree, and are looked at again", async () => {
    let away = true;
    const good = chainOf(
      (one) => (one === "liar" ? { ...answers, decimals: number(2n) } : answers),
      ["honest", "liar"],
    );
    const requestAt: Chain["rpc"]["requestAt"] = async (endpoint, method, params) => {
      if (away) throw new SkrumbleError("CHAIN_UNREACHABLE");
      return good.rpc.requestAt(endpoint, method, params);
    };
    const { open, stored } = await kept({ ...good, rpc: { ...good.rpc, requestAt } });
    const assets = open();
    for (const code of ["CHAIN_UNREACHABLE", "QUORUM_FAILED"]) {
      // Nobody pays by them; a card shows what there is.
      await expect(assets.read({ chainId: 1, token }, { anew: true })).rejects.toMatchObject({ code });
      expect(await assets.read({ chainId: 1, token })).toMatchObject({ decimals: 0 });
      away = false;
    }
    expect(await stored()).toEqual(usd);
  });

  test("stay where the token says none", async () => {
    const { decimals: _, ...silent } = answers;
    const { open, stored } = await kept(chainOf(() => silent));
    expect(await open().read({ chainId: 1, token }, { anew: true })).toMatchObject({ decimals: 0 });
    expect(await stored()).toEqual(usd);
  });

  test("do not hide a token that the program lists for another chain", async () => {
    const { rpc } = chainOf(() => answers);
    const coin = { token: zeroAddress, symbol: "TWO", name: "Two", decimals: 9 };
    const listed = { token, symbol: "USD", name: "Dollar", decimals: 6 };
    const on: AnyChain = {
      ...{ network: { chainId: 2, name: "Two" }, rpc },
      further: { coin, tokens: [listed], finality: "instant" },
    };
    const { open, stored } = await kept(
      chainOf(() => answers),
      [on],
    );
    expect(await open().read({ chainId: 2, token })).toMatchObject({ decimals: 6, listed: true });
    expect(await stored(2)).toEqual({ ...usd, decimals: 6 });
    expect(await stored(1)).toEqual(usd);
  });
});
