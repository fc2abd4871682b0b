import { encodeErrorResult, type Hex } from "viem";
import { afterEach, expect, test, vi } from "vitest";
import type { Chain } from "../../src/chain/chain.ts";
import { RpcError } from "../../src/chain/rpc.ts";
import { submit } from "../../src/chain/submit.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { skmAbi } from "../../src/generated/index.ts";
import type { Address } from "../../src/types/primitives.ts";

const to: Address = `0x${"2".repeat(40)}`;
const from: Address = `0x${"1".repeat(40)}`;
const args = [from, 1n, 2n] as const;
const poor = new RpcError(
  3,
  "reverted",
  encodeErrorResult({ abi: skmAbi, errorName: "ERC20InsufficientBalance", args }),
);
const spent = new RpcError(
  3,
  "reverted",
  encodeErrorResult({ abi: skmAbi, errorName: "ERC3009NonceUsed", args: [from, `0x${"0".repeat(64)}`] }),
);
const call = {
  to,
  data: "0x" as Hex,
  abi: skmAbi,
  rejections: { ERC20InsufficientBalance: "AMOUNT_OVER_BALANCE" as const },
};

interface Word {
  status?: "0x0" | "0x1";
  /** Why it is refused. */
  why?: RpcError;
}

/** A chain of which the first relay is asked alone; the others say how it was when two are asked. */
function chainOf(first: Word, others: Word[], rounds: { left: number } = { left: 0 }) {
  const answer = ({ status, why }: Word, method: string) => {
    if (method === "eth_getTransactionReceipt") return status ? { status, blockNumber: "0x33", logs: [] } : null;
    if (method === "eth_call" && why) throw why;
    return "0x";
  };
  const words = [first, ...others];
  return {
    network: { chainId: 1 },
    rpc: {
      endpoints: () => words.map((_, at) => ({ url: String(at), operator: String(at) })),
      request: async (method: string) => answer(first, method),
      requestAt: async ({ url }: { url: string }, method: string) => {
        // They are behind, for so many questions.
        const isBehind = method === "eth_getTransactionReceipt" && url !== "0" && rounds.left-- > 0;
        return answer(isBehind ? {} : (words[Number(url)] as Word), method);
      },
    },
  } as unknown as Chain;
}

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The relay that chance picks is the second one. */
const pickSecond = () => vi.spyOn(Math, "random").mockReturnValue(0);

/** A chain whose relays answer as told. @param said by whom (the first is asked alone), what, and how often before */
function tellingChain(relays: number, said: (relay: number, method: string, before: number) => unknown): Chain {
  const counts = new Map<string, number>();
  const tell = async (relay: number, method: string) => {
    const before = counts.get(`${relay} ${method}`) ?? 0;
    counts.set(`${relay} ${method}`, before + 1);
    const answer = said(relay, method, before);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return {
    network: { chainId: 1 },
    rpc: {
      endpoints: () => Array.from({ length: relays }, (_, at) => ({ url: String(at), operator: String(at) })),
      request: (method: string) => tell(0, method),
      requestAt: ({ url }: { url: string }, method: string) => tell(Number(url), method),
    },
  } as unknown as Chain;
}

/** With time that passes as fast as anybody waits for it. */
async function quickly<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  let isOver = false;
  const done = work().finally(() => {
    isOver = true;
  });
  done.catch(() => undefined);
  for (; !isOver; await new Promise((resolve) => setImmediate(resolve))) await vi.advanceTimersByTimeAsync(100);
  return done;
}

const receipt = { status: "0x1", blockNumber: "0x33", logs: [] };

test.each(["transaction already imported", "already known", "Known transaction", "Nonce too low"])(
  "a node that has it already and says %j is no refusal, however long the chain stands still",
  async (words) => {
    const known = new RpcError(-32000, words, undefined);
    const chain = tellingChain(1, (_, method, before) => {
      if (method === "eth_sendRawTransaction") return before === 0 ? "0x" : known;
      return before < 300 ? null : receipt;
    });
    expect(await quickly(() => submit(chain, call))).toMatchObject({ blockNumber: 51n });
  },
);

test("one relay's refusal to take it is none, when others do; when nobody does, it is", async () => {
  const refused = new RpcError(-32000, "invalid chain id for signer", undefined);
  const taken = new Set<number>();
  const some = tellingChain(3, (relay, method) => {
    if (method !== "eth_sendRawTransaction") return taken.size > 0 ? receipt : null;
    if (relay === 0) return refused;
    taken.add(relay);
    return "0x";
  });
  expect(await submit(some, call)).toMatchObject({ blockNumber: 51n });
  const none = tellingChain(3, (_, method) => (method === "eth_sendRawTransaction" ? refused : null));
  await expect(quickly(() => submit(none, call))).rejects.toMatchObject({ code: "CHAIN_REJECTED" });
});

