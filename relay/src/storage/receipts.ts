import { hash, type KeyObject, sign } from "node:crypto";
import {
  FRAMES,
  type Hash,
  merkleProof,
  merkleTree,
  type PairHash,
  PROTOCOL_VERSION,
  receiptRootMessage,
} from "@skrumble/sdk/protocol";
import { type ReceiptFrames, ROOM } from "../core/ports.ts";

export const sha256: Hash = (data) => hash("sha256", data, "buffer");

const node = Buffer.alloc(65, 1);

/** `receiptPairHash` of the protocol without its allocations; the tests hold its receipts against the protocol's. */
const pair: PairHash = (a, b) => {
  const inOrder = Buffer.compare(a, b) <= 0;
  node.set(inOrder ? a : b, 1);
  node.set(inOrder ? b : a, 33);
  return sha256(node);
};
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
export function receiptFrames(stored: readonly ReceiptInput[], signingKey: KeyObject): ReceiptFrames {
  const ends = new Uint32Array(stored.length);
  if (stored.length === 0) return { frames: new Uint8Array(0), ends };
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
  const depth = tree.layers.length - 1;
  const out = Buffer.allocUnsafeSlow(stored.length * (ROOM + HEAD_BYTES + 32 * depth));
  let at = 0;
  stored.forEach((entry, index) => {
    at += ROOM;
    out[at] = PROTOCOL_VERSION;
    out[at + 1] = RECEIPT_TYPE;
    out.writeUInt32BE(entry.reqId, at + 2);
    writeU64(out, at + 6, entry.seq);
    writeU64(out, at + 14, entry.storedAt);
    writeU64(out, at + 22, entry.expiresAt);
    out.set(signature, at + 30);
    const proof = merkleProof(tree, index);
    out[at + 94] = proof.length;
    at += HEAD_BYTES;
    for (const sibling of proof) {
      out.set(sibling, at);
      at += 32;
    }
    ends[index] = at;
  });
  return { frames: out.subarray(0, at), ends };
}

/** Writes a non-negative safe integer as a u64 without the cost of a BigInt. */
export function writeU64(buffer: Buffer, offset: number, value: number): void {
  buffer.writeUInt32BE(Math.floor(value / 0x1_0000_0000), offset);
  buffer.writeUInt32BE(value % 0x1_0000_0000, offset + 4);
}
