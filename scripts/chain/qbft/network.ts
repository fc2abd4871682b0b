import { isIPv4 } from "node:net";
import { join, resolve } from "node:path";
import { type Address, type Hex, isAddress, isHex } from "viem";
import { readJson, writeJson } from "../../lib/files.ts";
import { stateDir } from "../../lib/paths.ts";
import { Refusal } from "../../lib/say.ts";

/** Fewer cannot lose one: QBFT needs 2/3 of them to agree. */
export const FEWEST_VALIDATORS = 4;
export const MOST_VALIDATORS = 64;
export const MOST_RPC_NODES = 16;
export const MOST_PORT_OFFSET = 30_000;

export interface QbftNode {
  role: "validator" | "rpc";
  /** Counts from 1 within its role; name, addresses and ports follow from it. */
  index: number;
  address: Address;
  publicKey: Hex;
  /** Where its peers reach it, in a network of several hosts. */
  at?: { host: string; p2pPort: number };
}

/** `network.json`: what the network consists of. Nothing in it is secret. */
export interface QbftNetwork {
  version: 1;
  chainId: number;
  blockPeriodSeconds: number;
  /** Host names under which the RPC nodes may be asked, besides the loopback's. */
  rpcHosts: string[];
  /** Added to every port of the host, so that a second network fits beside the first. */
  portOffset: number;
  nodes: QbftNode[];
  /** Who validates block 0. Absent in a network of before this was written down: all of them are among its nodes, then. */
  firstValidators?: Address[];
  /** Host whose folder this is, in a network of several hosts; absent in the folder that all hosts' folders are in. */
  here?: string;
}

export const nodeName = ({ role, index }: Pick<QbftNode, "role" | "index">): string => `${role}-${index}`;
export const validatorsOf = ({ nodes }: QbftNetwork): QbftNode[] => nodes.filter(({ role }) => role === "validator");
/** Whether the network is spread over several hosts. */
export const isSpread = ({ nodes }: QbftNetwork): boolean => nodes.some(({ at }) => at !== undefined);
/** The nodes of this machine: all, unless the network has several hosts. */
export const localNodes = ({ nodes, here }: QbftNetwork): QbftNode[] =>
  nodes.filter(({ at }) => at === undefined || at.host === here);

/** Folder of a network: what `--dir` or `--out` says, or `qbft` beside the local chain's state. */
export const networkFolder = (given: string | undefined): string => resolve(given ?? join(stateDir(), "qbft"));
export const networkFile = (folder: string): string => join(folder, "network.json");

export function writeNetwork(folder: string, network: QbftNetwork): void {
  writeJson(networkFile(folder), network);
}

/** The network of a folder, checked. */
export function readNetwork(folder: string): QbftNetwork {
  const file = networkFile(folder);
  let network: QbftNetwork | undefined;
  try {
    network = readJson<QbftNetwork>(file);
  } catch {
    throw new Refusal(`${file} cannot be read as JSON.`);
  }
  if (network === undefined) {
    throw new Refusal(`There is no network in ${folder}. Make one: npm run chain -- init --out ${folder}`);
  }
  if (!isNetwork(network)) throw new Refusal(`${file} does not describe a network.`);
  return network;
}

/** The network of a folder whose nodes run on this machine. */
export function readLocalNetwork(folder: string): QbftNetwork {
  const network = readNetwork(folder);
  if (isSpread(network) && network.here === undefined) {
    throw new Refusal(
      `The network in ${folder} has several hosts. Copy hosts/ADDRESS to its host, and there: --dir FOLDER`,
    );
  }
  return network;
}

function isNetwork(value: QbftNetwork): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    value.version === 1 &&
    within(value.chainId, 1, 0xffff_ffff) &&
    within(value.blockPeriodSeconds, 1, 2) &&
    Array.isArray(value.rpcHosts) &&
    value.rpcHosts.every(isHostName) &&
    within(value.portOffset, 0, MOST_PORT_OFFSET) &&
    Array.isArray(value.nodes) &&
    value.nodes.every(isNode) &&
    (!isSpread(value) || value.nodes.every(({ at }) => at !== undefined)) &&
    (value.firstValidators === undefined || areValidators(value.firstValidators)) &&
    (value.here === undefined || isHostAddress(value.here))
  );
}

const isNode = (node: QbftNode): boolean =>
  (node?.role === "validator" || node?.role === "rpc") &&
  within(node.index, 1, node.role === "validator" ? MOST_VALIDATORS : MOST_RPC_NODES) &&
  isAddress(node.address, { strict: false }) &&
  isHex(node.publicKey) &&
  node.publicKey.length === 130 &&
  (node.at === undefined || (isHostAddress(node.at?.host) && within(node.at.p2pPort, 1_024, 65_535)));

const areValidators = (value: Address[]): boolean =>
  Array.isArray(value) &&
  within(value.length, FEWEST_VALIDATORS, MOST_VALIDATORS) &&
  value.every((one) => isAddress(one, { strict: false }));

/** Besu announces itself under an address only, never a name; the loopback and no address at all lead nowhere from another host. */
export const isHostAddress = (text: unknown): text is string =>
  typeof text === "string" && isIPv4(text) && !/^(0|127|22[4-9]|2[3-5]\d)\./.test(text);

/** It stands on Besu's command line, so nothing but a name may be in it. */
export const isHostName = (text: unknown): text is string =>
  typeof text === "string" && /^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$/i.test(text);

export const within = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;
