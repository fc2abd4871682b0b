import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { createNetwork } from "../../../scripts/chain/qbft/createNetwork.ts";
import { extraDataOf } from "../../../scripts/chain/qbft/extraData.ts";
import { nodeName, type QbftNetwork } from "../../../scripts/chain/qbft/network.ts";
import { hostPlace } from "../../../scripts/chain/qbft/places.ts";
import { diagnose } from "../../../scripts/chain/qbft/watch/diagnose.ts";
import { observe } from "../../../scripts/chain/qbft/watch/observe.ts";
import { unreachablePeers } from "../../../scripts/chain/qbft/watch/peerPorts.ts";
import { report } from "../../../scripts/chain/qbft/watch/report.ts";
import { isRunning, summarise } from "../../../scripts/chain/qbft/watch/summary.ts";
import { hostFolder } from "../../../scripts/chain/qbft/writeFiles.ts";
import { freePort, isFree } from "../../../scripts/lib/ports.ts";
import { starter } from "../support/starter.ts";
import { tempDir } from "../support/temp.ts";
import { fakePrograms } from "./fakePrograms.ts";
import { type Answers, addressesOf, fakeNode, networkOf } from "./support.ts";

const HEAD_TIME = 1_800_000_000;
const hex = (number: number): string => `0x${number.toString(16)}`;

/** Four validators on four hosts and an RPC node on the first; this is the first's folder. */
function spread(): QbftNetwork {
  const network = networkOf(4, 1);
  const nodes = network.nodes.map((node, at) => ({
    ...node,
    // Loopback addresses stand for hosts of their own.
    at: { host: `127.0.0.${1 + (at % 4)}`, p2pPort: 30_303 + Math.floor(at / 4) },
  }));
  return { ...network, nodes, here: "127.0.0.1" };
}

/** A fake of a node of a chain at block 100 on which validator-3 proposes nothing. */
const node = (over: Answers = {}): Answers => ({
  eth_blockNumber: () => hex(100),
  eth_getBlockByNumber: ([number]) => {
    const turn = Number(number) % 4;
    return {
      number: hex(Number(number)),
      hash: `0x${"bb".repeat(32)}`,
      timestamp: hex(HEAD_TIME - (100 - Number(number))),
      miner: addressesOf(4)[turn === 2 ? 3 : turn],
      extraData: extraDataOf(addressesOf(4)),
    };
  },
  eth_chainId: () => hex(7587),
  net_peerCount: () => hex(3),
  ...over,
});

async function look(answers: Record<string, Answers | null> = {}, secondsLater = 1) {
  const network = spread();
  const urls = new Map<number, string>();
  for (const [at, name] of [
    [0, "validator-1"],
    [4, "rpc-1"],
  ] as const) {
    const given = name in answers ? answers[name] : node();
    urls.set(at, given ? (await fakeNode(given)).url : "http://127.0.0.1:1");
  }
  const urlOf = (one: QbftNetwork["nodes"][number]) => urls.get(network.nodes.indexOf(one)) as string;
  const views = await observe(network, { urlOf, outside: [], timeoutMs: 60_000 });
  const now = (HEAD_TIME + secondsLater) * 1_000;
  return { network, views, now, summary: summarise(network, views, now) };
}

it("reads from the headers whose proposals are missing, and asks nobody else's loopback", async () => {
  const { network, views, summary } = await look();
  expect(views).toHaveLength(2);
  const lines = report(network, views, summary, { used: new Map(), free: 40_000_000_000 });
  expect(lines.slice(0, 6)).toEqual([
    "height         100 (1 s ago)",
    "block time     1.0 s",
    "validators     1 of 1 here answer, 3 of 4 must agree",
    "not answering  none",
    "no proposals   validator-3",
    "round changes  0 in the last 17 blocks",
  ]);
  expect(isRunning(network, views, summary)).toBe(true);
});

it("is not content when a node of its own is down, or blocks do not come", async () => {
  const down = await look({ "rpc-1": null });
  expect(isRunning(down.network, down.views, down.summary)).toBe(false);
  const still = await look({}, 600);
  expect(isRunning(still.network, still.views, still.summary)).toBe(false);
});

it("finds nothing wrong with a host whose nodes run", async () => {
  const { network, views, now } = await look();
  expect(diagnose({ network, views, now, clockOffsetMs: 0, unreachable: [] })).toEqual([]);
});

