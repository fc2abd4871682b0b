import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Address, encodeFunctionData, parseAbi, parseEther, zeroHash } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Chain, startChain } from "../../scripts/chain/startChain.ts";
import { compileContracts } from "../../scripts/codegen/compile.ts";
import { readArtifact } from "../../scripts/deploy/artifacts.ts";
import { constructorArguments } from "../../scripts/deploy/constructors.ts";
import { type DeployOptions, deployContracts } from "../../scripts/deploy/deployContracts.ts";
import { localParameters } from "../../scripts/deploy/parameters.ts";
import { createSender, type Sender } from "../../scripts/deploy/sender.ts";
import type { Deployment } from "../../scripts/deploy/types.ts";
import { randomKey, readKeyFile } from "../../scripts/lib/keys.ts";
import { root } from "../../scripts/lib/paths.ts";
import { dyingProxy } from "./support/proxy.ts";
import { tempDir } from "./support/temp.ts";

let chain: Chain;

beforeAll(async () => {
  await compileContracts();
  chain = await startChain({ blockSeconds: 0.1 });
});
afterAll(() => chain.stop());

function options(more: Partial<DeployOptions> = {}): DeployOptions {
  return {
    name: "test",
    rpcUrl: chain.rpcUrl,
    chainId: chain.chainId,
    deployer: privateKeyToAccount(randomKey()),
    parameters: localParameters,
    file: join(tempDir(), "test.json"),
    ...more,
  };
}

const reader = (account = privateKeyToAccount(randomKey())) =>
  createSender({ rpcUrl: chain.rpcUrl, chainId: chain.chainId, account });

const transactions = (address: Address): Promise<number> => reader().client.getTransactionCount({ address });

const skmAbi = parseAbi([
  "struct Bucket { bytes32 name; address controller; uint48 start; uint48 duration; uint128 cap; uint128 emitted; }",
  "function buckets() view returns (Bucket[])",
  "function totalSupply() view returns (uint256)",
  "function balanceOf(address) view returns (uint256)",
]);

it("changes nothing when it is repeated", async () => {
  const twice = options();
  const first = await deployContracts(twice);
  expect(first.done).not.toEqual([]);
  const record = readFileSync(twice.file, "utf8");
  const before = await transactions(twice.deployer.address);

  const second = await deployContracts(twice);
  expect(second.done).toEqual([]);
  expect(second.deployment).toEqual(first.deployment);
  expect(readFileSync(twice.file, "utf8")).toBe(record);
  expect(await transactions(twice.deployer.address)).toBe(before);
});

it("writes down by which blocks rewards are counted: not what an earlier record says, nor what the chain contradicts", async () => {
  const begun = options();
  await expect(deployContracts({ ...begun, blockSeconds: 2 })).rejects.toThrow('says "blockSeconds": 2');
  const record = readFileSync(begun.file, "utf8");
  expect(record).not.toContain("blockSeconds");
  writeFileSync(begun.file, JSON.stringify({ ...JSON.parse(record), blockSeconds: 2 }));
  // All the rest was deployed before.
  const { deployment, done } = await deployContracts(begun);
  expect(done[0]).toBe("OperatorRewards");
  expect(deployment).not.toHaveProperty("blockSeconds");
});

it("goes on after an interruption, at any step, without doing anything twice", async () => {
  const grants = [
    { to: privateKeyToAccount(randomKey()).address, amount: 5n },
    { to: privateKeyToAccount(randomKey()).address, amount: 7n },
  ];
  const once = options({ grants });
  const { deployment } = await deployContracts(once);
  const needed = await transactions(once.deployer.address);

  // The starter dies after each number of transactions: its connection ends there.
  const broken = options({ grants });
  let runs = 0;
  for (; runs < 2 * needed; runs++) {
    const rpcUrl = await dyingProxy(chain.rpcUrl, 1);
    try {
      await deployContracts({ ...broken, rpcUrl });
      break;
    } catch {
      // Again.
    }
  }
  expect(runs).toBeGreaterThan(3);
  expect(await transactions(broken.deployer.address)).toBe(needed);
  const { contracts } = JSON.parse(readFileSync(broken.file, "utf8")) as Deployment;
  const balance = (to: Address) =>
    reader().client.readContract({ address: contracts.skm, abi: skmAbi, functionName: "balanceOf", args: [to] });
  expect(await Promise.all(grants.map(({ to }) => balance(to)))).toEqual([parseEther("5"), parseEther("7")]);
  expect(Object.keys(contracts)).toEqual(Object.keys(deployment.contracts));
});

