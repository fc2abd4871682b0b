import { rpc } from "../../rpc.ts";
import { localNodes, type QbftNetwork, type QbftNode } from "../network.ts";
import { rpcUrlOf } from "../places.ts";
import type { BlockView, NodeView } from "./nodeView.ts";
import { outsideAddresses } from "./outside.ts";
import { addresses, block, modules, poolSize, quantity, safeNumber } from "./parse.ts";
import { answersAt } from "./reach.ts";

/** Blocks looked back at for rounds, block time and missing proposers, beyond one turn of every validator. */
const LOOK_BACK = 12;

export interface ObserveOptions {
  /** Where a node is asked; its loopback port when absent. */
  urlOf?: (node: QbftNode) => string;
  /** Addresses under which this machine may be reached from outside. */
  outside?: readonly string[];
  timeoutMs?: number;
}

/** Asks every node of this machine at the same time what it knows. Never throws for a node: one that does not answer is not alive. */
export function observe(network: QbftNetwork, options: ObserveOptions = {}): Promise<NodeView[]> {
  return Promise.all(localNodes(network).map((node) => observeNode(network, node, options)));
}

async function observeNode(network: QbftNetwork, node: QbftNode, options: ObserveOptions): Promise<NodeView> {
  const { outside = outsideAddresses(), timeoutMs = 3_000 } = options;
  const url = options.urlOf?.(node) ?? rpcUrlOf(network, node);
  const depth = LOOK_BACK + network.nodes.length;
  /** Undefined when the node does not know the method or answers nonsense. */
  const ask = async <T>(method: string, params: unknown[], parse: (value: unknown) => T): Promise<T | undefined> => {
    try {
      return parse(await rpc<unknown>(url, method, params, timeoutMs));
    } catch {
      return undefined;
    }
  };
  const head = await ask("eth_blockNumber", [], safeNumber);
  if (head === undefined) return { node, alive: false, blocks: [], openAt: [], anyHost: false };
  const blockAt = (number: number) => ask("eth_getBlockByNumber", [`0x${number.toString(16)}`, false], block);
  const oldest = Math.max(1, head - depth + 1);
  const numbers = Array.from({ length: Math.max(0, head - oldest + 1) }, (_, at) => head - at);
  const port = Number(new URL(url).port);
  const [genesis, blocks, chainId, peers, gasPrice, tip, validators, pool, groups, reached, anyHost] =
    await Promise.all([
      blockAt(0),
      Promise.all(numbers.map(blockAt)),
      ask("eth_chainId", [], safeNumber),
      ask("net_peerCount", [], safeNumber),
      ask("eth_gasPrice", [], quantity),
      ask("eth_maxPriorityFeePerGas", [], quantity),
      ask("qbft_getValidatorsByBlockNumber", ["latest"], addresses),
      ask("txpool_besuStatistics", [], poolSize),
      ask("rpc_modules", [], modules),
      // The host allow-list does not hide a port: a stranger claims a name that is on it.
      Promise.all(outside.map((host) => answersAt(host, port, "localhost", timeoutMs))),
      answersAt("127.0.0.1", port, "elsewhere.example", timeoutMs),
    ]);
  return {
    node,
    alive: true,
    genesisHash: genesis?.hash,
    blocks: blocks.filter((found): found is BlockView => found !== undefined),
    chainId,
    peers,
    gasPrice,
    tip,
    validators,
    pool,
    modules: groups,
    openAt: outside.filter((_, at) => reached[at]),
    anyHost,
  };
}