it("says what is wrong on this host, and where to look when it is elsewhere", async () => {
  const { network, views, now } = await look(
    { "validator-1": null, "rpc-1": node({ net_peerCount: () => "0x0" }) },
    600,
  );
  const unreachable = network.nodes.slice(2, 3);
  const findings = diagnose({ network, views, now, clockOffsetMs: 0, unreachable });
  expect(findings.map(({ code, what }) => [code, what])).toEqual([
    ["node-down", "Of this host's nodes do not answer: validator-1."],
    ["standstill", "The newest block (100) is 600 s old. None of the last ones is from validator-3."],
    ["no-peers", "No peers but those on this host, as it seems: rpc-1 (0)."],
    ["p2p", "No connection can be made from here to validator-3 (127.0.0.3:30303)."],
  ]);
  for (const { means, todo } of findings) for (const text of [means, todo]) expect(text).toMatch(/\w{3,}/);
});

it("sees that a host is cut off although its two nodes are each other's peers", async () => {
  const peers = (count: number) => node({ net_peerCount: () => hex(count) });
  const { network, views, now } = await look({ "validator-1": peers(1), "rpc-1": peers(1) });
  const [found, ...more] = diagnose({ network, views, now, clockOffsetMs: 0 });
  expect(more).toEqual([]);
  expect(found).toMatchObject({ code: "no-peers", what: expect.stringContaining(": validator-1 (1), rpc-1 (1).") });
  // The other reason that peers are lost, and of which this host alone cannot know.
  expect(found?.todo).toContain("sha256sum shared/genesis.json");
});

it("does not mind a host whose validator is none of the chain's any more", async () => {
  const { network, views, now } = await look();
  const gone = { ...network.nodes[3], address: addressesOf(9)[8] } as QbftNetwork["nodes"][number];
  const unreachable = [network.nodes[2] as typeof gone, gone];
  const findings = diagnose({ network, views, now, clockOffsetMs: 0, unreachable });
  expect(findings.map(({ what }) => what)).toEqual([
    "No connection can be made from here to validator-3 (127.0.0.3:30303).",
  ]);
});

it("tries the P2P ports of the other hosts, and those only", async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const open = (server.address() as AddressInfo).port;
  const closed = await freePort("127.0.0.1");
  const network = spread();
  const nodes = network.nodes.map((one, at) => {
    // The host itself is the one that is not on the loopback here.
    const host = one.at?.host === network.here ? "192.0.2.1" : "127.0.0.1";
    return { ...one, at: { host, p2pPort: at === 1 ? open : closed } };
  });
  const found = await unreachablePeers({ ...network, nodes, here: "192.0.2.1" }, 60_000);
  expect(found.map(nodeName)).toEqual(["validator-3", "validator-4"]);
  expect(await unreachablePeers(networkOf(4, 1))).toEqual([]);
});

it("starts, restarts and stops the nodes of its own host, here with a fake of Besu", async () => {
  const folder = tempDir();
  for (const [name, value] of Object.entries(fakePrograms(tempDir()))) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const hosts = ["203.0.113.11", "203.0.113.12", "203.0.113.13", "203.0.113.14"];
  let portOffset: number;
  do portOffset = 12_000 + Math.floor(Math.random() * 9_000);
  while (
    !(await Promise.all(
      networkOf(4, 1).nodes.map((one) => isFree(hostPlace({ ...networkOf(4, 1), portOffset }, one).rpcPort)),
    ).then((free) => free.every(Boolean)))
  );
  const options = { validators: 4, rpcNodes: 1, chainId: 7587, blockPeriodSeconds: 1, rpcHosts: [], portOffset, hosts };
  createNetwork(folder, options);
  const own = hostFolder(folder, "203.0.113.11");
  const chain = async (...args: string[]) => {
    const command = starter(tempDir(), [...args, "--dir", own], "chain");
    return { code: await command.ended(), text: command.output() };
  };
  onTestFinished(async () => void (await chain("down")));
  const up = await chain("up", "--native");
  expect(up.text).toMatch(
    /2 nodes are started; waiting for their answers .*\n.*Every node of this host answers; block \d+\. RPC: http/,
  );
  expect(up.text).toContain("Blocks come once enough hosts are up.");
  expect((await chain("logs", "validator-2")).text).toContain("Usage: npm run chain -- logs [validator-1 | rpc-1]");
  expect((await chain("restart-all")).text).toContain("Run the same on every other host now, within a minute.");
  expect((await chain("down")).text).toContain(`All nodes of this host are stopped. The chain stays in ${join(own)}.`);
});
