import { nodeTypes, type RatchetTree } from "ts-mls";
import { type Bytes, concat } from "../bytes.ts";
import { sha256 } from "../hash.ts";
import { encodeLeaf, encodeParent } from "./encode.ts";
import { refused } from "./refused.ts";
import { uint, vector } from "./tls.ts";
import { covers, isLeaf, leafAt, left, parentAt, right } from "./tree.ts";

/** Hashes that were computed before, by node; for one tree that does not change meanwhile. */
export type HashCache = Map<number, Bytes>;

const nothing: number[] = [];

/**
 * RFC 9420 section 7.8.
 * @param without leaves to treat as blank and as nobody's unmerged leaves (section 7.9)
 */
export function treeHash(tree: RatchetTree, node: number, cache: HashCache, without = nothing): Bytes {
  const affected = without.some((leaf) => covers(node, leaf));
  const known = affected ? undefined : cache.get(node);
  if (known) return known;
  const hash = isLeaf(node) ? leafHash(tree, node / 2, affected) : parentNodeHash(tree, node, cache, without);
  if (!affected) cache.set(node, hash);
  return hash;
}

export const rootHash = (tree: RatchetTree, cache: HashCache = new Map()): Bytes =>
  treeHash(tree, (tree.length - 1) / 2, cache);

function leafHash(tree: RatchetTree, leaf: number, blank: boolean): Bytes {
  const found = blank ? undefined : leafAt(tree, leaf);
  return sha256(uint(nodeTypes.leaf, 1), uint(leaf, 4), ...(found ? [uint(1, 1), encodeLeaf(found)] : [uint(0, 1)]));
}

function parentNodeHash(tree: RatchetTree, node: number, cache: HashCache, without: number[]): Bytes {
  const found = parentAt(tree, node);
  const kept = found && { ...found, unmergedLeaves: found.unmergedLeaves.filter((leaf) => !without.includes(leaf)) };
  return sha256(
    uint(nodeTypes.parent, 1),
    ...(kept ? [uint(1, 1), encodeParent(kept)] : [uint(0, 1)]),
    vector(treeHash(tree, left(node), cache, without)),
    vector(treeHash(tree, right(node), cache, without)),
  );
}

/** Section 7.9: what a node below `node` says of it, when `sibling` is the child on the other side. */
export function parentHash(tree: RatchetTree, node: number, sibling: number, cache: HashCache): Bytes {
  const found = parentAt(tree, node);
  if (!found) throw refused("A blank node has no parent hash.");
  const original = treeHash(tree, sibling, cache, found.unmergedLeaves);
  return sha256(concat(vector(found.hpkePublicKey), vector(found.parentHash), vector(original)));
}
