import { cpSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { createNetwork, type NetworkOptions } from "../../../scripts/chain/qbft/createNetwork.ts";
import { localNodes, nodeName, readLocalNetwork, readNetwork } from "../../../scripts/chain/qbft/network.ts";
import { genesisFile, hostFolder, keyFile } from "../../../scripts/chain/qbft/writeFiles.ts";
import { readJson } from "../../../scripts/lib/files.ts";
import { readKeyFile } from "../../../scripts/lib/keys.ts";
import { checkShell } from "../support/shellcheck.ts";
import { starter } from "../support/starter.ts";
import { tempDir } from "../support/temp.ts";
import { readCompose } from "./composeSchema.ts";

const HOSTS = ["203.0.113.11", "203.0.113.12", "203.0.113.13", "203.0.113.14"];
const OPTIONS: NetworkOptions = {
  validators: 4,
  rpcNodes: 2,
  chainId: 7587,
  blockPeriodSeconds: 1,
  rpcHosts: ["rpc.example.org"],
  portOffset: 0,
  hosts: HOSTS,
};

const servicesOf = (folder: string) => readCompose(folder).services;

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

async function chain(stateDir: string, ...args: string[]): Promise<{ code: number | null; text: string }> {
  const command = starter(stateDir, args, "chain");
  const code = await command.ended();
  return { code, text: command.output() };
}

it("gives each host a whole folder with the keys of its own nodes and of no other", () => {
  const folder = tempDir();
  const network = createNetwork(folder, OPTIONS);
  const keyOf = (host: string, name: string) => readKeyFile(keyFile(hostFolder(folder, host), name)).slice(2);
  const keys = network.nodes.map((node) => ({
    host: node.at?.host as string,
    secret: keyOf(node.at?.host as string, nodeName(node)),
  }));
  expect(new Set(keys.map(({ secret }) => secret)).size).toBe(6);
  for (const [at, host] of HOSTS.entries()) {
    const own = hostFolder(folder, host);
    const names = [`validator-${at + 1}`, ...(at < 2 ? [`rpc-${at + 1}`] : [])];
    expect(files(own)).toEqual(
      [
        "compose.yaml",
        "network.json",
        "shared/genesis.json",
        "shared/healthy.sh",
        "shared/static-nodes.json",
        "shared/static-nodes.native.json",
        "start-native.sh",
        ...names.flatMap((name) => [`nodes/${name}/data/key`, `nodes/${name}/native.flags`]),
      ].sort(),
    );
    const contents = files(own).map((path) => readFileSync(join(own, path), "utf8"));
    for (const { host: owner, secret } of keys) {
      expect(contents.filter((content) => content.includes(secret))).toHaveLength(owner === host ? 1 : 0);
    }
    for (const name of names) {
      expect(statSync(keyFile(own, name)).mode & 0o777).toBe(0o600);
      expect(statSync(join(own, "nodes", name, "data")).mode & 0o777).toBe(0o700);
    }
    expect(readFileSync(genesisFile(own), "utf8")).toBe(readFileSync(genesisFile(folder), "utf8"));
    expect(localNodes(readLocalNetwork(own)).map(nodeName)).toEqual(names);
  }
  // Outside the hosts' folders there is no key at all.
  expect(files(folder).filter((path) => !path.startsWith("hosts/"))).toEqual(["network.json", "shared/genesis.json"]);
});

it("names the peers of other hosts by their public addresses, and those of the same host by the inner ones", () => {
  const folder = tempDir();
  createNetwork(folder, OPTIONS);
  const own = hostFolder(folder, "203.0.113.12");
  const peers = (name: string) =>
    (readJson<string[]>(join(own, "shared", name)) as string[]).map((enode) => enode.split("@")[1]);
  expect(peers("static-nodes.json")).toEqual([
    "203.0.113.11:30303",
    "172.28.86.12:30303",
    "203.0.113.13:30303",
    "203.0.113.14:30303",
    "203.0.113.11:30304",
    "172.28.86.202:30304",
  ]);
  expect(peers("static-nodes.native.json").filter((place) => place?.startsWith("127"))).toEqual([
    "127.0.0.1:30303",
    "127.0.0.1:30304",
  ]);
});

it("opens the P2P port of each node to other hosts, by IPv4 alone, and no RPC", () => {
  const folder = tempDir();
  createNetwork(folder, OPTIONS);
  for (const [at, host] of HOSTS.entries()) {
    const own = hostFolder(folder, host);
    const services = servicesOf(own);
    expect(Object.keys(services)).toEqual([`validator-${at + 1}`, ...(at < 2 ? [`rpc-${at + 1}`] : [])]);
    const published = Object.values(services).flatMap(({ ports }) => ports);
    expect(published.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual(
      at < 2 ? ["0.0.0.0:30303:30303", "0.0.0.0:30304:30304"] : ["0.0.0.0:30303:30303"],
    );
    for (const [name, { command, volumes }] of Object.entries(services)) {
      const native = readFileSync(join(own, "nodes", name, "native.flags"), "utf8")
        .trim()
        .split("\n");
      const port = name.startsWith("rpc") ? 30304 : 30303;
      for (const flags of [command, native]) {
        expect(flags).toContain(`--p2p-host=${host}`);
        expect(flags).toContain(`--p2p-port=${port}`);
      }
      expect(native).toContain("--rpc-http-host=127.0.0.1");
      for (const volume of volumes) expect(existsSync(join(own, volume.split(":")[0] ?? ""))).toBe(true);
    }
  }
});

it("writes scripts for every host that bash and shellcheck find nothing wrong with", () => {
  const folder = tempDir();
  createNetwork(folder, OPTIONS);
  const scripts = files(folder).filter((path) => path.endsWith(".sh"));
  expect(scripts).toHaveLength(2 * HOSTS.length);
  for (const path of scripts) checkShell(join(folder, path));
});

it("prepares a validator on a further host without touching a key, and only where all folders are", async () => {
  const folder = tempDir();
  createNetwork(folder, OPTIONS);
  const keys = () =>
    files(folder)
      .filter((path) => path.endsWith("/key"))
      .map((path) => [path, readFileSync(join(folder, path), "utf8")]);
  const before = keys();
  const at = (dir: string, ...args: string[]) => chain(tempDir(), "add-validator", "--dir", dir, ...args);
  expect((await at(folder)).text).toContain("On which host?");
  expect((await at(folder, "--host", "five.example.org")).text).toContain("On which host?");
  const copied = tempDir();
  cpSync(hostFolder(folder, "203.0.113.11"), copied, { recursive: true });
  expect((await at(copied, "--host", "203.0.113.15")).text).toContain("where all hosts' folders are");

  const made = await at(folder, "--host", "203.0.113.15");
  expect(made.text).toMatch(/validator-5 \(0x[0-9a-f]{40}\) is ready in .*hosts\/203\.0\.113\.15/);
  expect(made.text).toMatch(/on the other hosts: npm run chain -- add-validator 0x[0-9a-f]{40}/);
  expect(keys()).toEqual(expect.arrayContaining(before));
  expect(keys()).toHaveLength(7);
  for (const host of HOSTS) {
    const peers = readJson<string[]>(join(hostFolder(folder, host), "shared", "static-nodes.json")) as string[];
    expect(peers.some((peer) => peer.endsWith("@203.0.113.15:30303"))).toBe(true);
  }
  // A second one on the same host has a port of its own.
  await at(folder, "--host", "203.0.113.15");
  expect(readNetwork(folder).nodes.find((node) => nodeName(node) === "validator-6")?.at?.p2pPort).toBe(30304);
});

it.each([
  [
    "a.example,b.example,c.example,d.example",
    '--hosts takes IPv4 addresses that the other hosts reach, not "a.example"',
  ],
  ["203.0.113.1,203.0.113.2,203.0.113.3,127.0.0.1", 'not "127.0.0.1"'],
  ["203.0.113.1,203.0.113.2,203.0.113.3,0.0.0.0", 'not "0.0.0.0"'],
  ["203.0.113.1,203.0.113.2,203.0.113.3,224.0.0.1", 'not "224.0.0.1"'],
  ["203.0.113.1,203.0.113.2,203.0.113.3,2001:db8::1", 'not "2001:db8::1"'],
  ["203.0.113.1,203.0.113.2,203.0.113.3,../../x", 'not "../../x"'],
  ["203.0.113.1,203.0.113.2,203.0.113.1,203.0.113.4", "--hosts names 203.0.113.1 twice"],
  [
    "203.0.113.1,203.0.113.2,203.0.113.3",
    "With 4 validators on 3 hosts the chain would halt when one host fails. Name at least 4",
  ],
  ["203.0.113.1", "With 4 validators on 1 host the chain would halt"],
  ["203.0.113.1,203.0.113.2,203.0.113.3,203.0.113.4,203.0.113.5", "5 hosts need as many validators; there are 4"],
])("refuses the hosts %s before it makes anything", async (hosts, sentence) => {
  const state = tempDir();
  const { code, text } = await chain(state, "init", "--hosts", hosts);
  expect(code).toBe(1);
  expect(text).toContain(sentence);
  expect(files(state)).toEqual([]);
});

it("runs nodes of one host only: the folder of all hosts says so", async () => {
  const folder = tempDir();
  createNetwork(folder, OPTIONS);
  for (const verb of ["up", "status", "doctor", "logs", "down", "restart-all"]) {
    expect(await chain(tempDir(), verb, "--dir", folder)).toMatchObject({
      code: 1,
      text: expect.stringContaining("has several hosts. Copy hosts/ADDRESS to its host"),
    });
  }
  const vote = await chain(tempDir(), "remove-validator", "validator-1", "--dir", folder);
  expect(vote.text).toContain("has several hosts");
});
