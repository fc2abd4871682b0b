import { encodeAbiParameters, encodeEventTopics, getAddress, type Hex, numberToHex, pad } from "viem";
import { expect, test } from "vitest";
import type { PacketRecord } from "../../src/chain/actions/readPacket.ts";
import type { Core } from "../../src/client/core.ts";
import { redPacketsAbi } from "../../src/generated/index.ts";
import { readShares } from "../../src/packets/readShares.ts";

const zero = "0x0000000000000000000000000000000000000000";
const walletOf = (id: number) => getAddress(pad(numberToHex(id), { size: 20 }));

interface Fact {
  block: number;
  claim?: [identityId: number, place: number];
  paid?: [identityIds: number[], amounts: number[]];
}

function logOf({ block, claim, paid }: Fact) {
  const abi = redPacketsAbi;
  const blockNumber = numberToHex(block);
  if (claim) {
    const args = { packetId: 7n, identityId: BigInt(claim[0]) };
    const topics = encodeEventTopics({ abi, eventName: "PacketClaimed", args });
    const data = encodeAbiParameters(
      [{ type: "address" }, { type: "uint256" }],
      [walletOf(claim[0]), BigInt(claim[1])],
    );
    return { blockNumber, topics, data };
  }
  const [ids, amounts] = (paid ?? [[], []]).map((list) => list.map(BigInt)) as [bigint[], bigint[]];
  const topics = encodeEventTopics({ abi, eventName: "PacketPaid", args: { packetId: 7n } });
  return {
    blockNumber,
    topics,
    data: encodeAbiParameters([{ type: "uint64[]" }, { type: "uint256[]" }], [ids, amounts]),
  };
}

/** A core whose relays tell these facts, and what they were asked. */
function world(head: number, relays: Record<string, Fact[] | "nonsense">) {
  const asked: [string, number, number][] = [];
  const endpoints = Object.keys(relays).map((url) => ({ url, operator: url }));
  const core = {
    signal: new AbortController().signal,
    chain: {
      network: { contracts: { redPackets: zero } },
      rpc: {
        endpoints: () => endpoints,
        request: async () => numberToHex(head),
        async requestAt({ url }: { url: string }, _: string, [filter]: [{ fromBlock: Hex; toBlock: Hex }]) {
          const [from, to] = [Number(filter.fromBlock), Number(filter.toBlock)];
          asked.push([url, from, to]);
          const facts = relays[url];
          if (facts === "nonsense") return "nonsense";
          return (facts ?? []).filter(({ block }) => block >= from && block <= to).map(logOf);
        },
      },
    },
  } as unknown as Core;
  return { core, asked };
}

const record = (over: Partial<PacketRecord>): PacketRecord => ({
  ...{ creator: zero, token: zero, key: zero, chainHead: "0x01", lucky: true },
  ...{ total: 100n, left: 100n, expiresAt: 0, shares: 5, issued: 0, paid: 0 },
  ...over,
});
const at = { packetId: 7, block: 100 };
const truth: Fact[] = [
  { block: 101, claim: [11, 1] },
  { block: 25_000, claim: [12, 2] },
  { block: 25_001, paid: [[11], [60]] },
];
const now = record({ issued: 2, paid: 1, left: 40n });
const shares = [
  { identityId: 11n, recipient: walletOf(11), place: 1, block: 101n, amount: 60n },
  { identityId: 12n, recipient: walletOf(12), place: 2, block: 25_000n },
];

test("nobody is asked about a packet that nobody opened", async () => {
  const { core, asked } = world(200, { one: [] });
  expect(await readShares(core, at, record({}))).toEqual([]);
  expect(asked).toEqual([]);
});

test("reads from the packet's block on, as far as needed, at most 10,000 blocks at once, and never the same twice", async () => {
  const { core, asked } = world(90_000, { one: truth });
  expect(await readShares(core, at, now)).toEqual(shares);
  expect(asked).toEqual([
    ["one", 100, 10_099],
    ["one", 10_100, 20_099],
    ["one", 20_100, 30_099],
  ]);
  expect(await readShares(core, at, now)).toEqual(shares);
  expect(asked).toHaveLength(3);
});

test.each<[string, Fact[] | "nonsense"]>([
  ["leaves a claim out", truth.slice(1)],
  ["leaves a payment out", truth.slice(0, 2)],
  ["tells of another amount", [...truth.slice(0, 2), { block: 25_001, paid: [[11], [61]] }]],
  ["tells of somebody else's payment", [...truth.slice(0, 2), { block: 25_001, paid: [[13], [60]] }]],
  ["talks nonsense", "nonsense"],
])("does not believe a relay that %s", async (_, lies) => {
  const { core } = world(30_000, { liar: lies, honest: truth });
  expect(await readShares(core, at, now)).toEqual(shares);
  await expect(readShares(world(30_000, { liar: lies }).core, at, now)).rejects.toMatchObject({
    code: "QUORUM_FAILED",
  });
});

test("what happened since the record was read is not told yet", async () => {
  const later: Fact[] = [...truth, { block: 25_002, claim: [13, 3] }, { block: 25_003, paid: [[12], [10]] }];
  const { core } = world(30_000, { one: later });
  expect(await readShares(core, at, now)).toEqual(shares);
  const next = record({ issued: 3, paid: 2, left: 30n });
  expect((await readShares(core, at, next)).map(({ amount }) => amount)).toEqual([60n, 10n, undefined]);
});

test("after a refund the amounts are those of the events", async () => {
  const { core } = world(30_000, { one: truth.filter(({ claim }) => claim?.[0] !== 12) });
  const refunded = record({ issued: 1, paid: 1, left: 0n });
  expect(await readShares(core, at, refunded)).toEqual(shares.slice(0, 1));
});
