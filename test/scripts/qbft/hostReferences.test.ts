import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { diagnose } from "../../../scripts/chain/qbft/watch/diagnose.ts";
import { observe } from "../../../scripts/chain/qbft/watch/observe.ts";
import { observeReferences, referencesOf } from "../../../scripts/chain/qbft/watch/references.ts";
import { report, scopeOf } from "../../../scripts/chain/qbft/watch/report.ts";
import { summarise } from "../../../scripts/chain/qbft/watch/summary.ts";
import { HEAD_TIME, hex, node, spread } from "./spreadNetwork.ts";
import { type Answers, addressesOf, fakeNode } from "./support.ts";

/** What one host of several learns of nodes elsewhere, here fakes of them. */

type Header = { hash: string; miner: unknown };

/** Everybody proposes in turn; a block has the hash that `hashOf` gives it. */
const member = (over: Answers = {}, head = 100, hashOf = (_number: number) => "bb"): Answers => {
  const at = (number: number) => ({
    ...(node().eth_getBlockByNumber?.([hex(number)]) as Header),
    miner: addressesOf(4)[number % 4],
    hash: `0x${hashOf(number).repeat(32)}`,
  });
  return node({
    eth_blockNumber: () => hex(head),
    eth_getBlockByNumber: ([number]) => at(number === "latest" ? head : Number(number)),
    web3_clientVersion: () => "besu/v26.9.0/linux-x86_64/openjdk-java-25",
    ...over,
  });
};

/** @param own answers of this host's validator and RPC node */
async function look(elsewhere: Answers[], own: [Answers, Answers] = [member(), member()], isGiven = true) {
  const network = { ...spread(), here: "127.0.0.1" };
  const urls = new Map<number, string>();
  for (const [at, answers] of [
    [0, own[0]],
    [4, own[1]],
  ] as const)
    urls.set(at, (await fakeNode(answers)).url);
  const urlOf = (one: (typeof network.nodes)[number]) => urls.get(network.nodes.indexOf(one)) as string;
  const views = await observe(network, { urlOf, outside: [], timeoutMs: 60_000 });
  const fakes = await Promise.all(elsewhere.map((answers) => fakeNode(answers)));
  const addresses = fakes.map(({ url }) => ({ url, isGiven }));
  // The fakes are on the loopback, which is this host's address in such a network: here it is another one.
  const asking = { ...network, here: "192.0.2.1" };
  const references = await observeReferences(asking, addresses, views, 60_000);
  const now = (HEAD_TIME + 1) * 1_000;
  const findings = diagnose({ network, views, now, clockOffsetMs: 0, unreachable: [], references });
  return { network, views, references, findings, fakes, summary: summarise(network, views, now) };
}

it("finds nothing wrong where a node elsewhere says the same, and tells what was seen", async () => {
  const { network, views, references, findings, fakes, summary } = await look([member({}, 102)]);
  expect(findings).toEqual([]);
  const said = `${fakes[0]?.url}: chain 7587, genesis 0xbbbbbbbb…bbbb, as here, block 102, besu/v26.9.0/linux-x86_64/openjdk-java-25`;
  expect(report(network, views, summary, { used: new Map(), free: 1 }, references)).toContain(`also asked     ${said}`);
  expect(scopeOf(network, views, summary, references)).toEqual([
    expect.stringContaining("Seen from 127.0.0.1 alone: of 4 validators 1 is here. Of the 3 elsewhere"),
    `Also asked: ${said}`,
  ]);
  // Nothing that only whoever runs a node may ask.
  const methods = new Set(fakes[0]?.asked.map(({ method }) => method));
  expect([...methods].toSorted()).toEqual(["eth_chainId", "eth_getBlockByNumber", "web3_clientVersion"]);
});

it("says which of this host's nodes has another genesis, of whose two it could not tell otherwise", async () => {
  const other = member({}, 100, () => "cc");
  const { network, views, references, findings, fakes, summary } = await look([member()], [other, member()]);
  expect(findings.map(({ code, what }) => [code, what])).toEqual([
    [
      "genesis",
      `Another genesis block than ${fakes[0]?.url} (0x${"bb".repeat(32)}): validator-1 (0x${"cc".repeat(32)}).`,
    ],
  ]);
  expect(scopeOf(network, views, summary, references)[1]).toContain(", NOT as here, block 100");
});

it("takes two nodes elsewhere that contradict each other for no agreement", async () => {
  const { findings, fakes } = await look([member(), member({}, 100, () => "dd")]);
  expect(findings.map(({ what }) => what)).toEqual([
    expect.stringContaining(`Another genesis block than ${fakes[1]?.url}`),
  ]);
});

