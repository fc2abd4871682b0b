import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { concatBytes, u64Bytes } from "./bytes.ts";
import { type Hash, merkleRootFromProof, type PairHash, sortedPairHash } from "./merkle.ts";

/** What a storage receipt vouches for. */
export interface ReceiptLeaf {
  tag: Uint8Array;
  /** SHA-256 of the payload. */
  payloadHash: Uint8Array;
  seq: bigint;
  storedAt: number;
  expiresAt: number;
}

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** SHA-256(0x00 ‖ tag ‖ payloadHash ‖ u64 seq ‖ u64 storedAt ‖ u64 expiresAt). */
export function receiptLeafHash(leaf: ReceiptLeaf, sha256: Hash = nobleSha256): Uint8Array {
  return sha256(
    concatBytes(
      LEAF,
      leaf.tag,
      leaf.payloadHash,
      u64Bytes(leaf.seq),
      u64Bytes(leaf.storedAt),
      u64Bytes(leaf.expiresAt),
    ),
  );
}

/** SHA-256(0x01 ‖ smaller ‖ larger): the prefix keeps a node from posing as a leaf (as in RFC 6962). */
export function receiptPairHash(sha256: Hash = nobleSha256): PairHash {
  return sortedPairHash(sha256, NODE);
}

/** Root a receipt leads to; its signature must be over this. */
export function receiptRoot(leaf: ReceiptLeaf, proof: readonly Uint8Array[]): Uint8Array {
  return merkleRootFromProof(receiptLeafHash(leaf), proof, receiptPairHash());
}
