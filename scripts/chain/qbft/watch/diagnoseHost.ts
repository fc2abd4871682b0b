import type { Address } from "viem";
import { nodeName, type QbftNetwork } from "../network.ts";
import type { Evidence, Finding } from "./diagnose.ts";
import { type Summary, staleSeconds, summarise } from "./summary.ts";

/** What one host of several can see of its nodes and of the way to the others; their RPC is closed to it. */
export function diagnoseHost({ network, views, now, unreachable = [] }: Evidence): Finding[] {
  const summary = summarise(network, views, now);
  const { head, headAgeSeconds = Number.POSITIVE_INFINITY, validators, idle, quorum } = summary;
  const named = (list: readonly { role: "validator" | "rpc"; index: number }[]) => list.map(nodeName).join(", ");
  const down = views.filter(({ alive }) => !alive).map(({ node }) => node);
  // The nodes of one host are each other's peers: with no more than those it may hear none of another host.
  const beside = views.length - down.length - 1;
  const alone = views.filter(({ alive, peers }) => alive && peers !== undefined && peers <= beside);
  // One that the chain does not count is of no concern: voted out, or not voted in yet.
  const missed = unreachable.filter(({ role, address }) => role === "rpc" || validators.includes(address));
  const isStill = headAgeSeconds > staleSeconds(network);
  const findings: Finding[] = [];
  if (down.length > 0) {
    findings.push({
      code: "node-down",
      what: `Of this host's nodes do not answer: ${named(down)}.`,
      means: "A validator that is down takes part in no block; with a third of them down there are no blocks at all.",
      todo: "Start them: npm run chain -- up. See why they ended: npm run chain -- logs NODE",
    });
  }
  if (down.length < views.length && isStill) {
    const missing = network.nodes.filter(({ address }) => idle.includes(address));
    findings.push({
      code: "standstill",
      what: head
        ? `The newest block (${head.number}) is ${Math.round(headAgeSeconds)} s old.${missing.length > 0 ? ` None of the last ones is from ${named(missing)}.` : ""}`
        : "There is no block yet.",
      means: `Fewer than ${quorum} of ${validators.length} validators agree: some are down, not connected, or in rounds that no longer match.`,
      todo: `Run status on every host. Once ${quorum} run and blocks still do not come: npm run chain -- restart-all, on all hosts within a minute.`,
    });
  }
  const absent = idle.filter((address) => !down.some((node) => node.address === address));
  if (absent.length > 0 && !isStill) findings.push(absence(network, summary, absent));
  if (alone.length > 0) {
    findings.push({
      code: "no-peers",
      what: `No peers but those on this host, as it seems: ${alone.map(({ node, peers }) => `${nodeName(node)} (${peers})`).join(", ")}.`,
      means: "It hears no blocks and no votes of the other hosts, and they hear none of its own.",
      todo: "Let TCP to and from the P2P ports of the other hosts through (docs/operating.md, hosts and firewall). Peers also drop a node of another chain: sha256sum shared/genesis.json must tell the same on every host.",
    });
  }
  if (missed.length > 0) {
    const places = missed.map((node) => `${nodeName(node)} (${node.at?.host}:${node.at?.p2pPort})`).join(", ");
    findings.push({
      code: "p2p",
      what: `No connection can be made from here to ${places}.`,
      means:
        "The node is down, or a firewall is between. Peers still meet when the other side can connect to this one.",
      todo: "Look on that host: npm run chain -- status. Let TCP to that port in there, from the other hosts.",
    });
  }
  return findings;
}

/** Validators, wherever they are, that let their turns pass: headers name who proposed. */
function absence(network: QbftNetwork, summary: Summary, absent: readonly Address[]): Finding {
  const { validators, quorum, roundChanges, idle } = summary;
  const places = absent.map((address) => {
    const node = network.nodes.find((one) => one.address === address);
    if (!node) return address;
    return node.at?.host === network.here ? `${nodeName(node)} (here)` : `${nodeName(node)} (${node.at?.host})`;
  });
  const spare = validators.length - idle.length - quorum;
  return {
    code: "absent",
    what: `None of the last ${roundChanges.blocks} blocks is from ${places.join(", ")}, although their turns came.`,
    means: `Such a validator is down, cut off, of another chain, or just back. ${spare > 0 ? `${spare} more may be missing before blocks stop.` : "With one more missing there are no blocks."}`,
    todo: "On its host: npm run chain -- doctor. Just started, it may only wait for its turn: look again in a minute.",
  };
}