it("leaves the deployer without power: buckets, roles and supply", async () => {
  const grant = { to: privateKeyToAccount(randomKey()).address, amount: 1_000n };
  const done = options({ grants: [grant], governors: [privateKeyToAccount(randomKey()).address] });
  const { deployment } = await deployContracts(done);
  const { client } = reader();
  const { skm, membership, usageFees, relayRegistry, operatorRewards } = deployment.contracts;
  const buckets = await client.readContract({ address: skm, abi: skmAbi, functionName: "buckets" });
  const names = localParameters.buckets.map(({ name }) => name);
  for (const [index, { controller }] of buckets.entries())
    expect(controller).toBe(names[index] === "network" ? operatorRewards : deployment.governor);
  expect(await client.readContract({ address: skm, abi: skmAbi, functionName: "totalSupply" })).toBe(
    parseEther("1000"),
  );

  const roles = parseAbi(["function hasRole(bytes32, address) view returns (bool)"]);
  const has = (address: Address, role: `0x${string}`) =>
    client.readContract({ address, abi: roles, functionName: "hasRole", args: [role, done.deployer.address] });
  const named = [
    "DEFAULT_ADMIN_ROLE",
    "GOVERNOR_ROLE",
    "FEE_SPENDER_ROLE",
    "PROPOSER_ROLE",
    "EXECUTOR_ROLE",
    "CANCELLER_ROLE",
  ];
  const { keccak256, toBytes } = await import("viem");
  for (const name of named) {
    const role = name === "DEFAULT_ADMIN_ROLE" ? (`0x${"0".repeat(64)}` as const) : keccak256(toBytes(name));
    for (const address of [membership, usageFees, relayRegistry, operatorRewards, deployment.governor])
      expect(await has(address, role)).toBe(false);
  }
});

it("changes nothing either when the governors handed the bucket on to better rewards", async () => {
  // Governed by the deployer, for want of others.
  const deployed = options({ parameters: { ...localParameters, governorDelay: 1 } });
  const { deployment } = await deployContracts(deployed);
  const { governor, contracts } = deployment;
  const governs = createSender({ rpcUrl: chain.rpcUrl, chainId: chain.chainId, account: deployed.deployer });
  const better = await governs.deploy(
    readArtifact(root, "OperatorRewards"),
    constructorArguments(
      "OperatorRewards",
      { SKM: contracts.skm, TimelockController: governor },
      { parameters: deployed.parameters, deployer: governs.address, following: governor, now: 0 },
    ),
  );
  await throughTimelock(governs, governor, contracts.operatorRewards, better.address);
  expect((await deployContracts(deployed)).done).toEqual([]);

  // What somebody else got is refused still.
  const stranger = privateKeyToAccount(randomKey()).address;
  await throughTimelock(governs, governor, better.address, stranger);
  await expect(deployContracts(deployed)).rejects.toThrow(`controlled by ${stranger}`);
});

/** The governors' word that the rewards hand their bucket on, announced and carried out. */
async function throughTimelock(governs: Sender, timelock: Address, rewards: Address, to: Address): Promise<void> {
  const abi = parseAbi([
    "function schedule(address, uint256, bytes, bytes32, bytes32, uint256)",
    "function execute(address, uint256, bytes, bytes32, bytes32) payable",
    "function handOver(address)",
  ]);
  const call = [rewards, 0n, encodeFunctionData({ abi, functionName: "handOver", args: [to] }), zeroHash, zeroHash];
  await governs.send(timelock, abi, "schedule", [...call, 1n]);
  // The delay is a second of the chain's clock.
  for (let tries = 0; ; tries++) {
    try {
      return await governs.send(timelock, abi, "execute", call);
    } catch (error) {
      if (tries === 50) throw error;
      await sleep(200);
    }
  }
}

it("refuses a chain with another id and a record of another chain", async () => {
  await expect(deployContracts(options({ chainId: 1 }))).rejects.toThrow("Nothing was sent");
  const other = options();
  writeFileSync(other.file, JSON.stringify({ name: "test", chainId: 5, contracts: {} }));
  await expect(deployContracts(other)).rejects.toThrow("belongs to chain 5");
  expect(await transactions(other.deployer.address)).toBe(0);
});

it("refuses to touch contracts of another version, or replaces them all when told to", async () => {
  const deployed = options();
  const { deployment } = await deployContracts(deployed);
  // An address with other code stands in for a contract that has changed since.
  const record = JSON.parse(readFileSync(deployed.file, "utf8")) as { deployed: Record<string, string> };
  record.deployed.SKM = deployment.contracts.membership;
  writeFileSync(deployed.file, JSON.stringify(record));
  await expect(deployContracts(deployed)).rejects.toThrow("SKM differ");
  const replaced = await deployContracts({ ...deployed, onOtherVersion: "replace" });
  expect(replaced.done).toContain("SKM");
  expect(replaced.deployment.contracts.relayRegistry).not.toBe(deployment.contracts.relayRegistry);
});

it("begins anew, or sends nothing, where the fees would not be those that may use credit", async () => {
  const deployed = options();
  await deployContracts(deployed);
  // As after an interruption in which the deployer sent something else: the next nonce is another one.
  const record = JSON.parse(readFileSync(deployed.file, "utf8")) as { deployed: Record<string, string> };
  delete record.deployed.UsageFees;
  writeFileSync(deployed.file, JSON.stringify(record));
  await expect(deployContracts(deployed)).rejects.toThrow("Membership differ from");
  const { done } = await deployContracts({ ...deployed, onOtherVersion: "replace" });
  expect(done).toContain("Membership");
  expect((await deployContracts(deployed)).done).toEqual([]);
});

it("never repeats a key that it cannot read", () => {
  const file = join(tempDir(), "key");
  writeFileSync(file, "0x1234secret", { mode: 0o600 });
  expect(() => readKeyFile(file)).toThrow(/does not hold a key/);
  expect(() => readKeyFile(file)).not.toThrow(/1234secret/);
  writeFileSync(`${file}2`, randomKey(), { mode: 0o644 });
  expect(() => readKeyFile(`${file}2`)).toThrow("chmod 600");
});
