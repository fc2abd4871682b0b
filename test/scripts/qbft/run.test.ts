import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished, vi } from "vitest";
import { createNetwork } from "../../../scripts/chain/qbft/createNetwork.ts";
import { extraDataOf } from "../../../scripts/chain/qbft/extraData.ts";
import { checkGenesis, type Genesis } from "../../../scripts/chain/qbft/genesis.ts";
import { nodeName, readNetwork } from "../../../scripts/chain/qbft/network.ts";
import { hostPlace, rpcUrlOf } from "../../../scripts/chain/qbft/places.ts";
import { genesisFile, keyFile } from "../../../scripts/chain/qbft/writeFiles.ts";
import { rpc } from "../../../scripts/chain/rpc.ts";
import { readJson, writeJson } from "../../../scripts/lib/files.ts";
import { readKeyFile } from "../../../scripts/lib/keys.ts";
import { root } from "../../../scripts/lib/paths.ts";
import { isFree } from "../../../scripts/lib/ports.ts";
import { starter } from "../support/starter.ts";
import { tempDir } from "../support/temp.ts";
import { fakePrograms } from "./fakePrograms.ts";
import { addressesOf, networkOf } from "./support.ts";

/** Runs `npm run chain -- ...` on the network of a state folder to its end. */
async function chain(stateDir: string, ...args: string[]): Promise<{ code: number | null; text: string }> {
  const command = starter(stateDir, args, "chain");
  const code = await command.ended();
  return { code, text: command.output() };
}

/** An offset with which every RPC port of a network of five nodes is free. */
async function freeOffset(): Promise<number> {
  for (;;) {
    const portOffset = 12_000 + Math.floor(Math.random() * 9_000);
    const network = { ...networkOf(5, 1), portOffset };
    const free = await Promise.all(network.nodes.map((node) => isFree(hostPlace(network, node).rpcPort)));
    if (free.every(Boolean)) return portOffset;
  }
}

