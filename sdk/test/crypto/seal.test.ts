import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { expect, test } from "vitest";
import { randomBytes, utf8 } from "../../src/crypto/bytes.ts";
import { createHpkeSender } from "../../src/crypto/hpke.ts";
import { agreementKeyPair } from "../../src/crypto/keys.ts";
import { createOpener, maxSealedBody, seal } from "../../src/crypto/seal.ts";
import { PADDING_CLASSES } from "../../src/protocol/index.ts";

const recipient = agreementKeyPair(randomBytes(32));

test("opens what was sealed, and always has the length of a padding class", async () => {
  const opener = await createOpener(recipient.secret);
  for (const length of [0, 1, 458, 459, 460, 5000, maxSealedBody]) {
    const body = new Uint8Array(length).fill(7);
    const sealed = await seal(recipient.public, body);
    expect(PADDING_CLASSES).toContain(sealed.length);
    expect(await opener.open(sealed)).toEqual(body);
  }
  expect((await seal(recipient.public, new Uint8Array(459))).length).toBe(512);
  expect((await seal(recipient.public, new Uint8Array(460))).length).toBe(1024);
});

test("refuses a body no class can hold", async () => {
  await expect(seal(recipient.public, new Uint8Array(maxSealedBody + 1))).rejects.toMatchObject({
    code: "MESSAGE_TOO_LONG",
  });
});

test("refuses a changed, cut or foreign envelope", async () => {
  const opener = await createOpener(recipient.secret);
  const sealed = await seal(recipient.public, randomBytes(100));
  const flipped = sealed.slice();
  flipped[300] = (flipped[300] as number) ^ 1;
  const foreign = await seal(agreementKeyPair(randomBytes(32)).public, randomBytes(100));
  for (const bad of [flipped, sealed.slice(0, 511), sealed.slice(0, 3), new Uint8Array(0), foreign, randomBytes(512)]) {
    await expect(opener.open(bad)).rejects.toMatchObject({ code: "ENVELOPE_INVALID" });
  }
});

test("RFC 9180: seals what @hpke/core seals with the same ephemeral key, and that library opens it", async () => {
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const info = utf8("skrumble test");
  const sender = createHpkeSender(info);
  for (const length of [0, 1, 2000, 60_000]) {
    const [ikm, text] = [randomBytes(64), randomBytes(length)];
    const ours = await sender.seal(recipient.public, ikm, text);
    const theirs = await suite.seal(
      {
        recipientPublicKey: await suite.kem.deserializePublicKey(recipient.public.slice().buffer),
        info: info.buffer,
        ekm: await suite.kem.deriveKeyPair(ikm.buffer),
      },
      text.buffer,
    );
    expect(ours).toEqual(new Uint8Array([...new Uint8Array(theirs.enc), ...new Uint8Array(theirs.ct)]));
    const recipientKey = await suite.kem.deserializePrivateKey(recipient.secret.slice().buffer);
    const opened = await suite.open(
      { recipientKey, enc: ours.slice(0, 32).buffer, info: info.buffer },
      ours.slice(32).buffer,
    );
    expect(new Uint8Array(opened)).toEqual(text);
  }
});

test("is another one every time, unless the seed is the same", async () => {
  const [body, seed, other] = [randomBytes(100), randomBytes(32), agreementKeyPair(randomBytes(32))];
  expect(await seal(recipient.public, body)).not.toEqual(await seal(recipient.public, body));
  const sealed = await seal(recipient.public, body, seed);
  expect(await seal(recipient.public, body, seed)).toEqual(sealed);
  // Nothing on the outside tells that two people get the same.
  const elsewhere = await seal(other.public, body, seed);
  expect(elsewhere.slice(1, 33)).not.toEqual(sealed.slice(1, 33));
});

test("seals to no key of small order", async () => {
  await expect(seal(new Uint8Array(32), randomBytes(8))).rejects.toThrow();
});
