import { type Address, getAddress, type LocalAccount, zeroAddress } from "viem";
import { readJson, writeJson } from "../lib/files.ts";
import { root } from "../lib/paths.ts";
import { Refusal, type Say, silent } from "../lib/say.ts";
import { type ContractFile, isCodeOf, readArtifact } from "./artifacts.ts";
import { noteBlockSeconds } from "./blockSeconds.ts";
import { constructorArguments } from "./constructors.ts";
import { handOver } from "./handOver.ts";
import { mayUseCredit } from "./mayUseCredit.ts";
import { createSender, type Sender } from "./sender.ts";
import type { Deployment, Grant, Parameters } from "./types.ts";
import { nameValidators } from "./validators.ts";

/** Later ones refer to earlier ones. */
const ORDER = [
  "TimelockController",
  "SKM",
  "IdentityRegistry",
  "Membership",
  "UsageFees",
  "RelayRegistry",
  "SessionAnchor",
  "Escrow",
  "Agreements",
  "RedPackets",
  "JobBoard",
  "OperatorRewards",
] as const satisfies readonly ContractFile[];

export interface DeployOptions {
  name: string;
  rpcUrl: string;
  chainId: number;
  deployer: LocalAccount;
  parameters: Parameters;
  /** Where the addresses are kept, e.g. deployments/<network>.json. Read first, so that repeating is safe. */
  file: string;
  /** SKM given out of the genesis bucket before the deployer gives its control away. */
  grants?: readonly Grant[];
  /** Accounts that may propose and carry out changes through the timelock. The deployer alone when absent. */
  governors?: readonly Address[];
  /** Who attests rewards, ascending. With none, nobody is paid until the governors name some. */
  attesters?: readonly Address[];
  fees?: "zero" | "estimate";
  /** Seconds that a block takes where none is late. When absent it is one, and a chain that looks otherwise is refused. */
  blockSeconds?: number;
  /** What to do when the code on chain is not this version's: refuse, or deploy all contracts anew. */
  onOtherVersion?: "refuse" | "replace";
  say?: Say;
}

export interface DeployResult {
  deployment: Deployment;
  /** What was sent in this run, e.g. "SKM", "granted 10000 SKM"; empty when everything was in place. */
  done: string[];
}

/** The addresses while a deployment is under way: each is written down before its transaction is sent. */
type Progress = Partial<Record<ContractFile, Address>>;
interface RecordFile extends Deployment {
  deployed: Progress;
}

/**
 * Brings a network's contracts to the described state and stops there: run again it changes nothing, run after an
 * interruption it goes on where it stopped. Afterwards the deployer has no power over any of them.
 */
export async function deployContracts(options: DeployOptions): Promise<DeployResult> {
  const { say = silent } = options;
  const sender = createSender({ ...options, account: options.deployer });
  await expectChain(sender, options);
  // An interrupted run may have left transactions that no block holds yet.
  await sender.settled();
  let record = readRecord(options);
  const other = await otherVersions(sender, record.deployed);
  if (other.length > 0) {
    if (options.onOtherVersion !== "replace") throw new Refusal(otherVersionText(options, other));
    say.warn(`${other.join(", ")} changed since this network was begun: all contracts are deployed anew.`);
    writeJson(`${options.file}.replaced-${Date.now()}`, record);
    record = emptyRecord(options);
  }
  const done: string[] = [];
  for (const name of ORDER) {
    const address = record.deployed[name];
    if (address && (await hasCode(sender, address))) continue;
    const artifact = readArtifact(root, name);
    const args = constructorArguments(name, record.deployed, {
      ...options,
      deployer: sender.address,
      following: await sender.nextAddress(1n),
      now: Number((await sender.client.getBlock({ blockTag: "latest" })).timestamp),
    });
    record.deployed[name] = await sender.nextAddress();
    if (name === "OperatorRewards") await noteBlockSeconds(sender.client, record, options.blockSeconds, say);
    save(options.file, record);
    const { address: at, block } = await sender.deploy(artifact, args);
    if (getAddress(at) !== record.deployed[name]) throw new Error(`${name} went elsewhere than expected`);
    if (ORDER[0] === name) record.fromBlock = Number(block);
    done.push(name);
    // Contracts that referred to a lost one are lost with it.
    for (const later of ORDER.slice(ORDER.indexOf(name) + 1)) delete record.deployed[later];
    save(options.file, record);
    say.step(`${name} is at ${at}`);
  }
  done.push(...(await handOver(sender, record.deployed, options.grants ?? [])));
  const named = await nameValidators(sender.client, record, say);
  if (named) {
    Object.assign(record, named);
    done.push(`named ${named.validators.length} validators of block ${named.validatorsAt.number}`);
  }
  save(options.file, record);
  const { deployed: _, ...deployment } = record;
  return { deployment, done };
}

