import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DEPOSIT,
  decodeFrame,
  encodeFrame,
  FRAMES,
  type Frame,
  isPaddingClass,
  MAX_FRAME_BYTES,
  MAX_PAYLOAD_BYTES,
  MESSAGE,
  merkleProof,
  merkleRootFromProof,
  merkleTree,
  PADDING_CLASSES,
  ProtocolError,
  paddingClassFor,
  receiptPairHash,
  type WIRE_ERRORS,
} from "../../src/protocol/index.ts";
import { sampleBytes, sampleFrames } from "./samples.ts";

const TYPES = Object.values(FRAMES).map(([type]) => type);

/** Decodes hostile bytes; anything but a frame or a ProtocolError fails the test. */
function outcome(bytes: Uint8Array): Frame | keyof typeof WIRE_ERRORS {
  try {
    return decodeFrame(bytes);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return error.code;
  }
}

describe("frame codec", () => {
  test("type bytes are distinct and say the direction", () => {
    expect(new Set(TYPES).size).toBe(TYPES.length);
  });

  test("100,000 hostile byte strings end in a frame or a ProtocolError", () => {
    // A fixed generator (xorshift32), so that a failure can be repeated.
    let state = 0x9e3779b9;
    const next = (below: number) => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    };
    const originals = sampleFrames.map((frame) => encodeFrame(frame));
    let accepted = 0;
    for (let i = 0; i < 100_000; i++) {
      let bytes: Uint8Array;
      if (i % 2 === 0) {
        bytes = new Uint8Array(next(700));
        for (let at = 0; at < bytes.length; at++) bytes[at] = next(256);
        if (bytes.length > 1 && next(4) > 0) {
          bytes[0] = 1;
          bytes[1] = TYPES[next(TYPES.length)] as number;
        }
      } else {
        bytes = (originals[next(originals.length)] as Uint8Array).slice();
        for (let flips = next(6); flips >= 0; flips--) bytes[next(bytes.length)] = next(256);
        if (next(3) === 0) bytes = bytes.subarray(0, next(bytes.length + 1));
      }
      const result = outcome(bytes);
      if (typeof result !== "string") {
        accepted++;
        // What was accepted means exactly these bytes and no others.
        expect(Buffer.from(encodeFrame(result)).equals(bytes)).toBe(true);
      }
    }
    expect(accepted).toBeGreaterThan(1_000);
  });

  test("property: any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        outcome(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a frame above the limit is refused before it is looked at", () => {
    expect(outcome(new Uint8Array(MAX_FRAME_BYTES + 1))).toBe("too-large");
  });

  test("values that fit no field are refused when encoding", () => {
    const deposit = { frame: "deposit", reqId: 1, tag: new Uint8Array(32), ttl: 1, flags: 0 } as const;
    const refused = (frame: Frame) => expect(() => encodeFrame(frame)).toThrow(ProtocolError);
    refused({ ...deposit, payload: new Uint8Array(513) });
    refused({ ...deposit, reqId: -1, payload: new Uint8Array(512) });
    refused({ ...deposit, reqId: 1.5, payload: new Uint8Array(512) });
    refused({ ...deposit, reqId: 2 ** 32, payload: new Uint8Array(512) });
    refused({ ...deposit, tag: new Uint8Array(31), payload: new Uint8Array(512) });
    refused({ frame: "ack", subscription: 1, upTo: -1n });
    refused({ frame: "ack", subscription: 1, upTo: 2n ** 64n });
    refused({ frame: "turnCredentials", reqId: 1, ttl: 1, username: "x".repeat(129), credential: "", urls: [] });
  });

  test("the hot path's offsets are the layouts'", () => {
    const tag = sampleBytes("tag", 32);
    const payload = sampleBytes("body", 1024);
    const deposit = encodeFrame({ frame: "deposit", reqId: 0x01020304, tag, ttl: 0x05060708, flags: 9, payload });
    const view = new DataView(deposit.buffer);
    expect(deposit[1]).toBe(DEPOSIT.type);
    expect(view.getUint32(DEPOSIT.reqId)).toBe(0x01020304);
    expect(deposit.subarray(DEPOSIT.tag, DEPOSIT.tag + 32)).toEqual(tag);
    expect(view.getUint32(DEPOSIT.ttl)).toBe(0x05060708);
    expect(deposit[DEPOSIT.flags]).toBe(9);
    expect(deposit.subarray(DEPOSIT.payload)).toEqual(payload);

    const message = encodeFrame({ frame: "message", subscription: 5, seq: 6n, storedAt: 7, payload });
    const messageView = new DataView(message.buffer);
    expect(message[1]).toBe(MESSAGE.type);
    expect(messageView.getUint32(MESSAGE.subscription)).toBe(5);
    expect(messageView.getBigUint64(MESSAGE.seq)).toBe(6n);
    expect(messageView.getBigUint64(MESSAGE.storedAt)).toBe(7n);
    expect(message.subarray(MESSAGE.payload)).toEqual(payload);
  });
});

describe("padding classes", () => {
  test("only the listed sizes are classes", () => {
    const lengths = Array.from({ length: 2 * MAX_PAYLOAD_BYTES + 2 }, (_, length) => length);
    expect(lengths.filter(isPaddingClass)).toEqual([...PADDING_CLASSES]);
  });

  test("the smallest class that holds the bytes", () => {
    expect(paddingClassFor(0)).toBe(512);
    expect(paddingClassFor(512)).toBe(512);
    expect(paddingClassFor(513)).toBe(1024);
    expect(paddingClassFor(65537)).toBe(131072);
    expect(paddingClassFor(262144)).toBe(262144);
    expect(() => paddingClassFor(262145)).toThrow(ProtocolError);
  });
});

describe("Merkle tree over sorted pairs", () => {
  test("every leaf of every size proves itself, and no other leaf does", () => {
    const pair = receiptPairHash();
    for (let size = 1; size <= 33; size++) {
      const leaves = Array.from({ length: size }, (_, index) => sampleBytes(`leaf ${index}`, 32));
      const tree = merkleTree(leaves, pair);
      leaves.forEach((leaf, index) => {
        const proof = merkleProof(tree, index);
        expect(merkleRootFromProof(leaf, proof, pair)).toEqual(tree.root);
        expect(merkleRootFromProof(sampleBytes("stranger", 32), proof, pair)).not.toEqual(tree.root);
      });
    }
  });

  test("a tree without leaves is refused", () => {
    expect(() => merkleTree([], receiptPairHash())).toThrow(RangeError);
  });
});
