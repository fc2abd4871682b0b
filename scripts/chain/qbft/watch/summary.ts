import type { Address } from "viem";
import { type QbftNetwork, validatorsOf } from "../network.ts";
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
  /** Those of them whose node does not answer here. */
  silent: Address[];
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
  const validators = asked?.validators ?? validatorsOf(network).map(({ address }) => address);
  const answers = new Set(views.filter(({ alive }) => alive).map(({ node }) => node.address));
  const proposed = asked?.proposed;
  return {
    head,
    headAgeSeconds: head && Math.max(0, now / 1_000 - head.timestamp),
    blockSeconds: head && oldest && span > 0 ? (head.timestamp - oldest.timestamp) / span : undefined,
    validators,
    silent: validators.filter((address) => !answers.has(address)),
    // Fewer blocks than validators: not everybody had a turn.
    idle: proposed && span + 1 >= validators.length ? validators.filter((one) => !proposed.get(one)) : [],
    quorum: quorumOf(validators.length),
    roundChanges: {
      rounds: blocks.reduce((sum, { round }) => sum + (round ?? 0), 0),
      blocks: blocks.length,
    },
  };
}
