import { encodeErrorResult, type Hex } from "viem";
import { expect, test } from "vitest";
import type { Chain } from "../../src/chain/chain.ts";
import { RpcError } from "../../src/chain/rpc.ts";
import { submit } from "../../src/chain/submit.ts";
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
  const receipt = await submit(chainOf({ status: "0x0", why: poor }, [went, went]), call);
  expect(receipt).toMatchObject({ blockNumber: 51n });
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
