import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BESU_IMAGE } from "../../../scripts/chain/qbft/compose.ts";
import { createNetwork } from "../../../scripts/chain/qbft/createNetwork.ts";
import { checkGenesis, type Genesis } from "../../../scripts/chain/qbft/genesis.ts";
import { networkFile, nodeName, readNetwork } from "../../../scripts/chain/qbft/network.ts";
import { genesisFile, keyFile } from "../../../scripts/chain/qbft/writeFiles.ts";
import { readJson } from "../../../scripts/lib/files.ts";
import { readKeyFile } from "../../../scripts/lib/keys.ts";
import { checkShell } from "../support/shellcheck.ts";
import { tempDir } from "../support/temp.ts";
import { readCompose } from "./composeSchema.ts";

const OPTIONS = {
  validators: 4,
  rpcNodes: 1,
  chainId: 7587,
  blockPeriodSeconds: 1,
  rpcHosts: ["rpc.example.org"],
  portOffset: 0,
};

/** Every file below a folder. */
function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

it("keeps every key to its owner and in no other file", () => {
  const folder = tempDir();
  const network = createNetwork(folder, OPTIONS);
  const keys = network.nodes.map((node) => keyFile(folder, nodeName(node)));
  for (const path of keys) expect(statSync(path).mode & 0o777).toBe(0o600);
  const secrets = keys.map((path) => readKeyFile(path).slice(2));
  expect(new Set(secrets).size).toBe(5);
  for (const path of files(folder).filter((path) => !keys.includes(path))) {
    const content = readFileSync(path, "utf8");
    for (const secret of secrets) expect(content).not.toContain(secret);
  }
});

it("never writes over a network", () => {
  const folder = tempDir();
  createNetwork(folder, OPTIONS);
  const before = files(folder).map((path) => readFileSync(path, "utf8"));
  expect(() => createNetwork(folder, OPTIONS)).toThrow("already holds a network");
  expect(files(folder).map((path) => readFileSync(path, "utf8"))).toEqual(before);
});

it("goes on with the keys that an interrupted start has made", () => {
  const [whole, interrupted] = [tempDir(), tempDir()];
  createNetwork(whole, OPTIONS);
  createNetwork(interrupted, { ...OPTIONS, validators: 4, rpcNodes: 0 });
  const first = readKeyFile(keyFile(interrupted, "validator-1"));
  execFileSync("rm", [networkFile(interrupted)]);
  createNetwork(interrupted, OPTIONS);
  expect(readKeyFile(keyFile(interrupted, "validator-1"))).toBe(first);
  expect(readNetwork(interrupted).nodes).toHaveLength(5);
});

it("names the validators of its keys in the genesis, and all nodes in the lists of peers", () => {
  const folder = tempDir();
  const network = createNetwork(folder, OPTIONS);
  const genesis = readJson<Genesis>(genesisFile(folder)) as Genesis;
  checkGenesis(genesis, network);
  for (const { role, address } of network.nodes) {
    expect(genesis.extraData.includes(address.slice(2))).toBe(role === "validator");
  }
  const peers = readJson<string[]>(join(folder, "shared", "static-nodes.json")) as string[];
  const services = Object.values(readCompose(folder).services);
  expect(peers.map((enode) => enode.replace(/^enode:\/\/[0-9a-f]{128}@/, ""))).toEqual(
    services.map(({ networks }) => `${networks.qbft.ipv4_address}:30303`),
  );
  const native = readJson<string[]>(join(folder, "shared", "static-nodes.native.json")) as string[];
  expect(new Set(native.map((enode) => enode.split("@")[1])).size).toBe(5);
});

it("writes a compose file with pinned image, limits, fixed addresses and nothing open to the world", () => {
  const folder = tempDir();
  createNetwork(folder, OPTIONS);
  const { services, networks } = readCompose(folder);
  expect(Object.keys(services)).toEqual(["validator-1", "validator-2", "validator-3", "validator-4", "rpc-1"]);
  expect(networks.qbft.ipam.config[0]?.subnet).toBe("172.28.86.0/24");
  expect(BESU_IMAGE).toMatch(/^hyperledger\/besu:26\.(9|\d\d)\.\d+$/);
  const published = Object.values(services).flatMap(({ ports }) => ports);
  expect(new Set(published.map((port) => port.split(":")[1])).size).toBe(published.length);
  for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  for (const service of Object.values(services)) {
    expect(service.image).toBe(BESU_IMAGE);
    expect(service.environment.BESU_OPTS).toContain("-Xmx");
    expect(service.mem_limit).toBe("2g");
    expect(service.healthcheck.test).toEqual(["CMD", "bash", "/shared/healthy.sh", "8545"]);
    expect(service.networks.qbft.ipv4_address).toMatch(/^172\.28\.86\.\d+$/);
  }
});

it("gives every node the flags of the chain, and only validators the powerful APIs", () => {
  const folder = tempDir();
  createNetwork(folder, OPTIONS);
  for (const [name, { command }] of Object.entries(readCompose(folder).services)) {
    const native = readFileSync(join(folder, "nodes", name, "native.flags"), "utf8")
      .trim()
      .split("\n");
    for (const flags of [command, native]) {
      for (const flag of ["--profile=ENTERPRISE", "--api-gas-price-blocks=0", "--discovery-enabled=false"])
        expect(flags).toContain(flag);
      expect(flags.some((flag) => /^--p2p-host=[\d.]+$/.test(flag))).toBe(true);
      const validator = name.startsWith("validator");
      expect(flags).toContain(`--rpc-http-api=ETH,NET,WEB3${validator ? ",QBFT,ADMIN,TXPOOL" : ""}`);
      expect(flags).toContain(`--rpc-ws-enabled=${!validator}`);
      expect(flags).toContain(`--host-allowlist=localhost,127.0.0.1${validator ? "" : ",rpc.example.org"}`);
      expect(flags.some((flag) => flag.includes("*"))).toBe(false);
    }
    expect(native).toContain("--rpc-http-host=127.0.0.1");
  }
});

it.each([
  "not json",
  "null",
  "{}",
  '{"version":2}',
  '{"version":1,"chainId":7587,"blockPeriodSeconds":1,"rpcHosts":["$(id)"],"portOffset":0,"nodes":[]}',
  '{"version":1,"chainId":7587,"blockPeriodSeconds":1,"rpcHosts":[],"portOffset":0,"nodes":[{"role":"validator","index":"../x"}]}',
  '{"version":1,"chainId":7587,"blockPeriodSeconds":1,"rpcHosts":[],"portOffset":0,"nodes":[],"firstValidators":["0x1"]}',
])("refuses a network.json that is %s", (content) => {
  const folder = tempDir();
  writeFileSync(networkFile(folder), content);
  expect(() => readNetwork(folder)).toThrow(/cannot be read|does not describe/);
});

it("writes scripts that bash and shellcheck find nothing wrong with", () => {
  const folder = tempDir();
  createNetwork(folder, OPTIONS);
  const scripts = files(folder).filter((path) => path.endsWith(".sh"));
  expect(scripts).toHaveLength(2);
  for (const path of scripts) {
    expect(statSync(path).mode & 0o777).toBe(0o755);
    checkShell(path);
  }
});