function environment(values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

it("starts, shows, restarts and stops native nodes, here with a fake of Besu", async () => {
  const state = tempDir();
  const folder = join(state, "qbft");
  environment(fakePrograms(tempDir()));
  const offset = String(await freeOffset());
  const made = await chain(state, "init", "--validators", "4", "--rpc-nodes", "1", "--port-offset", offset);
  expect(made).toMatchObject({
    code: 0,
    text: expect.stringContaining(`A network with chain id 7587 is in ${folder}`),
  });
  for (const node of readNetwork(folder).nodes) {
    expect(made.text).toContain(`${nodeName(node)}`);
    expect(made.text).not.toContain(readKeyFile(keyFile(folder, nodeName(node))).slice(2));
  }
  expect(await chain(state, "logs")).toMatchObject({ code: 1, text: expect.stringContaining("is not up") });

  onTestFinished(async () => void (await chain(state, "down")));
  expect(await chain(state, "up", "--native")).toMatchObject({
    code: 0,
    text: expect.stringMatching(/5 nodes are started; waiting for blocks .*\n.*every node has block \d+\. RPC: http/),
  });
  const pids = () =>
    readNetwork(folder).nodes.map(
      (node) => readJson<{ pid: number }>(join(folder, "run", `${nodeName(node)}.process.json`))?.pid,
    );
  const first = pids();
  // A second `up` leaves running nodes alone.
  expect(await chain(state, "up")).toMatchObject({ code: 0 });
  expect(pids()).toEqual(first);

  const logs = await chain(state, "logs", "validator-2", "--lines", "5");
  expect(logs.text).toContain("validator-2  This is a fake of Besu: --profile=ENTERPRISE");
  expect(logs.text).toContain("validator-2  BESU_OPTS -Xms256m -Xmx1g");
  expect((await chain(state, "logs", "validator-9")).text).toContain("Usage: npm run chain -- logs [validator-1 |");

  const status = await chain(state, "status");
  expect(status.code).toBe(0);
  expect(status.text).toContain("4 of 4 answer, 3 must agree");

  expect(await chain(state, "restart-all")).toMatchObject({ code: 0, text: expect.stringContaining("together") });
  for (const pid of pids()) expect(first).not.toContain(pid);

  const network = readNetwork(folder);
  expect(await chain(state, "down")).toMatchObject({ code: 0, text: expect.stringContaining("All nodes are stopped") });
  for (const node of network.nodes) await expect(rpc(rpcUrlOf(network, node), "eth_blockNumber")).rejects.toThrow();
  expect(await chain(state, "status")).toMatchObject({ code: 1, text: expect.stringContaining("0 of 4 answer") });
  const doctor = await chain(state, "doctor", "--time-server", "nowhere.invalid");
  expect(doctor.code).toBe(1);
  expect(doctor.text).toContain("0 of 4 validators answer; 3 are needed");
  expect(doctor.text).toContain("The clock was not checked");
});

it("lets containers read what is shared, whatever the operator's umask", async () => {
  const state = tempDir();
  const shared = join(state, "qbft", "shared");
  const script = join(root, "scripts", "chain", "index.ts");
  const env = { ...process.env, SKRUMBLE_STATE_DIR: state };
  await promisify(execFile)("sh", ["-c", `umask 077; exec "${process.execPath}" "${script}" init`], { env });
  expect(statSync(shared).mode & 0o777).toBe(0o755);
  for (const name of readdirSync(shared)) expect(statSync(join(shared, name)).mode & 0o044).toBe(0o044);
});

it("says which node ended and why when one does not come up", async () => {
  const state = tempDir();
  const folder = join(state, "qbft");
  environment(fakePrograms(tempDir(), "21.0.9"));
  await chain(state, "init", "--port-offset", String(await freeOffset()));
  onTestFinished(async () => void (await chain(state, "down")));
  const up = await chain(state, "up", "--native");
  expect(up.code).toBe(1);
  expect(up.text).toMatch(/(validator|rpc)-\d has ended\. Its last words:\nBesu needs JDK 25 or newer; .* is 21\./);
  expect(existsSync(join(folder, "run", "validator-1.log"))).toBe(true);
});

it("calls docker compose with the network's file", async () => {
  const state = tempDir();
  const folder = join(state, "qbft");
  const fakes = fakePrograms(tempDir());
  environment(fakes);
  const calls = () => readFileSync(fakes.FAKE_DOCKER_LOG, "utf8").trim().split("\n");
  await chain(state, "init", "--port-offset", String(await freeOffset()));
  // No container comes, so there is no block: the fake shows how far it gets.
  const up = await chain(state, "up", "--wait", "1");
  expect(up).toMatchObject({ code: 1, text: expect.stringContaining("After 1 s validator-1, validator-2") });
  expect((await chain(state, "up", "--native")).text).toContain("up in containers");
  expect((await chain(state, "logs", "rpc-1", "--lines", "7")).text).toContain("fake docker: compose");
  expect(await chain(state, "down")).toMatchObject({ code: 0 });
  const file = `compose --file ${join(folder, "compose.yaml")}`;
  expect(calls()).toEqual([
    "compose version",
    `${file} up --detach --remove-orphans`,
    `${file} logs --no-color --tail 7 rpc-1`,
    `${file} down --remove-orphans`,
  ]);
  vi.stubEnv("FAKE_DOCKER_CODE", "1");
  expect((await chain(state, "up")).text).toContain("Docker with its compose plugin is not here");
});

it("starts nothing with a genesis that somebody spoilt", async () => {
  const state = tempDir();
  const folder = join(state, "qbft");
  const fakes = fakePrograms(tempDir());
  environment(fakes);
  await chain(state, "init");
  const genesis = readJson<Genesis>(genesisFile(folder)) as Genesis;
  checkGenesis(genesis, readNetwork(folder));
  const { config } = genesis;
  for (const [spoilt, said] of [
    [{ config: { ...config, terminalTotalDifficulty: 0 } }, "config.terminalTotalDifficulty must not be there"],
    // A whole genesis, but not this network's.
    [{ config: { ...config, chainId: 1 } }, "config.chainId must be 7587"],
    [{ gasLimit: "0x5f5e100" }, 'gasLimit must be "0x1c9c380"'],
    [{ extraData: extraDataOf(addressesOf(4)) }, "other validators than this network's"],
  ] as const) {
    writeJson(genesisFile(folder), { ...genesis, ...spoilt });
    expect(await chain(state, "up")).toMatchObject({ code: 1, text: expect.stringContaining(said) });
  }
  expect(existsSync(fakes.FAKE_DOCKER_LOG)).toBe(false);
});

it("prepares another validator without touching those that are there", async () => {
  const state = tempDir();
  const folder = join(state, "qbft");
  createNetwork(folder, {
    validators: 4,
    rpcNodes: 1,
    chainId: 7587,
    blockPeriodSeconds: 1,
    rpcHosts: [],
    portOffset: await freeOffset(),
  });
  const genesis = readFileSync(genesisFile(folder), "utf8");
  const keys = () => readNetwork(folder).nodes.map((node) => readKeyFile(keyFile(folder, nodeName(node))));
  const before = keys();
  const prepared = await chain(state, "add-validator");
  expect(prepared.text).toMatch(/validator-5 \(0x[0-9a-f]{40}\) is ready/);
  expect(readNetwork(folder).nodes.map(nodeName)).toEqual([
    "validator-1",
    "validator-2",
    "validator-3",
    "validator-4",
    "validator-5",
    "rpc-1",
  ]);
  expect(keys()).toEqual(expect.arrayContaining(before));
  expect(readFileSync(genesisFile(folder), "utf8")).toBe(genesis);
  expect(readFileSync(join(folder, "compose.yaml"), "utf8")).toContain("  validator-5:");
  expect(readJson(join(folder, "shared", "static-nodes.json"))).toHaveLength(6);
  expect((await chain(state, "add-validator", "validator-5")).text).toContain("validator-5 does not run");
  expect((await chain(state, "add-validator", "validator-7")).text).toContain("neither a validator of this network");
  const gone = await chain(state, "remove-validator", "validator-5");
  expect(gone.text).toContain("No validator answers");
});

it.each([
  [["init", "--validators", "3"], "--validators must be a whole number from 4 to 64."],
  [["init", "--validators", "1e1"], "--validators must be a whole number"],
  [["init", "--block-period", "0"], "--block-period must be a whole number from 1 to 2."],
  [["init", "--chain-id", "0"], "--chain-id must be a whole number"],
  [["init", "--rpc-hosts", "a b"], "--rpc-hosts takes host names"],
  [["init", "--colour", "red"], "Unknown option '--colour'"],
  [["status"], "There is no network in"],
  [["upp"], "Usage: npm run chain [-- init | up"],
])("refuses %j in one sentence", async (args, sentence) => {
  const state = tempDir();
  const { code, text } = await chain(state, ...args);
  expect(code).toBe(1);
  expect(text).toContain(sentence);
  expect(text).not.toContain("    at ");
});

it.each([
  [["validator-9"], {}, "There is no node validator-9 here."],
  [["validator-1"], { BESU_HOME: "" }, "Set BESU_HOME"],
  [["validator-1"], { BESU_HOME: "/nowhere" }, "There is no Besu in /nowhere"],
])("start-native.sh %j refuses with %j", async (args, env, sentence) => {
  const folder = tempDir();
  createNetwork(folder, {
    validators: 4,
    rpcNodes: 0,
    chainId: 7587,
    blockPeriodSeconds: 1,
    rpcHosts: [],
    portOffset: 0,
  });
  const text = await new Promise<string>((resolve) => {
    const options = { env: { ...process.env, ...fakePrograms(tempDir()), ...env } };
    execFile("bash", [join(folder, "start-native.sh"), ...args], options, (_error, _out, errors) => resolve(errors));
  });
  expect(text).toContain(sentence);
});
