import { existsSync } from "node:fs";
import { writeJson } from "../../lib/files.ts";
import { Refusal } from "../../lib/say.ts";
import { createNode } from "./createNode.ts";
import { createGenesis } from "./genesis.ts";
import { networkFile, type QbftNetwork } from "./network.ts";
import { genesisFile, writeFiles } from "./writeFiles.ts";

export interface NetworkOptions {
  validators: number;
  rpcNodes: number;
  chainId: number;
  blockPeriodSeconds: number;
  rpcHosts: string[];
  portOffset: number;
}

/** Fills a folder with a new network. Refuses one that has a network: keys and genesis are never written over. */
export function createNetwork(folder: string, options: NetworkOptions): QbftNetwork {
  if (existsSync(networkFile(folder))) {
    throw new Refusal(`${folder} already holds a network; nothing was changed. Choose another folder with --out.`);
  }
  const { chainId, blockPeriodSeconds, rpcHosts, portOffset } = options;
  const some = (role: "validator" | "rpc", count: number) =>
    Array.from({ length: count }, (_, at) => createNode(folder, role, at + 1));
  const validators = some("validator", options.validators);
  const nodes = [...validators, ...some("rpc", options.rpcNodes)];
  const network: QbftNetwork = { version: 1, chainId, blockPeriodSeconds, rpcHosts, portOffset, nodes };
  const addresses = validators.map(({ address }) => address);
  writeJson(genesisFile(folder), createGenesis({ chainId, blockPeriodSeconds, validators: addresses }));
  writeFiles(folder, network);
  return network;
}
