import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";
import type { Hex } from "viem";
import { expect, it, onTestFinished } from "vitest";
import { extraDataOf } from "../../../scripts/chain/qbft/extraData.ts";
import { nodeName, type QbftNode } from "../../../scripts/chain/qbft/network.ts";
import { clockOffset } from "../../../scripts/chain/qbft/watch/clock.ts";
import { diagnose, type Finding } from "../../../scripts/chain/qbft/watch/diagnose.ts";
import { observe } from "../../../scripts/chain/qbft/watch/observe.ts";
import { outsideAddresses } from "../../../scripts/chain/qbft/watch/outside.ts";
import { report } from "../../../scripts/chain/qbft/watch/report.ts";
import { summarise } from "../../../scripts/chain/qbft/watch/summary.ts";
import { type Answers, addressesOf, type FakeNode, fakeNode, networkOf } from "./support.ts";

/** Seconds since 1970 of the fake chain's block 100. */
const HEAD_TIME = 1_800_000_000;
const hex = (number: number): Hex => `0x${number.toString(16)}`;
const hash = (byte: string): Hex => `0x${byte.repeat(32)}`;

const header = (number: number, round: number, genesis: Hex) => ({
  number: hex(number),
  hash: number === 0 ? genesis : hash("bb"),
  timestamp: hex(number === 0 ? 0 : HEAD_TIME - (100 - number)),
  // The proposer is named as the beneficiary; they take turns.
  miner: addressesOf(4)[number % 4],
  extraData: extraDataOf(addressesOf(4)).replace(/c080c0$/, `c0${round === 0 ? "80" : `0${round}`}c0`),
});

/** A fake of a healthy validator of a chain of four, at block 100. */
const validator = (over: Answers = {}): Answers => ({
  eth_blockNumber: () => hex(100),
  eth_getBlockByNumber: ([number]) => header(Number(number), 0, hash("aa")),
  eth_chainId: () => hex(7587),
  net_peerCount: () => hex(4),
  eth_gasPrice: () => "0x0",
  eth_maxPriorityFeePerGas: () => "0x0",
  qbft_getValidatorsByBlockNumber: () => addressesOf(4),
  txpool_besuStatistics: () => ({ maxSize: 4096, localCount: 2, remoteCount: 3 }),
  rpc_modules: () => ({ eth: "1.0", net: "1.0", web3: "1.0", qbft: "1.0", admin: "1.0", txpool: "1.0" }),
  ...over,
});
const rpcNode = (over: Answers = {}): Answers => {
  const { qbft_getValidatorsByBlockNumber, txpool_besuStatistics, ...open } = validator();
  return { ...open, rpc_modules: () => ({ eth: "1.0", net: "1.0", web3: "1.0" }), ...over };
};

interface Setting {
  /** Answers by node; null: it does not run. */
  nodes?: Record<string, Answers | null>;
  hosts?: Record<string, string[]>;
  outside?: string[];
  secondsLater?: number;
  clockOffsetMs?: number;
  /** Host name under which this test asks the nodes. */
  askedAs?: string;
}

async function look({
  nodes = {},
  hosts = {},
  outside = [],
  secondsLater = 1,
  clockOffsetMs,
  askedAs = "127.0.0.1",
}: Setting = {}) {
  const network = networkOf(4, 1);
  const fakes = new Map<string, FakeNode>();
  for (const node of network.nodes) {
    const name = nodeName(node);
    const answers = name in nodes ? nodes[name] : node.role === "validator" ? validator() : rpcNode();
    if (answers) fakes.set(name, await fakeNode(answers, hosts[name]));
  }
  // Port 1 is nobody's: the node is down.
  const urlOf = (node: QbftNode) => `http://${askedAs}:${fakes.get(nodeName(node))?.port ?? 1}`;
  const views = await observe(network, { urlOf, outside, timeoutMs: 60_000 });
  const now = (HEAD_TIME + secondsLater) * 1_000;
  return { network, views, now, findings: diagnose({ network, views, now, clockOffsetMs }) };
}

const codes = (findings: Finding[]): string[] => findings.map(({ code }) => code);

it("finds nothing wrong with a healthy network", async () => {
  expect((await look({ clockOffsetMs: 120 })).findings).toEqual([]);
});

