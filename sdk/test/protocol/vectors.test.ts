import { readFileSync, writeFileSync } from "node:fs";
import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";
import {
  anchorRoot,
  decodeFrame,
  FRAMES,
  fromHex,
  isOrderEquivocation,
  type OrderEntry,
  ProtocolError,
  receiptRoot,
  receiptRootMessage,
  toHex,
  verifyOrderEntry,
} from "../../src/protocol/index.ts";
import { plain, protocolVectors } from "./vectors.ts";

interface PublishedOrder {
  position: number;
  leaf: string;
  bodyHash: string;
  storedAt: number;
  signature: string;
}

const path = new URL("../../../test/vectors/protocol.json", import.meta.url);
// A change of the protocol is meant to be seen: UPDATE_VECTORS=1 rewrites the published file.
if (process.env.UPDATE_VECTORS === "1") writeFileSync(path, `${JSON.stringify(protocolVectors(), null, 2)}\n`);
const published = JSON.parse(readFileSync(path, "utf8")) as {
  frames: { frame: string; value: unknown; hex: string }[];
  badFrames: { why: string; hex: string; code: string }[];
  receipts: {
    root: string;
    signature: string;
    leaves: { tag: string; payloadHash: string; seq: string; storedAt: number; expiresAt: number; proof: string[] }[];
  };
  orders: { entries: PublishedOrder[]; equivocation: [PublishedOrder, PublishedOrder] };
  anchors: { root: string; leaves: { leaf: string; proof: string[] }[] };
  keys: { relayKey: string };
};

describe("published vectors of the relay protocol", () => {
  test("what this code produces is what is published", () => {
    expect(JSON.parse(JSON.stringify(protocolVectors()))).toEqual(published);
  });

  test("every frame of the protocol has a vector", () => {
    expect(published.frames.map((entry) => entry.frame)).toEqual(Object.keys(FRAMES));
  });

  test.each(published.frames)("$frame decodes to its value", ({ frame, value, hex }) => {
    const { frame: name, ...decoded } = decodeFrame(fromHex(hex));
    expect(name).toBe(frame);
    expect(plain(decoded)).toEqual(value);
  });

  test.each(published.frames)("$frame is refused when cut anywhere or followed by a byte", ({ hex }) => {
    const bytes = fromHex(hex);
    for (let length = 0; length < Math.min(bytes.length, 300); length++) {
      expect(() => decodeFrame(bytes.subarray(0, length))).toThrow(ProtocolError);
    }
    expect(() => decodeFrame(fromHex(`${hex}00`))).toThrow(ProtocolError);
  });

  test.each(published.badFrames)("refuses: $why", ({ hex, code }) => {
    expect(() => decodeFrame(fromHex(hex))).toThrow(expect.objectContaining({ name: "ProtocolError", code }));
  });

  test("receipts lead to the signed root", () => {
    for (const leaf of published.receipts.leaves) {
      const root = receiptRoot(
        {
          tag: fromHex(leaf.tag),
          payloadHash: fromHex(leaf.payloadHash),
          seq: BigInt(leaf.seq),
          storedAt: leaf.storedAt,
          expiresAt: leaf.expiresAt,
        },
        leaf.proof.map((hash) => fromHex(hash)),
      );
      expect(toHex(root)).toBe(published.receipts.root);
      const signature = fromHex(published.receipts.signature);
      expect(ed25519.verify(signature, receiptRootMessage(root), fromHex(published.keys.relayKey))).toBe(true);
    }
  });

  test("order entries verify, and two for one position prove that the relay lied", () => {
    const key = fromHex(published.keys.relayKey);
    const read = (entry: PublishedOrder): OrderEntry => ({
      ...{ position: entry.position, storedAt: entry.storedAt },
      ...{ leaf: fromHex(entry.leaf), bodyHash: fromHex(entry.bodyHash), signature: fromHex(entry.signature) },
    });
    const [first, second] = published.orders.entries.map(read) as [OrderEntry, OrderEntry];
    expect([first, second].map((entry) => verifyOrderEntry(entry, key))).toEqual([true, true]);
    expect(isOrderEquivocation(first, second, key)).toBe(false);
    const [said, unsaid] = published.orders.equivocation.map(read) as [OrderEntry, OrderEntry];
    expect(isOrderEquivocation(said, unsaid, key)).toBe(true);
  });

  test("anchor leaves lead to the anchored root", () => {
    for (const { leaf, proof } of published.anchors.leaves) {
      expect(
        toHex(
          anchorRoot(
            fromHex(leaf),
            proof.map((hash) => fromHex(hash)),
          ),
        ),
      ).toBe(published.anchors.root);
    }
  });
});
