import { expect, test } from "vitest";
import { randomBytes } from "../../src/crypto/bytes.ts";
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