it("says which validators are missing when too few answer", async () => {
  const { findings } = await look({ nodes: { "validator-2": null, "validator-3": null }, secondsLater: 900 });
  expect(codes(findings)).toEqual(["no-quorum"]);
  expect(findings[0]?.what).toBe("2 of 4 validators answer; 3 are needed (not answering: validator-2, validator-3).");
  expect(findings[0]?.todo).toContain("npm run chain -- up");
});

it("is content with one validator of four missing", async () => {
  expect((await look({ nodes: { "validator-2": null } })).findings).toEqual([]);
});

it("recognises round timers that grew during an outage", async () => {
  const { findings } = await look({ secondsLater: 600 });
  expect(codes(findings)).toEqual(["round-timeouts"]);
  expect(findings[0]?.what).toContain("the newest block (100) is 600 s old");
  expect(findings[0]?.todo).toContain("npm run chain -- restart-all");
});

it.each([
  [501, "ahead"],
  [-2_400, "behind"],
])("recognises a clock that is %i ms off", async (clockOffsetMs, way) => {
  const { findings } = await look({ clockOffsetMs });
  expect(codes(findings)).toEqual(["clock"]);
  expect(findings[0]?.what).toContain(way);
});

it("recognises a node of another chain", async () => {
  const other = validator({ eth_getBlockByNumber: ([number]) => header(Number(number), 0, hash("cc")) });
  const renumbered = validator({ eth_chainId: () => hex(1) });
  const { findings } = await look({ nodes: { "validator-2": other, "validator-3": renumbered } });
  expect(codes(findings)).toEqual(["genesis"]);
  expect(findings[0]?.what).toContain("validator-2, validator-3");
});

it("recognises a node that wants fees, and one that suggests tips", async () => {
  const nodes = {
    "validator-4": validator({ eth_gasPrice: () => hex(1_000) }),
    "rpc-1": rpcNode({ eth_maxPriorityFeePerGas: () => hex(1_000_000_000) }),
  };
  const { findings } = await look({ nodes });
  expect(codes(findings)).toEqual(["gas-price", "tip"]);
  expect(findings[0]?.what).toContain("validator-4 (1000 wei)");
  expect(findings[1]?.what).toContain("rpc-1 (1000000000 wei)");
});

it.each([
  ["IPv4", "127.0.0.1"],
  ["IPv6", "::ffff:127.0.0.1"],
])("recognises an RPC that is open to the world by %s", async (_, address) => {
  // The fakes listen on the loopback, which stands here for an address that others can reach. This one allows one name
  // only, which does not help against somebody who simply claims it.
  const { findings } = await look({
    outside: [address],
    nodes: { "validator-2": null, "validator-3": null, "validator-4": null, "rpc-1": null },
    hosts: { "validator-1": ["localhost"] },
    askedAs: "localhost",
  });
  expect(codes(findings)).toEqual(["no-quorum", "open-rpc"]);
  expect(findings[1]?.what).toContain(`The RPC of validator-1 answers at ${address}, not`);
});

it("tries every address that others may reach, of IPv4 and of IPv6, with its link where it needs one", () => {
  const info = (address: string, internal = false, scopeid = 0) =>
    ({ address, internal, family: address.includes(":") ? "IPv6" : "IPv4", scopeid }) as NetworkInterfaceInfo;
  const interfaces = {
    lo: [info("127.0.0.1", true), info("::1", true)],
    eth0: [info("203.0.113.5"), info("2001:db8::5"), info("fe80::5", false, 2)],
    none: undefined,
  };
  expect(outsideAddresses(interfaces, "linux")).toEqual(["203.0.113.5", "2001:db8::5", "fe80::5%eth0"]);
  expect(outsideAddresses(interfaces, "win32").at(-1)).toBe("fe80::5%2");
});

it("recognises an RPC node with powerful APIs, and nodes that answer for any host name", async () => {
  const { findings } = await look({
    nodes: { "rpc-1": rpcNode({ rpc_modules: () => ({ eth: "1.0", admin: "1.0", debug: "1.0" }) }) },
    hosts: { "validator-1": ["*"] },
  });
  expect(codes(findings)).toEqual(["open-rpc", "open-rpc"]);
  expect(findings[0]?.what).toBe("The RPC node rpc-1 offers ADMIN, DEBUG.");
  expect(findings[1]?.what).toBe("Requests for any host name are answered by validator-1.");
});