it("sees a node of another chain id, and compares nothing else with it", async () => {
  const { network, views, references, findings, summary } = await look([
    member({ eth_chainId: () => hex(1) }, 9_000, () => "cc"),
  ]);
  expect(findings.map(({ code, what }) => [code, what])).toEqual([
    ["genesis", expect.stringContaining("is of chain id 1; this network has 7587.")],
  ]);
  expect(scopeOf(network, views, summary, references).at(-1)).toContain("compared with no other host's");
});

it("sees a chain that has come apart: another block at a height that both have", async () => {
  const forked = (number: number) => (number > 90 ? "ee" : "bb");
  const { findings, fakes } = await look([member({}, 104)], [member({}, 100, forked), member()]);
  expect(findings.map(({ code, what }) => [code, what])).toEqual([
    ["fork", `Block 100 is another one at ${fakes[0]?.url} (0x${"bb".repeat(32)}) than at validator-1.`],
  ]);
});

it.each([
  ["this host", 300, /^Behind http.* \(block 300\): validator-1 \(100\), rpc-1 \(100\)\.$/],
  ["the node elsewhere", 40, /^http.* is behind: it has block 40, this host 100\.$/],
])("sees that %s is behind", async (_, head, what) => {
  const { findings } = await look([member({}, head)]);
  expect(findings.map(({ code, what }) => [code, what])).toEqual([["behind", expect.stringMatching(what)]]);
});

it.each([
  [true, ["reference"]],
  [false, []],
])(
  "says that nothing was compared with one that is silent; named by hand (%s) it is a finding",
  async (given, codes) => {
    const { network, views, references, findings, summary } = await look([{}], undefined, given);
    expect(findings.map(({ code }) => code)).toEqual(codes);
    expect(scopeOf(network, views, summary, references).slice(1)).toEqual([
      expect.stringMatching(/^Also asked: http.* does not answer$/),
      expect.stringContaining("compared with no other host's"),
    ]);
  },
);

it("takes a name that leads to this very host for none elsewhere", async () => {
  const { url } = await fakeNode(member());
  const [reference] = await observeReferences(spread(), [{ url, isGiven: true }], [], 60_000);
  expect(reference).toMatchObject({ isHere: true, genesisHash: `0x${"bb".repeat(32)}` });
  const { network, views, summary } = await look([]);
  const said = scopeOf(network, views, summary, reference ? [reference] : []);
  expect(said[1]).toContain("leads to this host");
  expect(said.at(-1)).toContain("compared with no other host's");
});

it("reads no more of a stranger's answer than a block has, follows it nowhere, and prints nothing of its that moves a terminal", async () => {
  const server = createServer((request, response) => {
    if (request.url === "/moved") return void response.writeHead(307, { location: "/" }).end();
    response.end(`{"jsonrpc":"2.0","id":1,"result":"${hex(7587)}"${" ".repeat(request.url === "/long" ? 2e6 : 0)}}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const moving = await fakeNode(member({ web3_clientVersion: () => "besu\u001b[2J" }));
  const addresses = [`${url}/`, `${url}/long`, `${url}/moved`, moving.url].map((url) => ({ url, isGiven: true }));
  const found = await observeReferences(spread(), addresses, [], 60_000);
  expect(found.map(({ name }) => name)).toEqual([url, `${url}/…`, `${url}/…`, moving.url]);
  expect(found.map(({ alive, version }) => [alive, version])).toEqual([
    [true, "0x1da3"],
    [false, undefined],
    [false, undefined],
    [true, undefined],
  ]);
});

it("asks what is named, and by https the names that network.json has for several hosts' RPC nodes", () => {
  const network = { ...spread(), rpcHosts: ["rpc.example.org", "rpc2.example.org"] };
  expect(referencesOf(network, ["http://127.0.0.1:18701", "https://rpc.example.org"])).toEqual([
    { url: "http://127.0.0.1:18701/", isGiven: true },
    { url: "https://rpc.example.org/", isGiven: true },
    { url: "https://rpc2.example.org/", isGiven: false },
  ]);
  const nodes = network.nodes.map(({ at, ...rest }) => rest);
  expect(referencesOf({ ...network, nodes }, [])).toEqual([]);
  for (const bad of ["ftp://a.org", "rpc.example.org", "https://me:secret@a.org", "file:///etc/passwd", ""])
    expect(() => referencesOf(network, [bad])).toThrow(/^--rpc takes http or https addresses without .* in them\.$/);
  expect(() => referencesOf(network, Array(17).fill("https://a.org"))).toThrow("16 times");
});
