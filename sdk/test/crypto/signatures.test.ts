import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeEd25519 } from "../../src/crypto/ed25519/node.ts";
import { webEd25519 } from "../../src/crypto/ed25519/web.ts";
import { signNative, verifyNative } from "../../src/crypto/signatures.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hex = (text: string) => new Uint8Array(Buffer.from(text, "hex"));

test("RFC 8032, 7.1, test 2", async () => {
  const seed = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  const signature = await signNative(seed, hex("72"));
  expect(Buffer.from(signature).toString("hex")).toBe(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );
});

test("the platform's signatures and those of JavaScript are the same and are accepted by both", async () => {
  await fc.assert(
    fc.asyncProperty(bytes(32), fc.uint8Array({ maxLength: 300 }), async (seed, message) => {
      const signature = await signNative(seed, message);
      expect([...signature]).toEqual([...ed25519.sign(message, seed)]);
      expect(await verifyNative(ed25519.getPublicKey(seed), message, signature)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test.each([
  ["Node", nodeEd25519()],
  ["WebCrypto", webEd25519()],
])("%s signs and verifies as JavaScript does, and takes no key of small order", async (_name, platform) => {
  if (!platform) throw new Error("Not on this platform.");
  const seed = new Uint8Array(32).fill(5);
  const key = ed25519.getPublicKey(seed);
  const signature = await platform.sign(seed, hex("72"));
  expect([...signature]).toEqual([...ed25519.sign(hex("72"), seed)]);
  expect(await platform.verify(key, hex("72"), signature)).toBe(true);
  expect(await platform.verify(key, hex("73"), signature)).toBe(false);
  const small = new Uint8Array(32).fill(1, 0, 1);
  await expect((async () => platform.verify(small, hex("72"), signature))()).rejects.toThrow(RangeError);
});

test("anything malformed is false, never an exception", async () => {
  const key = ed25519.getPublicKey(new Uint8Array(32).fill(3));
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ maxLength: 40 }), async (signature, other) => {
      expect(await verifyNative(key, new Uint8Array(4), signature)).toBe(false);
      expect(await verifyNative(other, new Uint8Array(4), signature)).toBe(false);
    }),
    { numRuns: 50 },
  );
});
