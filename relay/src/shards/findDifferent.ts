import { branchHash, type Manifest } from "@skrumble/sdk/shards";
import { boundsOf } from "./cutRanges.ts";
import type { Pace } from "./pace.ts";
import type { ShardChain } from "./shardKeeper.ts";
import type { ShardStore } from "./shardStore.ts";

type Hash = Uint8Array | undefined;

/**
 * Ranges that have another hash at the node than here, each as its digits, as far as a commitment is in them: the nodes on the way
 * to one say what its neighbours' hashes are. So a word that no event names is found among however many by a few questions.
 */
export async function findDifferent(
  { depth, hashes }: Manifest,
  block: bigint,
  { chain, store, pace }: { chain: ShardChain; store: ShardStore; pace: Pace },
): Promise<string[]> {
  const levels = levelsOf(hashes);
  let different = [""];
  for (let digits = 0; digits < depth; digits++) {
    const ours = levels[digits + 1] ?? [];
    const below: string[] = [];
    for (const prefix of different) {
      const slot = store.commitmentIn(...boundsOf(prefix));
      const theirs = slot && (await pace(() => chain.branch(slot, digits, block)));
      for (const [digit, hash] of theirs?.entries() ?? []) {
        const next = prefix + digit.toString(16);
        if (!isSame(hash, ours[Number.parseInt(next, 16)])) below.push(next);
      }
    }
    different = below;
  }
  return different;
}

/** Of the nodes at each number of digits, the root first. */
function levelsOf(hashes: readonly Hash[]): (readonly Hash[])[] {
  const levels = [hashes];
  for (let level = hashes; level.length > 1; levels.unshift(level)) {
    const below = level;
    level = Array.from({ length: below.length / 16 }, (_, at) => {
      const children = below.slice(16 * at, 16 * at + 16);
      return children.some((child) => child) ? branchHash(children) : undefined;
    });
  }
  return levels;
}

const isSame = (one: Hash, other: Hash): boolean =>
  one === undefined || other === undefined ? one === other : Buffer.compare(one, other) === 0;
