import { ed25519 } from "@noble/curves/ed25519.js";
import { expect, test } from "vitest";
import { requestContact } from "../../src/contacts/request.ts";
import { fromHex, randomBytes, toHex } from "../../src/crypto/bytes.ts";
import { agree, isAgreementKey, isSigningKey, signingKeyPair, verify } from "../../src/crypto/keys.ts";
import { decodeClaim, encodeClaim } from "../../src/crypto/mls/credential.ts";
import { mlsSuite } from "../../src/crypto/mls/suite.ts";
import { createOpener, seal } from "../../src/crypto/seal.ts";
import { verifyNative } from "../../src/crypto/signatures.ts";
import { createRegistry, openPerson } from "../support/world.ts";

const p = 2n ** 255n - 19n;
const littleEndian = (n: bigint) => Uint8Array.from({ length: 32 }, (_, i) => Number((n >> BigInt(8 * i)) & 0xffn));

/** The points of order 1, 2, 4 and 8 of edwards25519: the multiples of one of order 8, and their other encodings. */
const generator = ed25519.Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
const points = Array.from({ length: 8 }, (_, i) => generator.multiplyUnsafe(BigInt(i)));
const otherEncodings = [0n, 1n, p - 1n, p, p + 1n].flatMap((y) => [y, y + 2n ** 255n]).map(littleEndian);
const signingKeys = new Map([...points.map((point) => point.toBytes()), ...otherEncodings].map((b) => [toHex(b), b]));

/** As https://cr.yp.to/ecdh.html lists them: all that give zero with every secret. */
const agreementKeys = [
  littleEndian(0n),
  littleEndian(1n),
  fromHex("0xe0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
  fromHex("0x5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
  ...[p - 1n, p, p + 1n].map(littleEndian),
  ...[0n, 1n, p - 1n, p, p + 1n].map((u) => littleEndian(u + 2n ** 255n)),
];

test("there are eight points of small order, with fourteen encodings", () => {
  expect(new Set(points.map((point) => point.toHex())).size).toBe(8);
  expect(points.every((point) => point.isSmallOrder())).toBe(true);
  expect(signingKeys.size).toBe(14);
});

test.each([...signingKeys])("nothing is signed by %s", async (_, key) => {
  expect(isSigningKey(key)).toBe(false);
  // Of R = sB + T with the eight T, one solves the equation for any message.
  const s = 5n;
  let lenient = 0;
  for (const torsion of points) {
    const signature = new Uint8Array([...ed25519.Point.BASE.multiply(s).add(torsion).toBytes(), ...littleEndian(s)]);
    for (const message of [Uint8Array.of(1), Uint8Array.of(2)]) {
      if (ed25519.verify(signature, message, key)) lenient++;
      expect(verify(key, message, signature)).toBe(false);
      expect(await verifyNative(key, message, signature)).toBe(false);
    }
  }
  expect(lenient).toBe(16);
});

test.each([...signingKeys])("a credential with %s is none", (_, key) => {
  const good = signingKeyPair(randomBytes(32)).public;
  const claim = { publicId: good, deviceKey: good, keyVersion: 1, issuedAt: 1, signature: new Uint8Array(64) };
  expect(decodeClaim(encodeClaim(claim))).toEqual(claim);
  expect(decodeClaim(encodeClaim({ ...claim, publicId: key }))).toBeUndefined();
  expect(decodeClaim(encodeClaim({ ...claim, deviceKey: key }))).toBeUndefined();
});

test.each(agreementKeys.map((key) => [toHex(key), key] as const))("nothing is agreed with %s", async (_, key) => {
  expect(isAgreementKey(key)).toBe(false);
  expect(() => agree(randomBytes(32), key)).toThrow();
  await expect(seal(key, randomBytes(9))).rejects.toThrow();
  const sealed = randomBytes(512);
  sealed.set(key, 1);
  sealed[0] = 1;
  const opener = await createOpener(randomBytes(32));
  await expect(opener.open(sealed)).rejects.toMatchObject({ code: "ENVELOPE_INVALID" });
  const { hpke } = await mlsSuite();
  const sealing = hpke.importPublicKey(key).then((imported) => hpke.seal(imported, randomBytes(9), randomBytes(9)));
  await expect(sealing).rejects.toThrow();
});

test("a person whom the registry gives such a key cannot be asked", async () => {
  const registry = createRegistry();
  const [alice, bob] = [await openPerson(registry, 1), await openPerson(registry, 2)];
  const entry = registry.entries.get(bob.publicId);
  if (!entry) throw new Error("bob is not registered");
  for (const key of agreementKeys) {
    entry.agreementKey = toHex(key);
    await expect(requestContact(alice.core, bob.publicId)).rejects.toMatchObject({ code: "PERSON_NOT_FOUND" });
  }
  expect(alice.sent).toEqual([]);
  for (const person of [alice, bob]) person.close();
});
