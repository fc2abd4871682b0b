import {
  type Abi,
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  getAddress,
  type Hex,
  numberToHex,
  type PublicClient,
  parseAbi,
} from "viem";
import { expect, it } from "vitest";
import { type Count, count } from "../../scripts/rewards/count.ts";
import { readAnchors } from "../../scripts/rewards/read/anchors.ts";
import type { Schedule } from "../../scripts/rewards/tally.ts";

const address = (number: number): Address => getAddress(numberToHex(number, { size: 20 }));
const SKM = address(0xa0);
const REGISTRY = address(0xa1);
const ANCHOR = address(0xa2);
const REWARDS = address(0xa3);
const OLD = address(0xa4);
const [ALICE, BOB] = [address(1), address(2)] as const;
const deployment = {
  fromBlock: 0,
  bucket: 1,
  contracts: { skm: SKM, relayRegistry: REGISTRY, sessionAnchor: ANCHOR, operatorRewards: REWARDS },
} as Parameters<typeof count>[1];
const schedule: Schedule = {
  slotBlocks: 10,
  slotsPerPeriod: 4,
  rules: [{ fromPeriod: 0, rule: { perBlock: 5n, pot: 1_000n, yieldPerMillion: 500_000n } }],
};

const abi = parseAbi([
  "event BucketControllerChanged(uint8 indexed bucket, address indexed from, address indexed to)",
  "event RelayRegistered(uint32 indexed relayId, address indexed operator, uint256 stake)",
  "event RelayStakeAdded(uint32 indexed relayId, uint256 amount)",
  "event RelayUnbonding(uint32 indexed relayId, uint64 unbondingAt)",
  "event Anchored(uint32 indexed relayId, bytes32 indexed root, uint32 leaves)",
]);
type EventName = (typeof abi)[number]["name"];
const ROOT = numberToHex(7, { size: 32 });

function event(block: number, from: Address, eventName: EventName, args: Record<string, unknown>) {
  const { inputs } = abi.find(({ name }) => name === eventName) as {
    inputs: readonly { name: string; type: string; indexed?: boolean }[];
  };
  const plain = inputs.filter(({ indexed }) => !indexed);
  return {
    address: from,
    topics: encodeEventTopics({ abi: abi as Abi, eventName, args } as never) as Hex[],
    data: encodeAbiParameters(
      plain,
      plain.map(({ name }) => args[name]),
    ),
    blockNumber: numberToHex(block),
  };
}
const handed = (block: number, to = REWARDS, bucket = 1) =>
  event(block, SKM, "BucketControllerChanged", { bucket, from: OLD, to });
const anchored = (relayId: number, block: number) =>
  event(block, ANCHOR, "Anchored", { relayId, root: ROOT, leaves: 9 });
const registered = (relayId: number, block: number, operator: Address, stake: bigint) =>
  event(block, REGISTRY, "RelayRegistered", { relayId, operator, stake });

const hashOf = (block: number, chain: number) => numberToHex(block + chain * 1e6, { size: 32 });

/** A chain of these events whose even blocks Alice proposed and whose odd ones Bob did, nobody the first. */
function chainOf(
  head: number,
  logs: ReturnType<typeof event>[],
  { lost, chain = 0 }: { lost?: number; chain?: number } = {},
) {
  const asked: string[] = [];
  const answer = (method: string, [what]: [unknown]) => {
    if (method === "eth_blockNumber") return numberToHex(head);
    if (method === "eth_getBlockByNumber") {
      const number = Number(what);
      const miner = number === 0 ? address(0) : number % 2 === 0 ? ALICE : BOB;
      return number > head || number === lost
        ? null
        : { number: what, miner: miner.toLowerCase(), hash: hashOf(number, chain) };
    }
    const { address: of, topics, fromBlock, toBlock } = what as Record<string, string> & { topics: Hex[][] };
    asked.push(`${of} ${Number(fromBlock)}-${Number(toBlock)}`);
    return logs.filter(
      (log) =>
        log.address === of &&
        topics[0]?.includes(log.topics[0] as Hex) &&
        Number(log.blockNumber) >= Number(fromBlock) &&
        Number(log.blockNumber) <= Number(toBlock),
    );
  };
  const request = (async ({ method, params = [undefined] }: { method: string; params?: [unknown] }) =>
    answer(method, params)) as PublicClient["request"];
  return { request, asked };
}

it("counts the periods that have ended, from blocks, anchors and stakes", async () => {
  const logs = [
    handed(0),
    registered(1, 5, ALICE, 60n),
    event(8, REGISTRY, "RelayStakeAdded", { relayId: 1, amount: 40n }),
    ...[6, 12, 25, 39].map((block) => anchored(1, block)),
    event(45, REGISTRY, "RelayUnbonding", { relayId: 1, unbondingAt: 9n }),
    ...[46, 55, 85].map((block) => anchored(1, block)),
  ];
  const { tally } = await count(chainOf(90, logs), deployment, schedule);
  expect(tally.next).toBe(2);
  // Of 80 blocks nobody proposed the first.
  expect(tally.validators).toEqual(
    new Map([
      [BOB, 200n],
      [ALICE, 195n],
    ]),
  );
  // Three slots of the first period with all its 100, one of the second before it left.
  expect(tally.relays).toEqual(new Map([[ALICE, 37n + 12n]]));
});

