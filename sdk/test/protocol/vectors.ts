import { ed25519 } from "@noble/curves/ed25519.js";
import {
  anchorLeafHash,
  chooseRelays,
  deviceCertMessage,
  encodeFrame,
  mailboxTag,
  merkleProof,
  orderEntryMessage,
  ownMessage,
  PADDING_CLASSES,
  receiptLeafHash,
  rendezvousScore,
  toHex,
  WIRE_ERRORS,
} from "../../src/protocol/index.ts";
import * as sample from "./samples.ts";

/** JSON form of a value: bytes as hex, bigints as decimal strings. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
  }
  return value;
}

/** Frames no decoder may accept, with the code it must answer. */
export const badFrames = [
  { why: "empty", hex: "0x", code: "malformed" },
  { why: "no type", hex: "0x01", code: "malformed" },
  { why: "version 0", hex: "0x000800000000", code: "unsupported-version" },
  { why: "version 2", hex: "0x020800000000", code: "unsupported-version" },
  { why: "unknown type", hex: "0x014000000000", code: "unknown-type" },
  { why: "field cut off", hex: "0x0108000000", code: "malformed" },
  { why: "bytes after the end", hex: "0x01080000000000", code: "malformed" },
  { why: "payload of no padding class", hex: `0x0102${"00".repeat(41 + 511)}`, code: "bad-payload-size" },
  { why: "deposit without payload", hex: `0x0102${"00".repeat(41)}`, code: "bad-payload-size" },
  {
    why: "time above 2^53 - 1",
    hex: `0x0181${"00".repeat(64)}0020000000000000${"00".repeat(5)}`,
    code: "malformed",
  },
  { why: "proof of 17 hashes", hex: `0x0183${"00".repeat(92)}11${"00".repeat(17 * 32)}`, code: "malformed" },
  { why: "text that is not UTF-8", hex: "0x0189000000010000000a0001ff000000", code: "malformed" },
  { why: "text above its bound", hex: `0x0189000000010000000a0081${"61".repeat(129)}000000`, code: "malformed" },
  { why: "order without a body", hex: `0x0109${"00".repeat(4 + 96)}`, code: "bad-payload-size" },
  { why: "body of no padding class", hex: `0x0109${"00".repeat(4 + 96 + 513)}`, code: "bad-payload-size" },
  { why: "log of 17 entries", hex: `0x018c${"00".repeat(4)}11${"00".repeat(17 * 201)}`, code: "malformed" },
  { why: "anchor leaf of 95 bytes", hex: `0x0105${"00".repeat(4 + 95)}`, code: "malformed" },
] as const;

/** The whole of test/vectors/protocol.json. */
export function protocolVectors() {
  return {
    about:
      "Vectors of the Skrumble relay protocol, version 1. See docs/protocol.md. Bytes are hex, 64-bit numbers decimal strings.",
    keys: plain({
      relaySecret: sample.relaySecret,
      relayKey: sample.relayKey,
      identitySecret: sample.identitySecret,
      publicId: sample.publicId,
      deviceSecret: sample.deviceSecret,
      deviceKey: sample.deviceKey,
    }),
    mailboxTag: plain({ publicId: sample.publicId, tag: mailboxTag(sample.publicId) }),
    rendezvous: plain({
      publicId: sample.publicId,
      scores: Object.fromEntries([1, 2, 3, 4, 5].map((id) => [id, rendezvousScore(id, sample.publicId)])),
      chosen: chooseRelays(
        [1, 2, 3, 4, 5].map((id) => ({ id })),
        sample.publicId,
      ).map(({ id }) => id),
    }),
    paddingClasses: [...PADDING_CLASSES],
    errors: WIRE_ERRORS,
    deviceCert: plain({
      keyVersion: sample.cert.keyVersion,
      issuedAt: sample.cert.issuedAt,
      message: deviceCertMessage(sample.cert),
      signature: ed25519.sign(deviceCertMessage(sample.cert), sample.identitySecret),
    }),
    own: plain({
      challenge: sample.challenge,
      message: ownMessage(sample),
      signature: ed25519.sign(ownMessage(sample), sample.deviceSecret),
    }),
    receipts: plain({
      payload: sample.payload,
      leaves: sample.receiptLeaves.map((leaf, index) => ({
        ...leaf,
        hash: receiptLeafHash(leaf),
        proof: merkleProof(sample.receiptTree, index),
      })),
      root: sample.receiptTree.root,
      signature: sample.receiptSignature,
    }),
    anchors: plain({
      leaves: sample.anchorLeaves.map((leaf, index) => ({
        leaf,
        hash: anchorLeafHash(leaf),
        proof: merkleProof(sample.anchorTree, index),
      })),
      root: sample.anchorTree.root,
    }),
    orders: plain({
      tag: sample.orderLogTag,
      entries: [sample.firstOrder, sample.secondOrder].map((entry) => ({
        ...entry,
        message: orderEntryMessage(entry),
      })),
      equivocation: [sample.firstOrder, sample.falseOrder],
    }),
    frames: sample.sampleFrames.map(({ frame, ...value }, index) => ({
      frame,
      value: plain(value),
      hex: toHex(encodeFrame(sample.sampleFrames[index] as (typeof sample.sampleFrames)[number])),
    })),
    badFrames,
  };
}
