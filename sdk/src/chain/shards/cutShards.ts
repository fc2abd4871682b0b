import { type Leaf, rangeOf } from "./leaves.ts";
import { type Manifest, manifestRoot, maxDepth } from "./manifest.ts";
import { trieRoot } from "./trieRoot.ts";

/** So many leaves a shard or fewer, on average: some ten kilobytes. */
const fullShard = 256;

/** How deep a storage with so many leaves is cut, if its trie is as even as that of hashes is. */
export function depthFor(leaves: number): number {
  let depth = 0;
  while (depth < maxDepth && leaves > fullShard * 16 ** depth) depth++;
  return depth;
}

/** Leaves of each range, and the manifest over them. @param leaves all of a storage, ascending by key */
export function cutShards(leaves: readonly Leaf[]): { manifest: Manifest; ranges: Leaf[][] } {
  for (let depth = depthFor(leaves.length); ; depth--) {
    const ranges: Leaf[][] = Array.from({ length: 16 ** depth }, () => []);
    for (const leaf of leaves) (ranges[rangeOf(leaf.key, depth)] as Leaf[]).push(leaf);
    const hashes = ranges.map((range) => (range.length > 0 ? trieRoot(range, depth) : undefined));
    if (depth === 0 || manifestRoot({ depth, hashes })) return { manifest: { depth, hashes }, ranges };
  }
}