it("begins with the period in which the bucket was handed over", async () => {
  const { tally } = await count(chainOf(119, [handed(10, OLD), handed(79)]), deployment, schedule);
  expect(tally.next).toBe(3);
  expect(tally.validators).toEqual(
    new Map([
      [ALICE, 200n],
      [BOB, 200n],
    ]),
  );
  await expect(count(chainOf(119, [handed(10, OLD)]), deployment, schedule)).rejects.toThrow("nobody earns");
  await expect(count(chainOf(119, [handed(1), handed(9, OLD), handed(50)]), deployment, schedule)).rejects.toThrow(
    "more than once",
  );
});

it("takes the hand-over of its own bucket for the beginning, not another's", async () => {
  const { tally } = await count(chainOf(119, [handed(10, REWARDS, 0), handed(79)]), deployment, schedule);
  expect(tally.next).toBe(3);
  expect(tally.validators.get(ALICE)).toBe(200n);
});

it("keeps what counts of relays that anchor junk in every block and change their stake as often", async () => {
  const every = Array.from({ length: 80 }, (_, block) => block);
  const busy = [
    handed(0),
    registered(1, 0, ALICE, 60n),
    ...every.flatMap((block) => [
      ...Array.from({ length: 50 }, () => event(block, REGISTRY, "RelayStakeAdded", { relayId: 1, amount: 0n })),
      anchored(1, block),
    ]),
  ];
  const calm = [
    handed(0),
    registered(1, 0, ALICE, 60n),
    ...every.filter((block) => block % 10 === 0).map((block) => anchored(1, block)),
  ];
  const [much, little] = [
    await count(chainOf(79, busy), deployment, schedule),
    await count(chainOf(79, calm), deployment, schedule),
  ];
  expect(much.tally).toEqual(little.tally);
  // The last change of before the second period and one for each of its four slots, of which the first replaces none.
  expect(much.relays[0]?.stakes.map(({ block }) => block)).toEqual([39, 49, 59, 69, 79]);
  const anchors = [...(await readAnchors(chainOf(79, busy), ANCHOR, { from: 0, to: 79, slotBlocks: 10 }))];
  expect(anchors).toEqual(every.filter((block) => block % 10 === 0).map((block) => ({ block, relay: 1 })));
});

it("counts a stake that changed often as one that changed once a slot", async () => {
  const often = (blocks: number[]) =>
    blocks.map((block) => event(block, REGISTRY, "RelayStakeAdded", { relayId: 1, amount: 10n }));
  const logs = [
    handed(0),
    registered(1, 0, ALICE, 10n),
    ...often([3, 4, 11, 39, 41, 42, 43]),
    ...[15, 25, 45, 55].map((block) => anchored(1, block)),
  ];
  const { tally, relays } = await count(chainOf(79, logs), deployment, schedule);
  // 30 in slot 1, 40 in slot 2; 50 in the first of the second period and 80 in its next: by half, and a quarter of each period.
  expect(tally.relays).toEqual(new Map([[ALICE, 8n + 16n]]));
  expect(relays[0]?.stakes).toEqual([
    { block: 39, stake: 50n },
    { block: 43, stake: 80n },
  ]);
});

it("does not go on with what was counted of another chain, or beyond the head", async () => {
  const before = await count(chainOf(90, [handed(0)]), deployment, schedule);
  expect(before.last).toBe(hashOf(79, 0));
  await expect(count(chainOf(120, [handed(0)], { chain: 1 }), deployment, schedule, { before })).rejects.toThrow(
    "Block 79 of the chain is not the one",
  );
  await expect(count(chainOf(60, [handed(0)]), deployment, schedule, { before })).rejects.toThrow("Block 79");
  // What says that it is far ahead is not believed either.
  const ahead = { ...before, tally: { ...before.tally, next: 1_000 }, readFrom: 40_000 };
  await expect(count(chainOf(90, [handed(0)]), deployment, schedule, { before: ahead })).rejects.toThrow("Block 39999");
});

it("does not go on where the bucket went away and came back", async () => {
  const before = await count(chainOf(90, [handed(0)]), deployment, schedule);
  const logs = [handed(0), handed(95, OLD), handed(100)];
  await expect(count(chainOf(120, logs), deployment, schedule, { before })).rejects.toThrow("more than once");
});

it("goes on from where it stopped, and comes to the same", async () => {
  const logs = [handed(0), registered(1, 5, BOB, 100n), ...[15, 50, 99].map((block) => anchored(1, block))];
  const saved: Count[] = [];
  const whole = await count(chainOf(120, logs), deployment, schedule, { save: (one) => saved.push(one) });
  expect(saved.map(({ tally }) => tally.next)).toEqual([1, 2, 3]);
  for (const before of saved) {
    const later = chainOf(120, logs);
    expect(await count(later, deployment, schedule, { before })).toEqual(whole);
    expect(later.asked.every((range) => Number(range.split(" ")[1]?.split("-")[0]) >= before.readFrom)).toBe(true);
  }
});

it("counts nothing where a block is missing", async () => {
  await expect(count(chainOf(90, [handed(0)], { lost: 33 }), deployment, schedule)).rejects.toThrow("block 33");
});

it("asks for no more blocks at once than a node looks through", async () => {
  const chain = chainOf(9_000, [handed(8_999)]);
  await count(chain, deployment, schedule);
  expect(chain.asked.filter((range) => range.startsWith(SKM))).toEqual(
    Array.from({ length: 10 }, (_, span) => `${SKM} ${span * 1_000}-${Math.min(span * 1_000 + 999, 9_000)}`),
  );
});
