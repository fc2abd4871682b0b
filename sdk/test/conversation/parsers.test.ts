import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeAppMessage, encodeAppMessage } from "../../src/conversation/appMessage.ts";
import { decodeEnvelope, encodeEnvelope } from "../../src/conversation/envelope.ts";
import { openHandshake, pairSecret, signHandshake } from "../../src/conversation/handshake.ts";
import { randomBytes, toHex, toHexString, utf8 } from "../../src/crypto/bytes.ts";
import { agreementKeyPair, signingKeyPair } from "../../src/crypto/keys.ts";
import { decodeKeyPackage } from "../../src/crypto/mls/keyPackage.ts";
import { SkrumbleError } from "../../src/errors/index.ts";

const alice = signingKeyPair(new Uint8Array(32).fill(1));
const bob = signingKeyPair(new Uint8Array(32).fill(2));
const to = toHex(bob.public);
const nonce = toHexString(randomBytes(32));
const declined = { v: 1 as const, from: toHex(alice.public), requestNonce: nonce };

describe("what strangers can send", () => {
  test("arbitrary bytes never break the parsers", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const envelope = decodeEnvelope(bytes);
        if (envelope) expect(encodeEnvelope(envelope)).toEqual(bytes);
        decodeAppMessage(bytes);
        for (const kind of ["request", "welcome", "decline", "invite", "knock", "entry", "refusal"] as const) {
          const open = () => openHandshake(kind, { signature: bytes.subarray(0, 64), body: bytes }, to);
          expect(open).toThrowError(SkrumbleError);
        }
        expect(() => decodeKeyPackage(bytes)).toThrowError(SkrumbleError);
      }),
      { numRuns: 2000 },
    );
  });

  test("arbitrary JSON is no message", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(decodeAppMessage(utf8(json))).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test("a handshake serves only its recipient, its kind and its very bytes", () => {
    const envelope = signHandshake("decline", to, declined, alice.secret);
    expect(openHandshake("decline", envelope, to)).toEqual(declined);
    expect(() => openHandshake("decline", envelope, toHex(alice.public))).toThrowError(/signature/);
    expect(() => openHandshake("welcome", envelope, to)).toThrowError(SkrumbleError);
    const changed = { ...envelope, body: utf8(JSON.stringify({ ...declined, requestNonce: "0".repeat(64) })) };
    expect(() => openHandshake("decline", changed, to)).toThrowError(/signature/);
    const impostor = signHandshake("decline", to, declined, bob.secret);
    expect(() => openHandshake("decline", impostor, to)).toThrowError(/signature/);
  });
});

describe("messages inside a conversation", () => {
  const id = "ab".repeat(16);
  test.each([
    {
      v: 1 as const,
      type: "content" as const,
      id,
      n: 1,
      at: 5,
      content: { kind: "text" as const, text: "hi" },
    },
    { v: 1 as const, type: "delivered" as const, ids: [id] },
    { v: 1 as const, type: "read" as const, upTo: id },
    { v: 1 as const, type: "typing" as const },
    { v: 1 as const, type: "missing" as const, route: id, device: to, ns: [1, 2] },
    {
      ...{ v: 1 as const, type: "history" as const, share: id, to, left: 0 },
      said: [{ id, from: to, at: 5, edited: 6, content: { kind: "text" as const, text: "hi" } }],
    },
  ])("$type comes back as it was", (message) => {
    expect(decodeAppMessage(encodeAppMessage(message))).toEqual(message);
  });

  test("of a newer version, or out of bounds, are left alone", () => {
    const text = { v: 1, type: "content", id, n: 1, at: 5, content: { kind: "text", text: "hi" } };
    const one = { id, from: to, at: 5, content: { kind: "text", text: "hi" } };
    const piece = { v: 1, type: "history", share: id, to, left: 0, said: [one] };
    const wrong = [
      { ...piece, said: [] },
      { ...piece, said: Array.from({ length: 257 }, () => one) },
      { ...piece, left: 2001 },
      { ...piece, left: -1 },
      { ...piece, to: "0x01" },
      { ...piece, share: undefined },
      { ...piece, said: [{ ...one, at: -1 }] },
      { ...piece, said: [{ ...one, from: "somebody" }] },
      { ...piece, said: [{ ...one, content: { kind: "delete", target: id } }] },
      { ...piece, said: [{ ...one, content: { kind: "text", text: " " } }] },
      { ...piece, said: [{ ...one, content: { kind: "text", text: "x".repeat(32 * 1024 + 1) } }] },
      { ...text, v: 2 },
      { ...text, type: "hologram" },
      { ...text, id: "short" },
      { ...text, n: 0 },
      { ...text, n: 1.5 },
      { ...text, at: -1 },
      { v: 1, type: "missing-before", ns: [1] },
      { v: 1, type: "gone-before", route: "..", ns: [1] },
      { v: 1, type: "delivered", ids: Array.from({ length: 257 }, () => id) },
    ];
    for (const message of wrong) expect(decodeAppMessage(utf8(JSON.stringify(message)))).toBeUndefined();
  });
});

test("both sides of a pair get the same secret, and a new one for every nonce", () => {
  const [a, b] = [agreementKeyPair(randomBytes(32)), agreementKeyPair(randomBytes(32))];
  const ids = [toHex(alice.public), toHex(bob.public)] as const;
  const input = { publicIds: ids, requestNonce: nonce, nonce: toHexString(randomBytes(32)) };
  const one = pairSecret({ ...input, agreementSecret: a.secret, peerAgreementKey: toHex(b.public) });
  const reversed = [ids[1], ids[0]] as const;
  const other = pairSecret({
    ...input,
    publicIds: reversed,
    agreementSecret: b.secret,
    peerAgreementKey: toHex(a.public),
  });
  expect(other).toEqual(one);
  const fresh = { ...input, nonce: toHexString(randomBytes(32)) };
  expect(pairSecret({ ...fresh, agreementSecret: a.secret, peerAgreementKey: toHex(b.public) })).not.toEqual(one);
});
