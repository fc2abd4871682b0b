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

/** A core whose relays tell these facts, and the spans that were asked for. */
function world(head: number, relays: Record<string, Fact[] | "nonsense">) {
  const asked = new Set<string>();
  let requests = 0;
  const endpoints = Object.keys(relays).map((url) => ({ url, operator: url }));
  const requestAt = async ({ url }: { url: string }, method: string, params: unknown[]) => {
    requests++;
    if (method === "eth_blockNumber") return numberToHex(head);
    if (method === "eth_getBlockByNumber") return { number: params[0], timestamp: "0x1" };
    const [filter] = params as [{ fromBlock: Hex; toBlock: Hex }];
    const [from, to] = [Number(filter.fromBlock), Number(filter.toBlock)];
    asked.add(`${from}-${to}`);
    const facts = relays[url];
    if (facts === "nonsense") return "nonsense";
    return (facts ?? []).filter(({ block }) => block >= from && block <= to).map(logOf);
  };
  const core = {
    signal: new AbortController().signal,
    chain: {
      network: { contracts: { redPackets: zero } },
      rpc: {
        endpoints: () => endpoints,
        request: (method: string, params: unknown[]) => requestAt(endpoints[0] as never, method, params),
        requestAt,
      },
    },
  } as unknown as Core;
  return { core, asked: () => [...asked], requests: () => requests };
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
  expect(asked()).toEqual([]);
});

test("reads from the packet's block on, as far as needed, at most 10,000 blocks at once, and never the same twice", async () => {
  const { core, asked, requests } = world(90_000, { one: truth, two: truth });
  expect(await readShares(core, at, now)).toEqual(shares);
  expect(asked()).toEqual(["100-10099", "10100-20099", "20100-30099"]);
  const before = requests();
  expect(await readShares(core, at, now)).toEqual(shares);
  expect(requests()).toBe(before);
});

const swapped: Fact[] = [
  { block: 101, claim: [12, 1] },
  { block: 25_000, claim: [11, 2] },
  { block: 25_001, paid: [[12], [60]] },
];
test.each<[string, Fact[] | "nonsense"]>([
  ["leaves a claim out", truth.slice(1)],
  ["leaves a payment out", truth.slice(0, 2)],
  ["tells of another amount", [...truth.slice(0, 2), { block: 25_001, paid: [[11], [61]] }]],
  ["tells of somebody else's payment", [...truth.slice(0, 2), { block: 25_001, paid: [[13], [60]] }]],
  ["says somebody else was first and luckier", swapped],
  ["talks nonsense", "nonsense"],
])("does not believe a relay that %s", async (_, lies) => {
  const { core } = world(30_000, { liar: lies, honest: truth, other: truth });
  expect(await readShares(core, at, now)).toEqual(shares);
});

test("two relays that disagree tell nothing", async () => {
  const { core } = world(30_000, { liar: swapped, honest: truth });
  await expect(readShares(core, at, now)).rejects.toMatchObject({ code: "QUORUM_FAILED" });
});

test("a packet whose claims are far away is looked through step by step, never the same blocks twice", async () => {
  const far = 1_200_000;
  const { core, asked, requests } = world(far + 50_000, {
    one: truth.map((fact) => ({ ...fact, block: fact.block + far })),
  });
  const read = () => readShares(core, at, now).catch(() => undefined);
  expect(await read()).toMatchObject(shares.map(({ place }) => ({ place })));
  expect(asked()).toHaveLength(123);
  // Twice the newest block.
  expect(requests()).toBe(123 + 2 * 2);
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
