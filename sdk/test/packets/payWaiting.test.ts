import {
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  type Hex,
  numberToHex,
  parseTransaction,
} from "viem";
import { expect, test } from "vitest";
import type { PacketRecord } from "../../src/chain/actions/readPacket.ts";
import type { Core } from "../../src/client/core.ts";
import { redPacketsAbi as abi } from "../../src/generated/index.ts";
import { linkAt, newSecret } from "../../src/packets/hashChain.ts";
import { payWaiting } from "../../src/packets/payWaiting.ts";

const zero = "0x0000000000000000000000000000000000000000";
const made = { secret: newSecret(), shares: 5 };
const at = { packetId: 7, block: 100 };
const packet: PacketRecord = {
  ...{ creator: zero, token: zero, key: zero, chainHead: "0x01", lucky: true },
  ...{ total: 100n, left: 100n, expiresAt: 0, shares: 5, issued: 2, paid: 0 },
};
/** Blocks in which identities 11 and 12 took the first two shares. */
const blocks = [110, 112];

interface Known {
  /** Newest block. */
  head: number;
  /** How many of the shares it knows. */
  shares: number;
}

/** A core with one relay of each operator, and the calls that it sent. */
function world(head: number, operators: Known[]) {
  const sent: ReturnType<typeof decodeFunctionData<typeof abi>>[] = [];
  const endpoints = operators.map((_, i) => ({ url: String(i), operator: String(i) }));
  const claims = blocks.map((block, i) => ({
    blockNumber: numberToHex(block),
    topics: encodeEventTopics({ abi, eventName: "PacketClaimed", args: { packetId: 7n, identityId: BigInt(11 + i) } }),
    data: encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [zero, BigInt(1 + i)]),
  }));
  const core = {
    signal: new AbortController().signal,
    chain: {
      network: { chainId: 1, contracts: { redPackets: zero } },
      rpc: {
        endpoints: () => endpoints,
        async request(method: string, params: unknown[]) {
          if (method === "eth_blockNumber") return numberToHex(head);
          if (method === "eth_getTransactionReceipt") return { status: "0x1", blockNumber: numberToHex(head + 1) };
          sent.push(decodeFunctionData({ abi, data: parseTransaction((params as [Hex])[0]).data as Hex }));
          return zero;
        },
        async requestAt({ url }: { url: string }, method: string, [first]: [unknown]) {
          const known = operators[Number(url)] as Known;
          if (method === "eth_getLogs") return claims;
          if (method === "eth_blockNumber") return numberToHex(known.head);
          if (method === "eth_getBlockByNumber")
            return Number(first) <= known.head ? { number: first, timestamp: "0x1" } : null;
          const { args } = decodeFunctionData({ abi, data: (first as { data: Hex }).data });
          const place = Number(args?.[1]) - 10;
          const ticket = { recipient: zero, blockNumber: blocks[place - 1] as number, ordinal: place } as const;
          const none = { recipient: zero, blockNumber: 0, ordinal: 0 } as const;
          return encodeFunctionResult({ abi, functionName: "ticket", result: place <= known.shares ? ticket : none });
        },
      },
    },
  } as unknown as Core;
  return { core, sent };
}

const agreed = (head: number): [number, Known[]] => [head, Array.from({ length: 2 }, () => ({ head, shares: 2 }))];

test("draws those whose next block is there with one link, the last one's", async () => {
  const { core, sent } = world(...agreed(113));
  await payWaiting(core, at, packet, made);
  expect(sent).toEqual([{ functionName: "draw", args: [7n, linkAt(made.secret, 5, 2), [11n, 12n]] }]);
});

test("leaves a share for the next time whose next block is not there", async () => {
  const { core, sent } = world(...agreed(112));
  await payWaiting(core, at, packet, made);
  expect(sent).toEqual([{ functionName: "draw", args: [7n, linkAt(made.secret, 5, 1), [11n]] }]);
});

test("shows no link on the word of one operator about a share or a block", async () => {
  const noShare = world(113, [
    { head: 113, shares: 2 },
    { head: 113, shares: 1 },
  ]);
  await expect(payWaiting(noShare.core, at, packet, made)).rejects.toMatchObject({ code: "QUORUM_FAILED" });
  expect(noShare.sent).toEqual([]);
  const noBlock = world(113, [
    { head: 112, shares: 2 },
    { head: 112, shares: 2 },
  ]);
  await payWaiting(noBlock.core, at, packet, made);
  expect(noBlock.sent).toEqual([]);
});

test("settles what waited too long, whoever made it, and all that waits once luck is over", async () => {
  const settled = [{ functionName: "settle", args: [7n, [11n, 12n]] }];
  for (const [head, record] of [
    [311, packet],
    [113, { ...packet, lucky: false }],
  ] as const) {
    const { core, sent } = world(...agreed(head));
    await payWaiting(core, at, record, made);
    expect(sent).toEqual(settled);
  }
  const late = world(...agreed(311));
  await payWaiting(late.core, at, packet);
  expect(late.sent).toEqual(settled);
});

test("whoever only waits sends nothing while the creator can still draw", async () => {
  const { core, sent } = world(...agreed(310));
  await payWaiting(core, at, packet);
  expect(sent).toEqual([]);
});