async function expectChain(sender: Sender, { chainId, name }: DeployOptions): Promise<void> {
  const actual = await sender.client.getChainId();
  if (actual !== chainId) {
    throw new Refusal(
      `The chain that answers has id ${actual}, but network "${name}" has id ${chainId}. Nothing was sent.`,
    );
  }
}

const hasCode = async (sender: Sender, address: Address): Promise<boolean> =>
  ((await sender.client.getCode({ address })) ?? "0x") !== "0x";

/** Contracts that are not what this version makes of them; one without code only is missing. */
async function otherVersions(sender: Sender, deployed: Progress): Promise<ContractFile[]> {
  const other: ContractFile[] = [];
  for (const name of ORDER) {
    const address = deployed[name];
    if (!address) continue;
    const code = await sender.client.getCode({ address });
    if (code && code !== "0x" && !isCodeOf(readArtifact(root, name), code)) other.push(name);
  }
  const { Membership: membership, UsageFees: fees } = deployed;
  if (!other.includes("Membership") && membership && (await hasCode(sender, membership))) {
    // One that was made for other fees, or for none, looks the same.
    const those = fees && (await hasCode(sender, fees)) ? fees : await sender.nextAddress();
    if (!(await mayUseCredit(sender, membership, those))) other.push("Membership");
  }
  return other;
}

function otherVersionText({ name, file }: DeployOptions, other: readonly string[]): string {
  return [
    `On network "${name}", ${other.join(", ")} differ from this version's code. Nothing was sent.`,
    "Contracts cannot be changed in place. Check out the version that deployed them, or move the record away to",
    `begin a new set of contracts with new addresses: ${file}`,
  ].join("\n");
}

function emptyRecord({ name, chainId }: DeployOptions): RecordFile {
  return {
    name,
    chainId,
    fromBlock: 0,
    contracts: {
      skm: zeroAddress,
      membership: zeroAddress,
      identityRegistry: zeroAddress,
      relayRegistry: zeroAddress,
      sessionAnchor: zeroAddress,
      usageFees: zeroAddress,
      agreements: zeroAddress,
      redPackets: zeroAddress,
      jobBoard: zeroAddress,
      operatorRewards: zeroAddress,
    },
    governor: zeroAddress,
    deployed: {},
  };
}

function readRecord(options: DeployOptions): RecordFile {
  const record = readJson<RecordFile>(options.file);
  if (!record) return emptyRecord(options);
  if (record.chainId !== options.chainId) {
    throw new Refusal(`${options.file} belongs to chain ${record.chainId}, not ${options.chainId}. Nothing was sent.`);
  }
  return { ...emptyRecord(options), ...record, deployed: record.deployed ?? {} };
}

function save(file: string, record: RecordFile): void {
  const { deployed } = record;
  const at = (name: ContractFile): Address => deployed[name] ?? zeroAddress;
  record.contracts = {
    skm: at("SKM"),
    membership: at("Membership"),
    identityRegistry: at("IdentityRegistry"),
    relayRegistry: at("RelayRegistry"),
    sessionAnchor: at("SessionAnchor"),
    usageFees: at("UsageFees"),
    agreements: at("Agreements"),
    redPackets: at("RedPackets"),
    jobBoard: at("JobBoard"),
    operatorRewards: at("OperatorRewards"),
  };
  record.governor = at("TimelockController");
  writeJson(file, record);
}
