import { describe, expect, test } from "vitest";
import { openFurtherChains } from "../../src/chain/furtherChains.ts";
import type { FurtherChain } from "../../src/types/chains.ts";

const token = { token: `0x${"Ab".repeat(20)}`, symbol: "TOK", name: "Token", decimals: 6 } as const;
const good: FurtherChain = {
  ...{ chainId: 137, name: "Second", coin: { name: "Coin", symbol: "SEC", decimals: 18 } },
  rpc: [{ url: "https://one.example/rpc" }, { url: "http://127.0.0.1:8545", operator: "me" }],
  ...{ explorer: "https://look.example/", finality: "finalized", tokens: [token] },
};
const open = (...all: unknown[]) => openFurtherChains(all, 7586);

describe("chains that a program names", () => {
  test("are opened: operators are hosts unless named, tokens in lower case", () => {
    const [chain] = open(good);
    expect(chain?.network).toEqual({ chainId: 137, name: "Second" });
    expect(chain?.rpc.endpoints()).toEqual([
      { url: "https://one.example/rpc", operator: "one.example" },
      { url: "http://127.0.0.1:8545", operator: "me" },
    ]);
    expect(chain?.further).toMatchObject({
      coin: { token: `0x${"0".repeat(40)}`, symbol: "SEC" },
      tokens: [{ token: `0x${"ab".repeat(20)}` }],
      ...{ explorer: "https://look.example", finality: "finalized" },
    });
    expect(open()).toEqual([]);
  });

  test("without the network's own, which its relays describe", () => {
    expect(open({ ...good, chainId: 7586 }, good).map(({ network }) => network.chainId)).toEqual([137]);
  });

  test.each<[string, unknown]>([
    ["no list", "137"],
    ["no number", { ...good, chainId: "137" }],
    ["no name", { ...good, name: " " }],
    ["a long name", { ...good, name: "x".repeat(200) }],
    ["no node", { ...good, rpc: [] }],
    ["too many nodes", { ...good, rpc: Array(9).fill(good.rpc[0]) }],
    ["plain http", { ...good, rpc: [{ url: "http://one.example" }] }],
    ["no address", { ...good, rpc: [{ url: "one.example" }] }],
    ["a password", { ...good, rpc: [{ url: "https://me:secret@one.example" }] }],
    ["a script for an explorer", { ...good, explorer: "javascript:alert(1)" }],
    ["no finality", { ...good, finality: "soon" }],
    ["no confirmations", { ...good, finality: { confirmations: 0 } }],
    ["the coin as a token", { ...good, tokens: [{ ...token, token: `0x${"0".repeat(40)}` }] }],
    ["a token twice", { ...good, tokens: [token, { ...token, token: token.token.toLowerCase() }] }],
    ["too many decimals", { ...good, tokens: [{ ...token, decimals: 78 }] }],
    ["something unknown", { ...good, trusted: true }],
  ])("are refused with %s", (_, chain) => {
    expect(() => open(chain)).toThrowError(expect.objectContaining({ code: "CHAINS_INVALID" }));
  });

  test("are refused twice, and too many of them, and anything but a list; no secret is repeated", () => {
    expect(() => open(good, good)).toThrowError(expect.objectContaining({ code: "CHAINS_INVALID" }));
    const many = Array.from({ length: 17 }, (_, at) => ({ ...good, chainId: at + 1 }));
    expect(() => open(...many)).toThrowError(expect.objectContaining({ code: "CHAINS_INVALID" }));
    expect(() => openFurtherChains({ 137: good }, 7586)).toThrowError(
      expect.objectContaining({ code: "CHAINS_INVALID" }),
    );
    const secret = { ...good, rpc: [{ url: "https://me:secret@one.example" }] };
    expect(() => open(secret)).toThrowError(
      expect.not.objectContaining({ message: expect.stringContaining("secret") }),
    );
  });
});
