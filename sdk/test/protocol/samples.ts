import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import {
  anchorLeafHash,
  anchorPairHash,
  deviceCertMessage,
  type Frame,
  mailboxTag,
  merkleProof,
  merkleTree,
  orderEntryMessage,
  orderTag,
  ownMessage,
  receiptLeafHash,
  receiptPairHash,
  receiptRootMessage,
  utf8,
  WIRE_ERRORS,
} from "../../src/protocol/index.ts";

/** Deterministic inputs from which the published vectors are made: bytes are SHA-256 of a label, repeated. */
export function sampleBytes(label: string, length: number): Uint8Array {
  const out = new Uint8Array(length);
  const block = sha256(utf8(label));
  for (let i = 0; i < length; i++) out[i] = block[i % 32] as number;
  return out;
}

export const NOW = 1_790_000_000_000;
export const relaySecret = sampleBytes("relay secret", 32);
export const identitySecret = sampleBytes("identity secret", 32);
export const deviceSecret = sampleBytes("device secret", 32);
export const relayKey = ed25519.getPublicKey(relaySecret);
export const publicId = ed25519.getPublicKey(identitySecret);
export const deviceKey = ed25519.getPublicKey(deviceSecret);
export const challenge = sampleBytes("challenge", 32);
export const payload = sampleBytes("payload", 512);
export const tag = mailboxTag(publicId);
export const cert = { deviceKey, keyVersion: 1, issuedAt: NOW };

export const receiptLeaves = [1n, 2n, 3n].map((seq) => ({
  tag,
  payloadHash: sha256(payload),
  seq,
  storedAt: NOW + Number(seq),
  expiresAt: NOW + 60_000 + Number(seq),
}));
export const receiptTree = merkleTree(
  receiptLeaves.map((leaf) => receiptLeafHash(leaf)),
  receiptPairHash(),
);
export const receiptSignature = ed25519.sign(receiptRootMessage(receiptTree.root), relaySecret);

export const anchorLeaves = ["a", "b", "c", "d", "e"].map((name) => sampleBytes(`anchor leaf ${name}`, 96));
export const anchorTree = merkleTree(anchorLeaves.map(anchorLeafHash), anchorPairHash);
const anchorProof = {
  relayId: 7,
  leaf: anchorLeaves[2] as Uint8Array,
  root: anchorTree.root,
  blockNumber: 4711n,
  txHash: sampleBytes("transaction", 32),
  proof: merkleProof(anchorTree, 2),
};

function orderEntry(position: number, name: string) {
  const entry = {
    ...{ position, leaf: sampleBytes(`order leaf ${name}`, 96), storedAt: NOW + position },
    bodyHash: sha256(sampleBytes(`order body ${name}`, 512)),
  };
  entry.leaf.set(sampleBytes("order tag", 32));
  return { ...entry, signature: ed25519.sign(orderEntryMessage(entry), relaySecret) };
}
export const firstOrder = orderEntry(0, "a");
export const secondOrder = orderEntry(1, "b");
/** Another leaf at the first position: together with `firstOrder` the proof that the relay lied. */
export const falseOrder = orderEntry(0, "b");
export const firstOrderBody = sampleBytes("order body a", 512);
export const orderLogTag = orderTag(firstOrder.leaf);

export const sampleFrames: Frame[] = [
  {
    frame: "own",
    reqId: 1,
    publicId,
    deviceKey,
    keyVersion: cert.keyVersion,
    issuedAt: cert.issuedAt,
    cert: ed25519.sign(deviceCertMessage(cert), identitySecret),
    signature: ed25519.sign(ownMessage({ relayKey, challenge, publicId }), deviceSecret),
  },
  { frame: "deposit", reqId: 2, tag, ttl: 60, flags: 0, payload },
  { frame: "subscribe", reqId: 3, tag, reader: sampleBytes("reader", 16), after: 41n },
  { frame: "ack", subscription: 3, upTo: 42n },
  { frame: "anchor", reqId: 4, leaf: anchorProof.leaf },
  { frame: "anchorQuery", reqId: 5, tag: anchorProof.leaf.slice(0, 32) },
  { frame: "turn", reqId: 6 },
  { frame: "ping", reqId: 0xffffffff },
  { frame: "order", reqId: 7, leaf: firstOrder.leaf, body: firstOrderBody },
  { frame: "orderQuery", reqId: 8, tag: orderLogTag },
  { frame: "orderFetch", reqId: 9, tag: orderLogTag, position: 0 },
  { frame: "greeting", relayKey, challenge, now: NOW, relayId: 7, features: 7 },
  { frame: "owned", reqId: 1, tag },
  {
    frame: "receipt",
    reqId: 2,
    seq: 2n,
    storedAt: NOW + 2,
    expiresAt: NOW + 60_002,
    signature: receiptSignature,
    proof: merkleProof(receiptTree, 1),
  },
  { frame: "subscribed", reqId: 3, head: 0xffffffffffffffffn, waiting: 10_000 },
  { frame: "message", subscription: 3, seq: 42n, storedAt: NOW, payload },
  { frame: "anchorPending", reqId: 4 },
  { frame: "anchored", reqId: 4, ...anchorProof },
  { frame: "anchorList", reqId: 5, proofs: [anchorProof, { ...anchorProof, relayId: 8, proof: [] }] },
  {
    frame: "turnCredentials",
    reqId: 6,
    ttl: 3600,
    username: "1790003600:q",
    credential: "c2VjcmV0",
    urls: ["turn:turn.example:3478", "turns:turn.example:443?transport=tcp"],
  },
  { frame: "pong", reqId: 0 },
  { frame: "ordered", reqId: 7, first: firstOrder, own: secondOrder },
  { frame: "orderLog", reqId: 8, entries: [firstOrder, secondOrder] },
  { frame: "orderEntry", reqId: 9, ...firstOrder, body: firstOrderBody },
  { frame: "error", reqId: 2, code: WIRE_ERRORS["rate-limited"], retryAfterMs: 1500 },
];
