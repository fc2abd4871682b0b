import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { createNetwork } from "../../../scripts/chain/qbft/createNetwork.ts";
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
import { HEAD_TIME, hex, node, spread } from "./spreadNetwork.ts";
import { type Answers, addressesOf, fakeNode, networkOf } from "./support.ts";

const first = { number: "0x0", timestamp: "0x0" };

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
  expect(lines.slice(0, 7)).toEqual([
    "height         100 (1 s ago)",
    "block time     1.0 s",
    "validators     1 of 1 here answer, 3 of 4 must agree",
    "not answering  none",
    "no proposals   validator-3",
    "elsewhere      3 validators, known by their blocks",
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

/** As `node`, and everybody proposes when it is their turn. */
const diligent = (over: Answers = {}) =>
  node({
    eth_getBlockByNumber: (params) => ({
      ...(node().eth_getBlockByNumber?.(params) as object),
      miner: addressesOf(4)[Number(params[0]) % 4],
    }),
    ...over,
  });

it("finds nothing wrong with a host whose nodes run", async () => {
  const { network, views, now } = await look({ "validator-1": diligent(), "rpc-1": diligent() });
  expect(diagnose({ network, views, now, clockOffsetMs: 0, unreachable: [] })).toEqual([]);
});

it("names a validator of another host that lets its turns pass, although blocks come", async () => {
  const { network, views, now } = await look();
  const [found, ...more] = diagnose({ network, views, now, clockOffsetMs: 0, unreachable: [] });
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    code: "absent",
    what: "None of the last 17 blocks is from validator-3 (127.0.0.3), although their turns came.",
    means: expect.stringContaining("With one more missing there are no blocks."),
  });
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
  const peers = (count: number) => diligent({ net_peerCount: () => hex(count) });
  const { network, views, now } = await look({ "validator-1": peers(1), "rpc-1": peers(1) });
  const [found, ...more] = diagnose({ network, views, now, clockOffsetMs: 0 });
  expect(more).toEqual([]);
  expect(found).toMatchObject({ code: "no-peers", what: expect.stringContaining(": validator-1 (1), rpc-1 (1).") });
  // The other reason that peers are lost, and of which this host alone cannot know.
  expect(found?.todo).toContain("sha256sum shared/genesis.json");
});

it("does not mind a host whose validator is none of the chain's any more", async () => {
  const { network, views, now } = await look({ "validator-1": diligent(), "rpc-1": diligent() });
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
  expect(up).toMatchObject({
    code: 0,
    text: expect.stringContaining("The genesis was compared with no other host's."),
  });

  // A node elsewhere whose genesis is another: the same nodes are of no use, whatever they answer.
  const { url } = await fakeNode(node({ eth_getBlockByNumber: () => ({ ...first, hash: `0x${"bb".repeat(32)}` }) }));
  const wrong = `Another genesis block than ${url} (0x${"bb".repeat(32)}): validator-1, rpc-1 (0x${"aa".repeat(32)}).`;
  expect(await chain("up", "--rpc", url)).toMatchObject({ code: 1, text: expect.stringContaining(wrong) });
  const doctor = await chain("doctor", "--rpc", url, "--time-server", "nowhere.invalid");
  expect(doctor).toMatchObject({ code: 1, text: expect.stringContaining(wrong) });
  expect(doctor.text).toContain("Seen from 203.0.113.11 alone: of 4 validators 1 is here.");
  expect((await chain("status", "--rpc", url)).text).toContain(`also asked     ${url}: chain 7587`);
  const same = await fakeNode(node({ eth_getBlockByNumber: () => ({ ...first, hash: `0x${"aa".repeat(32)}` }) }));
  const again = await chain("up", "--rpc", same.url);
  expect(again).toMatchObject({ code: 0, text: expect.stringMatching(/Also asked: http.*0xaaaaaaaa…aaaa, as here/) });
  expect(again.text).not.toContain("compared with no other");
  expect((await chain("logs", "validator-2")).text).toContain("Usage: npm run chain -- logs [validator-1 | rpc-1]");
  expect((await chain("restart-all")).text).toContain("Run the same on every other host now, within a minute.");
  expect((await chain("down")).text).toContain(`All nodes of this host are stopped. The chain stays in ${join(own)}.`);
});
