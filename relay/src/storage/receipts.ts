import { hash, type KeyObject, sign } from "node:crypto";
import {
  FRAMES,
  type Hash,
  merkleProof,
  merkleTree,
  receiptPairHash,
  receiptRootMessage,
} from "@skrumble/sdk/protocol";

export const sha256: Hash = (data) => hash("sha256", data, "buffer");

const pair = receiptPairHash(sha256);
const RECEIPT_TYPE = FRAMES.receipt[0];
const HEAD_BYTES = 2 + 4 + 8 + 8 + 8 + 64 + 1;

/** What the receipt of one stored deposit needs. */
export interface ReceiptInput {
  reqId: number;
  tag: Uint8Array;
  payload: Uint8Array;
  seq: number;
  storedAt: number;
  expiresAt: number;
}

/**
 * Receipt frames of one commit: one Ed25519 signature over the root of all, each with its own proof.
 * Written by hand instead of by the codec because it runs once per stored message; the tests decode what it writes.
 */
export function receiptFrames(stored: readonly ReceiptInput[], signingKey: KeyObject): Uint8Array[] {
  if (stored.length === 0) return [];
  const leaf = Buffer.alloc(1 + 32 + 32 + 24);
  const tree = merkleTree(
    stored.map((entry) => {
      leaf.set(entry.tag, 1);
      leaf.set(sha256(entry.payload), 33);
      writeU64(leaf, 65, entry.seq);
      writeU64(leaf, 73, entry.storedAt);
      writeU64(leaf, 81, entry.expiresAt);
      return sha256(leaf);
    }),
    pair,
  );
  const signature = sign(null, receiptRootMessage(tree.root), signingKey);
  return stored.map((entry, index) => {
    const proof = merkleProof(tree, index);
    const frame = Buffer.allocUnsafe(HEAD_BYTES + 32 * proof.length);
    frame[0] = 1;
    frame[1] = RECEIPT_TYPE;
    frame.writeUInt32BE(entry.reqId, 2);
    writeU64(frame, 6, entry.seq);
    writeU64(frame, 14, entry.storedAt);
    writeU64(frame, 22, entry.expiresAt);
    frame.set(signature, 30);
    frame[94] = proof.length;
    proof.forEach((node, at) => {
      frame.set(node, HEAD_BYTES + 32 * at);
    });
    return frame;
  });
}

/** Writes a non-negative safe integer as a u64 without the cost of a BigInt. */
export function writeU64(buffer: Buffer, offset: number, value: number): void {
  buffer.writeUInt32BE(Math.floor(value / 0x1_0000_0000), offset);
  buffer.writeUInt32BE(value % 0x1_0000_0000, offset + 4);
}
