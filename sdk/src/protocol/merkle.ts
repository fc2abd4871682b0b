import { compareBytes, concatBytes } from "./bytes.ts";

/** A hash of one byte string; injected so that a relay may use its platform's faster one. */
export type Hash = (data: Uint8Array) => Uint8Array;
/** Hash of an ordered pair, smaller first. */
export type PairHash = (a: Uint8Array, b: Uint8Array) => Uint8Array;

/** Nodes of a tree over sorted pairs. `layers[0]` are the leaf hashes in their given order, the last layer is the root. */
export interface MerkleTree {
  root: Uint8Array;
  layers: readonly (readonly Uint8Array[])[];
}

/** Sorts the pair, puts `prefix` before it and hashes. */
export function sortedPairHash(hash: Hash, prefix: Uint8Array): PairHash {
  return (a, b) => hash(compareBytes(a, b) <= 0 ? concatBytes(prefix, a, b) : concatBytes(prefix, b, a));
}

/**
 * Binary tree whose pairs are sorted before they are hashed, so a proof needs no left or right (as OpenZeppelin's
 * MerkleProof expects). A node without a neighbour moves up unchanged.
 * @param leaves hashes of the leaves, at least one
 */
export function merkleTree(leaves: readonly Uint8Array[], pair: PairHash): MerkleTree {
  const layers: (readonly Uint8Array[])[] = [leaves];
  let layer = leaves;
  while (layer.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < layer.length; i += 2) {
      const left = layer[i] as Uint8Array;
      const right = layer[i + 1];
      next.push(right ? pair(left, right) : left);
    }
    layers.push(next);
    layer = next;
  }
  const root = layer[0];
  if (!root) throw new RangeError("a tree needs a leaf");
  return { root, layers };
}

/** Siblings of leaf `index` from the bottom up. */
export function merkleProof(tree: MerkleTree, index: number): Uint8Array[] {
  const proof: Uint8Array[] = [];
  let at = index;
  for (const layer of tree.layers) {
    const sibling = layer[at ^ 1];
    if (sibling) proof.push(sibling);
    at >>= 1;
  }
  return proof;
}

/** Root that a leaf hash and its proof lead to. */
export function merkleRootFromProof(leaf: Uint8Array, proof: readonly Uint8Array[], pair: PairHash): Uint8Array {
  return proof.reduce(pair, leaf);
}
