import type { QbftNetwork, QbftNode } from "./network.ts";
import type { Place } from "./places.ts";

/** Folders and files of a node as Besu sees them. */
export interface NodeFiles {
  genesis: string;
  staticNodes: string;
  /** Holds the chain and, under the name `key`, the node's key, where Besu looks for it. */
  data: string;
}

/** The node's own heap; a container or machine needs about twice as much (RocksDB, network buffers). */
export const HEAP = "-Xms256m -Xmx1g";

/**
 * Besu's command line for a node. The ENTERPRISE profile brings FULL sync, FOREST storage, a minimum gas price of 0 and
 * the sequenced pool. Everything is a flag because the image sets addresses by environment, which outranks files.
 */
export function nodeFlags(network: QbftNetwork, node: QbftNode, place: Place, files: NodeFiles): string[] {
  const validator = node.role === "validator";
  const hosts = ["localhost", "127.0.0.1", ...(validator ? [] : network.rpcHosts)];
  return [
    "--profile=ENTERPRISE",
    `--genesis-file=${files.genesis}`,
    `--data-path=${files.data}`,
    `--static-nodes-file=${files.staticNodes}`,
    // Peers are the static nodes; nobody else is looked for.
    "--discovery-enabled=false",
    // What it tells its peers; it listens on every address of its own.
    `--p2p-host=${node.at?.host ?? place.p2pHost}`,
    `--p2p-port=${place.p2pPort}`,
    // Otherwise one transaction with a tip raises what everybody is told gas costs.
    "--api-gas-price-blocks=0",
    "--rpc-http-enabled=true",
    `--rpc-http-host=${place.rpcHost}`,
    `--rpc-http-port=${place.rpcPort}`,
    `--rpc-http-api=ETH,NET,WEB3${validator ? ",QBFT,ADMIN,TXPOOL" : ""}`,
    `--host-allowlist=${hosts.join(",")}`,
    ...(validator
      ? ["--rpc-ws-enabled=false"]
      : [
          "--rpc-ws-enabled=true",
          `--rpc-ws-host=${place.rpcHost}`,
          `--rpc-ws-port=${place.wsPort}`,
          "--rpc-ws-api=ETH,NET,WEB3",
        ]),
  ];
}
