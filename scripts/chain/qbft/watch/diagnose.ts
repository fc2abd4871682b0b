import type { Hex } from "viem";
import { requestTimeoutSeconds } from "../genesis.ts";
import { isSpread, nodeName, type QbftNetwork, type QbftNode } from "../network.ts";
import { diagnoseHost } from "./diagnoseHost.ts";
import { apart, otherChain } from "./diagnoseReferences.ts";
import type { NodeView } from "./nodeView.ts";
import type { Reference } from "./references.ts";
import { staleSeconds, summarise } from "./summary.ts";

/** Proposers and verifiers compare timestamps with their own clocks, of whole seconds. */
const SKEW_MS = 500;
/** API groups with which a stranger could stop or turn a node. */
const POWERFUL = ["ADMIN", "QBFT", "TXPOOL", "DEBUG", "MINER", "PERM", "PLUGINS", "ENGINE"];

export interface Finding {
  code:
    | "no-quorum"
    | "node-down"
    | "standstill"
    | "no-peers"
    | "absent"
    | "p2p"
    | "round-timeouts"
    | "clock"
    | "genesis"
    | "fork"
    | "behind"
    | "reference"
    | "gas-price"
    | "tip"
    | "open-rpc";
  /** What is seen. */
  what: string;
  means: string;
  todo: string;
}

export interface Evidence {
  network: QbftNetwork;
  views: readonly NodeView[];
  /** Milliseconds since 1970. */
  now: number;
  /** How far this machine's clock is ahead; undefined when no time server answered. */
  clockOffsetMs: number | undefined;
  /** Nodes of other hosts whose P2P port takes no connection. */
  unreachable?: readonly QbftNode[];
  /** Nodes elsewhere to compare with. */
  references?: readonly Reference[];
}

/** What is wrong with a network, the gravest first. */
export function diagnose(evidence: Evidence): Finding[] {
  return [isSpread(evidence.network) ? diagnoseHost : halted, clock, genesis, apart, gasPrice, tip, openRpc].flatMap(
    (rule) => rule(evidence),
  );
}

const names = (views: readonly NodeView[]): string => views.map(({ node }) => nodeName(node)).join(", ");

function halted({ network, views, now }: Evidence): Finding[] {
  const {
    validators,
    silent,
    quorum,
    head,
    headAgeSeconds = Number.POSITIVE_INFINITY,
  } = summarise(network, views, now);
  const alive = validators.length - silent.length;
  if (alive < quorum) {
    const down = views.filter(({ node }) => silent.includes(node.address)).map(({ node }) => nodeName(node));
    return [
      {
        code: "no-quorum",
        what: `${alive} of ${validators.length} validators answer; ${quorum} are needed (not answering: ${down.join(", ") || silent.join(", ")}).`,
        means:
          "No block can be agreed on. The chain stands still and loses nothing; it goes on by itself when enough are back.",
        todo: "Start the missing validators: npm run chain -- up. See why they ended: npm run chain -- logs NODE",
      },
    ];
  }
  const timeout = requestTimeoutSeconds(network.blockPeriodSeconds);
  if (headAgeSeconds <= staleSeconds(network)) return [];
  // Round r lasts timeout * 2^r: after t seconds of outage the round at hand lasts about as long again.
  const what = head
    ? `Enough validators answer, but the newest block (${head.number}) is ${Math.round(headAgeSeconds)} s old.`
    : "Enough validators answer, but there is no block yet.";
  return [
    {
      code: "round-timeouts",
      what,
      means: `Each failed round waits twice as long as the one before (${timeout} s, ${2 * timeout} s, ${4 * timeout} s ...). After an outage the validators sit in long rounds that do not match, and may need as long again to meet.`,
      todo: "Restart all validators together, so that everybody begins at round 0: npm run chain -- restart-all",
    },
  ];
}

function clock({ clockOffsetMs }: Evidence): Finding[] {
  if (clockOffsetMs === undefined || Math.abs(clockOffsetMs) <= SKEW_MS) return [];
  const seconds = (Math.abs(clockOffsetMs) / 1_000).toFixed(1);
  return [
    {
      code: "clock",
      what: `This machine's clock is ${seconds} s ${clockOffsetMs > 0 ? "ahead" : "behind"}.`,
      means:
        "Its blocks are refused as coming from the future, or its rounds end before the others'; blocks come late.",
      todo: "Let the system keep time (apt-get install chrony, or systemd-timesyncd), then check: chronyc tracking",
    },
  ];
}

