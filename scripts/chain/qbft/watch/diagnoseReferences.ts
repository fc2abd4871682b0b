import { nodeName } from "../network.ts";
import type { Evidence, Finding } from "./diagnose.ts";
import type { NodeView } from "./nodeView.ts";
import type { Reference } from "./references.ts";

/** Blocks that one may be behind: they are asked one after the other, and each may take some seconds. */
const CLOSE = 10;

const names = (views: readonly NodeView[]): string => views.map(({ node }) => nodeName(node)).join(", ");

/** In which of this host's nodes the genesis block, or chain id, is not that of a node elsewhere. */
export function otherChain({ network, views, references = [] }: Pick<Evidence, "network" | "views" | "references">) {
  return references.flatMap((reference): Finding[] => {
    const { name, chainId, genesisHash } = reference;
    if (chainId !== undefined && chainId !== network.chainId) {
      return [
        {
          code: "genesis",
          what: `${name} is of chain id ${chainId}; this network has ${network.chainId}.`,
          means: "It is a node of another chain, or the address is another network's: nothing else was compared.",
          todo: "Ask another one: --rpc URL. If it is one of this network's hosts, run doctor there.",
        },
      ];
    }
    const others = views.filter((view) => genesisHash && view.genesisHash && view.genesisHash !== genesisHash);
    if (others.length === 0) return [];
    return [
      {
        code: "genesis",
        what: `Another genesis block than ${name} (${genesisHash}): ${names(others)} (${[...new Set(others.map((view) => view.genesisHash))].join(", ")}).`,
        means:
          "The two are of different chains. Peers of the one drop those of the other, and its votes and blocks do not count.",
        todo: "sha256sum shared/genesis.json on every host shows whose file differs. Stop that host's nodes, give it the others' file, move each node's data folder away but keep the file data/key, and start it.",
      },
    ];
  });
}

/** What else the nodes of this host and those elsewhere do not have in common. */
export function apart(evidence: Evidence): Finding[] {
  const { network, references = [], views } = evidence;
  return references.flatMap((reference) => {
    if (reference.isGiven && !reference.alive) return [mute(reference)];
    const isSame = reference.chainId === network.chainId && otherChain({ network, views, references: [reference] });
    if (!isSame || isSame.length > 0) return [];
    return [...forked(reference, views), ...behind(reference, views)];
  });
}

const mute = ({ name }: Reference): Finding => ({
  code: "reference",
  what: `${name} does not answer.`,
  means: "Nothing was compared with it. Its node or the proxy before it is down, or the address is another one.",
  todo: "Try it with another address: --rpc URL. If it is one of this network's hosts, run doctor there.",
});

/** QBFT has no two blocks of a height: whoever has another one follows other rules. */
function forked({ name, shared }: Reference, views: readonly NodeView[]): Finding[] {
  if (!shared) return [];
  const others = views.filter(({ blocks }) =>
    blocks.some(({ number, hash }) => number === shared.number && hash !== shared.hash),
  );
  if (others.length === 0) return [];
  return [
    {
      code: "fork",
      what: `Block ${shared.number} is another one at ${name} (${shared.hash}) than at ${names(others)}.`,
      means:
        "The chain has come apart: from some block on the two follow different rules, or different validators signed both.",
      todo: "Stop what writes to the chain. Compare Besu's version and shared/genesis.json (times of forks) on every host; those that differ from most are emptied as after a damaged database (docs/operating.md).",
    },
  ];
}

function behind({ name, head, isHere }: Reference, views: readonly NodeView[]): Finding[] {
  if (!head || isHere) return [];
  const alive = views.filter(({ alive }) => alive);
  const height = ({ blocks }: NodeView) => blocks[0]?.number ?? 0;
  const late = alive.filter((view) => head.number - height(view) > CLOSE);
  const newest = Math.max(...alive.map(height));
  const findings: Finding[] = [];
  if (late.length > 0) {
    findings.push({
      code: "behind",
      what: `Behind ${name} (block ${head.number}): ${late.map((view) => `${nodeName(view.node)} (${height(view)})`).join(", ")}.`,
      means: "It is still fetching the chain, or it is cut off from the other hosts. Until then it signs no new block.",
      todo: "Run status again in a minute. If its height does not come closer: npm run chain -- logs NODE",
    });
  }
  if (alive.length > 0 && newest - head.number > CLOSE) {
    findings.push({
      code: "behind",
      what: `${name} is behind: it has block ${head.number}, this host ${newest}.`,
      means: "Whoever asks that node sees an old state of the chain.",
      todo: "Run status on the host that this address leads to.",
    });
  }
  return findings;
}
