import { existsSync } from "node:fs";
import { writeJson } from "../../lib/files.ts";
import { Refusal } from "../../lib/say.ts";
import { createNode } from "./createNode.ts";
import { createGenesis } from "./genesis.ts";
import { checkHosts, placeOn } from "./hosts.ts";
import { networkFile, type QbftNetwork, type QbftNode } from "./network.ts";
import { genesisFile, writeFiles } from "./writeFiles.ts";

export interface NetworkOptions {
  validators: number;
  rpcNodes: number;
  chainId: number;
  blockPeriodSeconds: number;
  rpcHosts: string[];
  portOffset: number;
  /** Addresses of the hosts that the nodes are dealt out to in turn; absent or empty: all run on this machine. */
  hosts?: readonly string[];
}

/** Fills a folder with a new network. Refuses one that has a network: keys and genesis are never written over. */
export function createNetwork(folder: string, options: NetworkOptions): QbftNetwork {
  if (existsSync(networkFile(folder))) {
    throw new Refusal(`${folder} already holds a network; nothing was changed. Choose another folder with --out.`);
  }
  const { chainId, blockPeriodSeconds, rpcHosts, portOffset, hosts = [] } = options;
  if (hosts.length > 0) checkHosts(hosts, options.validators);
  const nodes: QbftNode[] = [];
  for (const [role, count] of [
    ["validator", options.validators],
    ["rpc", options.rpcNodes],
  ] as const) {
    for (let index = 1; index <= count; index++) {
      const host = hosts[(index - 1) % hosts.length];
      nodes.push(createNode(folder, role, index, host === undefined ? undefined : placeOn(host, nodes, portOffset)));
    }
  }
  const validators = nodes.filter(({ role }) => role === "validator");
  const firstValidators = validators.map(({ address }) => address);
  const network: QbftNetwork = {
    version: 1,
    chainId,
    blockPeriodSeconds,
    rpcHosts,
    portOffset,
    nodes,
    firstValidators,
  };
  writeJson(genesisFile(folder), createGenesis({ chainId, blockPeriodSeconds, validators: firstValidators }));
  writeFiles(folder, network);
  return network;
}