function genesis(evidence: Evidence): Finding[] {
  const { network, views, references = [] } = evidence;
  const compared = otherChain(evidence);
  const counts = new Map<Hex, number>();
  for (const { genesisHash } of views) if (genesisHash) counts.set(genesisHash, (counts.get(genesisHash) ?? 0) + 1);
  const common = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  // The two nodes of a host cannot tell which of them is wrong: where one elsewhere can, it is not counted who is more.
  const isJudged = references.some((one) => one.genesisHash && one.chainId === network.chainId);
  const others = views.filter(
    ({ genesisHash, chainId }) =>
      (genesisHash !== undefined && genesisHash !== common && !isJudged) ||
      (chainId !== undefined && chainId !== network.chainId),
  );
  if (others.length === 0) return compared;
  return [
    ...compared,
    {
      code: "genesis",
      what: `Another genesis block than the others, or another chain id than ${network.chainId}: ${names(others)}.`,
      means: "It is a node of another chain. Its peers drop it and its votes and blocks do not count.",
      todo: "Stop it, give it this network's shared/genesis.json, move its data folder away but keep the file data/key, and start it.",
    },
  ];
}

function gasPrice({ views }: Evidence): Finding[] {
  const dear = views.filter(({ gasPrice }) => gasPrice !== undefined && gasPrice > 0n);
  if (dear.length === 0) return [];
  return [
    {
      code: "gas-price",
      what: `Gas is not free at ${dear.map((view) => `${nodeName(view.node)} (${view.gasPrice} wei)`).join(", ")}.`,
      means:
        "It refuses transactions without a fee, and as proposer leaves them out: they wait until another one's turn.",
      todo: "Run it with --profile=ENTERPRISE and without --min-gas-price, as this network's files do; then restart it.",
    },
  ];
}

function tip({ views }: Evidence): Finding[] {
  const tipping = views.filter(({ tip }) => tip !== undefined && tip > 0n);
  if (tipping.length === 0) return [];
  return [
    {
      code: "tip",
      what: `A tip is suggested by ${tipping.map((view) => `${nodeName(view.node)} (${view.tip} wei)`).join(", ")}.`,
      means: "Wallets that ask for an estimate pay a tip nobody needs, or fail because people here own no coins.",
      todo: "Start it with --api-gas-price-blocks=0. Programs of one's own should set both fees to 0 (the SDK does).",
    },
  ];
}

function openRpc({ views }: Evidence): Finding[] {
  const rights = ({ modules = [] }: NodeView) => modules.filter((name) => POWERFUL.includes(name));
  const powerful = (view: NodeView) => view.node.role === "validator" || rights(view).length > 0;
  const open = views.filter((view) => view.openAt.length > 0 && powerful(view));
  const rich = views.filter((view) => view.node.role === "rpc" && rights(view).length > 0);
  const anyHost = views.filter((view) => view.anyHost);
  return [
    ...open.map(
      (view): Finding => ({
        code: "open-rpc",
        what: `The RPC of ${nodeName(view.node)} answers at ${view.openAt.join(", ")}, not on the loopback alone.`,
        means: "Whoever reaches that address can vote validators out, drop its peers or read its pool.",
        todo: "Bind it to the loopback (--rpc-http-host=127.0.0.1; with Docker publish 127.0.0.1:PORT only), and restart it.",
      }),
    ),
    ...rich.map(
      (view): Finding => ({
        code: "open-rpc",
        what: `The RPC node ${nodeName(view.node)} offers ${rights(view).join(", ")}.`,
        means: "People's clients ask this node; these groups let them stop it or read others' pending transactions.",
        todo: "Give it --rpc-http-api=ETH,NET,WEB3 and nothing more, and restart it.",
      }),
    ),
    ...(anyHost.length === 0
      ? []
      : [
          {
            code: "open-rpc" as const,
            what: `Requests for any host name are answered by ${names(anyHost)}.`,
            means: "A website open in a browser on this machine can reach it under a name of its own (DNS rebinding).",
            todo: "Set --host-allowlist to the names it is really asked under, never to *, and restart it.",
          },
        ]),
  ];
}