it("tells for every finding what it means and what to do", async () => {
  const { findings } = await look({ secondsLater: 600, clockOffsetMs: 9_000, hosts: { "rpc-1": ["*"] } });
  expect(findings).toHaveLength(3);
  for (const { what, means, todo } of findings) for (const text of [what, means, todo]) expect(text).toMatch(/\w{3,}/);
});

it("outlives nodes that answer nonsense", async () => {
  const nonsense = ["0xzz", null, {}, [], `0x${"f".repeat(100)}`, -1, [{ address: "0x1" }]];
  for (const value of nonsense) {
    const answers = Object.fromEntries(Object.keys(validator()).map((method) => [method, () => value]));
    const { views } = await look({ nodes: { "validator-1": { ...answers, eth_blockNumber: () => hex(100) } } });
    expect(views[0]).toMatchObject({ alive: true, blocks: [] });
  }
});

it("shows height, block time, who is missing, rounds, peers, pool and disk", async () => {
  const [lazy, other] = addressesOf(4);
  const rounds = { 99: 2, 97: 1 } as Record<number, number>;
  const { network, views, now } = await look({
    nodes: {
      "validator-1": validator({
        eth_getBlockByNumber: ([number]) => {
          const block = header(Number(number), rounds[Number(number)] ?? 0, hash("aa"));
          return block.miner === lazy ? { ...block, miner: other } : block;
        },
      }),
      "validator-3": null,
    },
  });
  const disk = { used: new Map([["validator-1", 2_500_000_000]]), free: 40_000_000_000 };
  expect(report(network, views, summarise(network, views, now), disk)).toEqual([
    "height         100 (1 s ago)",
    "block time     1.0 s",
    "validators     3 of 4 answer, 3 must agree",
    "not answering  validator-3",
    "no proposals   validator-1",
    "round changes  3 in the last 17 blocks",
    "pool           5 transactions",
    "disk left      40.00 GB",
    "",
    "node              height  peers      disk",
    "validator-1          100      4   2.50 GB",
    "validator-2          100      4         ?",
    "validator-3         down      -         ?",
    "validator-4          100      4         ?",
    "rpc-1                100      4         ?",
  ]);
});

/**
 * A fake of a time server (SNTP) whose clock is ahead of ours by so much. With `spoil` it sends an answer spoilt by it
 * first, with quite another time.
 */
async function fakeTimeServer(aheadMs: number, spoil?: (answer: Buffer) => void): Promise<number> {
  const server = createSocket("udp4");
  const answerTo = (question: Buffer, ahead: number): Buffer => {
    const answer = Buffer.alloc(48);
    answer[0] = 0x24;
    answer[1] = 2;
    question.copy(answer, 24, 40, 48);
    const seconds = (Date.now() + ahead) / 1_000 + 2_208_988_800;
    for (const at of [32, 40]) {
      answer.writeUInt32BE(Math.floor(seconds) % 2 ** 32, at);
      answer.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32), at + 4);
    }
    return answer;
  };
  server.on("message", (question, from) => {
    const good = answerTo(question, aheadMs);
    if (!spoil) return void server.send(good, from.port, from.address);
    const bad = answerTo(question, 600_000);
    spoil(bad);
    server.send(bad, from.port, from.address, () => server.send(good, from.port, from.address));
  });
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Half the way there and back is what one question cannot know. */
const TOLERANCE_MS = 10_000;

it.each([
  [-60_000, 60_000],
  [60_000, -60_000],
])("measures the clock against a time server that is %i ms ahead", async (ahead, offset) => {
  const measured = (await clockOffset("127.0.0.1", await fakeTimeServer(ahead), 60_000)) ?? 0;
  expect(Math.abs(measured - offset)).toBeLessThan(TOLERANCE_MS);
});

it.each([
  ["to another question", (answer: Buffer) => answer.fill(7, 24, 32)],
  ["of a server that is not synchronised itself", (answer: Buffer) => answer.fill(0, 1, 2)],
  ["of another client", (answer: Buffer) => answer.fill(0x23, 0, 1)],
])("does not believe an answer %s, and waits for the right one", async (_, spoil) => {
  const measured = (await clockOffset("127.0.0.1", await fakeTimeServer(60_000, spoil), 60_000)) ?? 0;
  expect(Math.abs(measured + 60_000)).toBeLessThan(TOLERANCE_MS);
});

it("knows nothing of the clock when the time server cannot be found", async () => {
  expect(await clockOffset("nowhere.invalid", 123, 60_000)).toBeUndefined();
});
