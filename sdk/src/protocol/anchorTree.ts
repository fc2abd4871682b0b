import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes } from "./bytes.ts";
import { merkleRootFromProof, type PairHash, sortedPairHash } from "./merkle.ts";

const LEAF = Uint8Array.of(0);

/** keccak256(0x00 ‖ leaf) of a 96-byte anchor leaf (tag ‖ commitment ‖ mac). */
export function anchorLeafHash(leaf: Uint8Array): Uint8Array {
  return keccak_256(concatBytes(LEAF, leaf));
}

/** keccak256(smaller ‖ larger), as OpenZeppelin's MerkleProof verifies on chain. A 97-byte leaf cannot pose as a 64-byte node. */
export const anchorPairHash: PairHash = sortedPairHash(keccak_256, new Uint8Array(0));

/** Root that an anchor leaf and its proof lead to. */
export function anchorRoot(leaf: Uint8Array, proof: readonly Uint8Array[]): Uint8Array {
  return merkleRootFromProof(anchorLeafHash(leaf), proof, anchorPairHash);
}
