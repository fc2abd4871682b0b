import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createNetwork, type NetworkOptions } from "../../../scripts/chain/qbft/createNetwork.ts";
import { checkGenesis, type Genesis } from "../../../scripts/chain/qbft/genesis.ts";
import { nodeName, readNetwork } from "../../../scripts/chain/qbft/network.ts";
import { genesisFile, hostFolder, keyFile } from "../../../scripts/chain/qbft/writeFiles.ts";
import { readJson } from "../../../scripts/lib/files.ts";
import { readKeyFile } from "../../../scripts/lib/keys.ts";
import { starter } from "../support/starter.ts";
import { tempDir } from "../support/temp.ts";

const HOSTS = ["203.0.113.11", "203.0.113.12", "203.0.113.13", "203.0.113.14", "203.0.113.15"];
const OPTIONS: NetworkOptions = {
  validators: 5,
  rpcNodes: 1,
  chainId: 7587,
  blockPeriodSeconds: 1,
  rpcHosts: [],
  portOffset: 20_000 + Math.floor(Math.random() * 3_000),
};

async function chain(dir: string, ...args: string[]) {
  const command = starter(tempDir(), [...args, "--dir", dir], "chain");
  return { code: await command.ended(), text: command.output() };
}

it("forgets a host that is gone, so that no file of the others names it, and keeps its key aside", async () => {
  const folder = tempDir();
  createNetwork(folder, { ...OPTIONS, hosts: HOSTS });
  const genesis = readFileSync(genesisFile(folder), "utf8");
  const gone = hostFolder(folder, "203.0.113.15");
  const secret = readKeyFile(keyFile(gone, "validator-5"));
  expect(await chain(folder, "forget", "validator-5")).toMatchObject({
    code: 1,
    text: expect.stringContaining("may be a validator of the chain still"),
  });
  expect(await chain(folder, "forget", "validator-5", "--force")).toMatchObject({ code: 0 });
  expect(readNetwork(folder).nodes.map(nodeName)).not.toContain("validator-5");
  for (const host of HOSTS.slice(0, 4)) {
    const own = hostFolder(folder, host);
    expect(readNetwork(own).nodes).toHaveLength(5);
    for (const name of ["static-nodes.json", "static-nodes.native.json"])
      expect(readJson<string[]>(join(own, "shared", name))?.join()).not.toContain("203.0.113.15");
  }
  expect(readFileSync(genesisFile(folder), "utf8")).toBe(genesis);
  // The next validator of that name has a key of its own.
  expect(await chain(folder, "add-validator", "--host", "203.0.113.15")).toMatchObject({ code: 0 });
  expect(readKeyFile(keyFile(gone, "validator-5"))).not.toBe(secret);
  const [aside = ""] = readdirSync(join(gone, "nodes")).filter((name) => name.includes("forgotten"));
  const kept = join(gone, "nodes", aside, "data", "key");
  expect(readKeyFile(kept)).toBe(secret);
  expect(statSync(kept).mode & 0o777).toBe(0o600);
});

it("takes an RPC node out of the containers of one machine, and a validator only when the chain does not count it", async () => {
  const folder = tempDir();
  createNetwork(folder, OPTIONS);
  expect(await chain(folder, "forget", "rpc-1")).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, "compose.yaml"), "utf8")).not.toContain("rpc-1");
  expect(existsSync(keyFile(folder, "rpc-1"))).toBe(false);
  expect((await chain(folder, "forget", "validator-5")).text).toContain("No validator answers");
  expect((await chain(folder, "forget", "validator-5", "--force")).code).toBe(0);
  // Block 0 stays the one that it validates.
  checkGenesis(readJson<Genesis>(genesisFile(folder)) as Genesis, readNetwork(folder));
  expect((await chain(folder, "forget", "validator-4")).text).toContain("Fewer than 4 validators would be left");
  expect(readNetwork(folder).nodes).toHaveLength(4);
});

it("does not forget a validator that the chain still counts", async () => {
  const folder = tempDir();
  const network = createNetwork(folder, OPTIONS);
  // A fake of validator-1, where the network's files say that it is.
  const result = network.nodes.filter(({ role }) => role === "validator").map(({ address }) => address);
  const server = createServer(
    (_request, response) => void response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result })),
  );
  await new Promise<void>((resolve) => server.listen(OPTIONS.portOffset + 8_601, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const refused = await chain(folder, "forget", "validator-5");
  expect(refused).toMatchObject({ code: 1, text: expect.stringContaining("First: npm run chain -- remove-validator") });
  result.pop();
  expect(await chain(folder, "forget", "validator-5")).toMatchObject({ code: 0 });
});

it.each([
  [[], "Usage: npm run chain -- forget NODE"],
  [["validator-9"], "There is no validator-9 in this network."],
])("refuses to forget %j", async (args, sentence) => {
  const folder = tempDir();
  createNetwork(folder, OPTIONS);
  expect(await chain(folder, "forget", ...args)).toMatchObject({ code: 1, text: expect.stringContaining(sentence) });
});

it("forgets nothing in the folder of one host", async () => {
  const folder = tempDir();
  createNetwork(folder, { ...OPTIONS, hosts: HOSTS });
  const own = hostFolder(folder, "203.0.113.11");
  expect((await chain(own, "forget", "validator-5", "--force")).text).toContain("in the folder that init made");
});
