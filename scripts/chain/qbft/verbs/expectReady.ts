import type { Address } from "viem";
import { Refusal } from "../../../lib/say.ts";
import { nodeName, type QbftNetwork } from "../network.ts";
import { type ObserveOptions, observe } from "../watch/observe.ts";
import { isReachable } from "../watch/peerPorts.ts";
import { summarise } from "../watch/summary.ts";

/** Blocks a node may be behind and still count as having caught up. */
const CLOSE = 5;

/**
 * Refuses to vote for a node that does not follow the chain, as far as can be seen from here: it would count towards the quorum and could not
 * help to reach it. The RPC of a node on another host is closed, so of that one only the P2P port is tried.
 */
export async function expectReady(network: QbftNetwork, address: Address, options?: ObserveOptions): Promise<void> {
  const node = network.nodes.find((one) => one.address === address);
  if (!node) {
    throw new Refusal(
      `No node in network.json has the address ${address}. Bring that file up to date first, or insist with --force.`,
    );
  }
  const name = nodeName(node);
  const views = await observe(network, { outside: [], ...options });
  const own = views.find((view) => view.node === node);
  if (!own) {
    if (await isReachable(node)) return;
    throw new Refusal(
      `${name} takes no connection at ${node.at?.host}:${node.at?.p2pPort}. Start it there, let this host through its firewall, and read its status; or insist with --force.`,
    );
  }
  if (!own.alive) throw new Refusal(`${name} does not run. First: npm run chain -- up`);
  const head = summarise(network, views, Date.now()).head?.number ?? 0;
  const behind = head - (own.blocks[0]?.number ?? 0);
  if (behind > CLOSE) throw new Refusal(`${name} is ${behind} blocks behind; wait until it has caught up.`);
}