test("one relay's refusal is none while the others are silent; it is asked once each time, and no more than five others", async () => {
  const refused = new RpcError(-32000, "gas price below the minimum", undefined);
  const silent = (relays: number) =>
    tellingChain(relays, (relay, method, before) => {
      if (method !== "eth_sendRawTransaction") return before < 200 ? null : receipt;
      return relay === 0 ? refused : new SkrumbleError("CHAIN_UNREACHABLE");
    });
  expect(await quickly(() => submit(silent(3), call))).toMatchObject({ blockNumber: 51n });
  await expect(quickly(() => submit(silent(1), call))).rejects.toMatchObject({ code: "CHAIN_REJECTED" });
  const asked: number[] = [];
  const many = tellingChain(9, (relay, method) => {
    if (method !== "eth_sendRawTransaction") return asked.length > 0 ? receipt : null;
    asked.push(relay);
    return Object.assign(new RpcError(-32000, "no", undefined), { operator: String(relay) });
  });
  await quickly(() => submit(many, call));
  expect(asked).toHaveLength(6);
  expect(new Set(asked).size).toBe(6);
});

test("whoever is asked first may have stopped to follow the chain: others know of it", async () => {
  const chain = tellingChain(3, (relay, method) => {
    if (method === "eth_sendRawTransaction") return "0x";
    return relay === 0 ? null : receipt;
  });
  expect(await quickly(() => submit(chain, call))).toMatchObject({ blockNumber: 51n });
});

test("nodes that refuse to say whether it is in a block, or to take it again, end nothing", async () => {
  const refused = new RpcError(-32000, "unknown transaction type", undefined);
  const silent = tellingChain(3, (relay, method, before) => {
    if (method === "eth_sendRawTransaction") return "0x";
    return relay > 0 || before < 20 ? refused : receipt;
  });
  expect(await quickly(() => submit(silent, call))).toMatchObject({ blockNumber: 51n });
  const again = tellingChain(3, (relay, method, before) => {
    if (method === "eth_sendRawTransaction") return relay === 0 && before === 0 ? "0x" : refused;
    return relay > 0 || before < 200 ? null : receipt;
  });
  expect(await quickly(() => submit(again, call))).toMatchObject({ blockNumber: 51n });
});

test("a relay of chance cannot make up that it went through; of two, one has to do", async () => {
  pickSecond();
  const lying = (relays: number) =>
    tellingChain(relays, (relay, method) => {
      if (method === "eth_sendRawTransaction") return "0x";
      return relay === 1 ? receipt : null;
    });
  await expect(quickly(() => submit(lying(4), call))).rejects.toMatchObject({ code: "CHAIN_STALLED" });
  expect(await quickly(() => submit(lying(2), call))).toMatchObject({ blockNumber: 51n });
});

test("a relay that hangs keeps nobody from what another one knows", async () => {
  pickSecond();
  const hanging = () => new Promise((resolve) => setTimeout(resolve, 5000, null));
  const took = async (hangs: (relay: number) => boolean, minedAfter: number) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const from = Date.now();
    const chain = tellingChain(3, (relay, method) => {
      if (method === "eth_sendRawTransaction") return relay > 0 && hangs(relay) ? hanging() : "0x";
      if (hangs(relay)) return hanging();
      return Date.now() - from < minedAfter ? null : receipt;
    });
    await quickly(() => submit(chain, call));
    return Date.now() - from;
  };
  expect(await took((relay) => relay > 0, 4000)).toBeLessThan(6000);
  // As long as no other one was given it, nobody else can be asked.
  expect(await took((relay) => relay === 0, 0)).toBeLessThan(6000);
});

test("two operators say that it failed, and why", async () => {
  const failed = { status: "0x0", why: poor } as const;
  await expect(submit(chainOf(failed, [failed]), call)).rejects.toMatchObject({ code: "AMOUNT_OVER_BALANCE" });
  await expect(submit(chainOf(failed, [failed, {}]), call)).rejects.toMatchObject({ code: "AMOUNT_OVER_BALANCE" });
  await expect(submit(chainOf({ status: "0x0" }, [{ status: "0x0" }]), call)).rejects.toMatchObject({
    code: "CHAIN_REJECTED",
  });
});

test("one relay's word that it failed is none: where two others say that it went through, it did", async () => {
  const went = { status: "0x1" } as const;
  const mined = await submit(chainOf({ status: "0x0", why: poor }, [went, went]), call);
  expect(mined).toMatchObject({ blockNumber: 51n });
});

test("one that nobody else knows of is waited for, as long as there is time", async () => {
  const alone = chainOf({ status: "0x0", why: poor }, [{}, {}]);
  await expect(submit(alone, call, { timeout: 500 })).rejects.toMatchObject({ code: "CHAIN_STALLED" });
  const differs = chainOf({ status: "0x0", why: poor }, [{ status: "0x1" }]);
  await expect(submit(differs, call, { timeout: 500 })).rejects.toMatchObject({
    code: "CHAIN_STALLED",
    cause: { code: "QUORUM_FAILED" },
  });
});

test("relays that are a block behind say it later", async () => {
  const failed = { status: "0x0", why: poor } as const;
  const chain = chainOf(failed, [failed, failed], { left: 2 });
  await expect(submit(chain, call)).rejects.toMatchObject({ code: "AMOUNT_OVER_BALANCE" });
});

test("one relay's reason is no reason", async () => {
  const status = "0x0";
  const chain = chainOf({ status, why: poor }, [
    { status, why: spent },
    { status, why: spent },
  ]);
  await expect(submit(chain, call)).rejects.toMatchObject({ code: "CHAIN_REJECTED", details: "ERC3009NonceUsed" });
});
