import { encodeAbiParameters, encodeEventTopics, type Hex, numberToHex } from "viem";
import { afterEach, expect, test, vi } from "vitest";
import { readSubmissions } from "../../src/agreements/readSubmissions.ts";
import type { Chain } from "../../src/chain/chain.ts";
import { escrowAbi } from "../../src/generated/index.ts";
import type { Address } from "../../src/types/primitives.ts";
import { fakeTime, settled } from "../support/settled.ts";

afterEach(() => vi.useRealTimers());

const escrow: Address = `0x${"e5".padStart(40, "0")}`;
const hash = (digit: string): Hex => `0x${digit.repeat(64)}`;

type Filter = { address: Address; topics: Hex[]; fromBlock: Hex; toBlock: Hex };

/** Two operators of a chain with a block every two seconds, and what was handed in. `lies`: the second one leaves the last out. */
function chainOf(head: number, handed: { index: number; evidence: Hex; block: number }[], lies = false) {
  const asked: Filter[] = [];
  const answer = (operator: string, method: string, [first]: [unknown]) => {
    if (method === "eth_blockNumber") return numberToHex(head);
    if (method === "eth_getBlockByNumber") return { number: first, timestamp: numberToHex(2 * Number(first)) };
    const { address, topics, fromBlock, toBlock } = first as Filter;
    asked.push(first as Filter);
    const logs = handed.map(({ index, evidence, block }, at) => ({
      ...{ address, blockNumber: numberToHex(block), transactionHash: hash("9"), logIndex: numberToHex(at) },
      topics: encodeEventTopics({ abi: escrowAbi, eventName: "MilestoneSubmitted", args: { index: BigInt(index) } }),
      data: encodeAbiParameters([{ type: "bytes32" }], [evidence]),
    }));
    const found = logs.filter(
      (log) =>
        log.topics.every((topic, at) => topic === topics[at]) &&
        Number(log.blockNumber) >= Number(fromBlock) &&
        Number(log.blockNumber) <= Number(toBlock),
    );
    return lies && operator === "two" ? found.slice(0, -1) : found;
  };
  const rpc = {
    endpoints: () => ["one", "two"].map((operator) => ({ url: operator, operator })),
    request: async (method: string, params: [unknown]) => answer("one", method, params),
    requestAt: async ({ operator }: { operator: string }, method: string, params: [unknown]) =>
      answer(operator, method, params),
  };
  return { chain: { rpc } as unknown as Chain, asked };
}

test("what was handed in for a milestone by then, and for no other one or later", async () => {
  const { chain, asked } = chainOf(50_000, [
    { index: 1, evidence: hash("0"), block: 10_000 },
    { index: 1, evidence: hash("1"), block: 10_001 },
    { index: 0, evidence: hash("2"), block: 15_000 },
    { index: 1, evidence: hash("3"), block: 20_000 },
    { index: 1, evidence: hash("4"), block: 20_001 },
  ]);
  expect(await readSubmissions(chain, escrow, 1, { until: 40_000 })).toEqual([hash("1"), hash("3")]);
  // No more than a relay looks through at once.
  for (const { address, fromBlock, toBlock } of asked)
    expect([address, Number(fromBlock), Number(toBlock)]).toEqual([escrow, 10_001, 20_000]);
});

test("on a young chain it is looked for from the first block to the newest", async () => {
  const { chain, asked } = chainOf(7, [{ index: 0, evidence: hash("1"), block: 7 }]);
  expect(await readSubmissions(chain, escrow, 0, { until: 4_000 })).toEqual([hash("1")]);
  expect(asked[0]).toMatchObject({ fromBlock: "0x0", toBlock: "0x7" });
});

test("one operator cannot leave anything out", async () => {
  const { chain } = chainOf(7, [{ index: 0, evidence: hash("1"), block: 7 }], true);
  fakeTime();
  const found = settled(readSubmissions(chain, escrow, 0, { until: 4_000 }));
  await expect(found).rejects.toMatchObject({ code: "QUORUM_FAILED" });
});
