import type { Address } from "viem";
import { requestTimeoutSeconds } from "../genesis.ts";
import { isSpread, localNodes, type QbftNetwork, validatorsOf } from "../network.ts";
import { quorumOf } from "../quorum.ts";
import type { BlockView, NodeView } from "./nodeView.ts";

export interface Summary {
  /** The newest block any node has. */
  head: BlockView | undefined;
  headAgeSeconds: number | undefined;
  /** Average over the last blocks. */
  blockSeconds: number | undefined;
  /** The set that signs now: the chain's word; when no validator answers, all of network.json, voted in or not. */
  validators: Address[];
  /** Those of them whose node does not answer here, although it should run on this machine. */
  silent: Address[];
  /** Those of them on other hosts: their RPC cannot be asked from here. */
  elsewhere: Address[];
  /** Those that proposed none of the last blocks although it was their turn. */
  idle: Address[];
  quorum: number;
  /** Rounds beyond the first that the last blocks needed, and how many blocks that were. */
  roundChanges: { rounds: number; blocks: number };
}

/** What all nodes together say of the chain. `now` in milliseconds. */
export function summarise(network: QbftNetwork, views: readonly NodeView[], now: number): Summary {
  const best = views.reduce<NodeView | undefined>(
    (a, b) => ((b.blocks[0]?.number ?? -1) > (a?.blocks[0]?.number ?? -1) ? b : a),
    undefined,
  );
  const blocks = best?.blocks ?? [];
  const head = blocks[0];
  const oldest = blocks.at(-1);
  const span = head && oldest ? head.number - oldest.number : 0;
  const asked = views.find(({ validators }) => validators !== undefined);
  const validators = asked?.validators ?? head?.validators ?? validatorsOf(network).map(({ address }) => address);
  const answers = new Set(views.filter(({ alive }) => alive).map(({ node }) => node.address));
  const here = new Set(localNodes(network).map(({ address }) => address));
  const elsewhere = isSpread(network) ? validators.filter((address) => !here.has(address)) : [];
  const proposers = new Set(blocks.map(({ proposer }) => proposer));
  return {
    head,
    headAgeSeconds: head && Math.max(0, now / 1_000 - head.timestamp),
    blockSeconds: head && oldest && span > 0 ? (head.timestamp - oldest.timestamp) / span : undefined,
    validators,
    silent: validators.filter((address) => !answers.has(address) && !elsewhere.includes(address)),
    elsewhere,
    // Fewer blocks than validators: not everybody had a turn. The headers tell of other hosts' validators, too.
    idle: head?.proposer && span + 1 >= validators.length ? validators.filter((one) => !proposers.has(one)) : [],
    quorum: quorumOf(validators.length),
    roundChanges: {
      rounds: blocks.reduce((sum, { round }) => sum + (round ?? 0), 0),
      blocks: blocks.length,
    },
  };
}

/** Seconds without a block after which rounds have failed several times. */
export const staleSeconds = ({ blockPeriodSeconds }: QbftNetwork): number =>
  4 * requestTimeoutSeconds(blockPeriodSeconds);

/** Whether blocks can be agreed on; of several hosts, whether this one's nodes run and blocks come. */
export function isRunning(network: QbftNetwork, views: readonly NodeView[], summary: Summary): boolean {
  const { validators, silent, quorum, headAgeSeconds = Number.POSITIVE_INFINITY } = summary;
  return isSpread(network)
    ? views.every(({ alive }) => alive) && headAgeSeconds <= staleSeconds(network)
    : validators.length - silent.length >= quorum;
}
