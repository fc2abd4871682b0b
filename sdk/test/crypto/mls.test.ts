import { describe, expect, test } from "vitest";
import { fromHex, randomBytes, toHex, utf8 } from "../../src/crypto/bytes.ts";
import { signDeviceCert } from "../../src/crypto/deviceCert.ts";
import { signingKeyPair } from "../../src/crypto/keys.ts";
import { createMlsGroup } from "../../src/crypto/mls/create.ts";
import type { DeviceClaim, ExpectedMembers } from "../../src/crypto/mls/credential.ts";
import { joinMlsGroup } from "../../src/crypto/mls/join.ts";
import { createKeyPackage } from "../../src/crypto/mls/keyPackage.ts";
import { decryptMessage, encryptMessage } from "../../src/crypto/mls/message.ts";
import { decodeGroup, encodeGroup, exportSecret, type MlsGroup, transcriptHash } from "../../src/crypto/mls/state.ts";

// The library compares lifetimes with the real clock.
const now = Date.now();

function person(seed: string): { claim: DeviceClaim; deviceSecret: Uint8Array } {
  const identity = signingKeyPair(fromHex(seed.repeat(32)));
  const device = signingKeyPair(randomBytes(32));
  const fields = { deviceKey: device.public, keyVersion: 1, issuedAt: now };
  const signature = signDeviceCert(identity.secret, fields);
  return { claim: { publicId: identity.public, ...fields, signature }, deviceSecret: device.secret };
}

const expectedOf = (...claims: DeviceClaim[]): ExpectedMembers =>
  new Map(claims.map((claim) => [toHex(claim.publicId), [claim.deviceKey]]));

const groupState = utf8("state");

async function read(group: MlsGroup, bytes: Uint8Array) {
  const decrypted = await decryptMessage(group, bytes);
  if (decrypted.kind !== "message") throw new Error(decrypted.kind);
  return decrypted;
}

async function pair() {
  const [alice, bob] = [person("0a"), person("0b")];
  const expected = expectedOf(alice.claim, bob.claim);
  const psk = { id: utf8("pair"), secret: randomBytes(32) };
  const bobPackage = await createKeyPackage(bob.claim, bob.deviceSecret, now);
  const alicePackage = await createKeyPackage(alice.claim, alice.deviceSecret, now);
  const { group, welcome = new Uint8Array() } = await createMlsGroup({
    own: alicePackage,
    groupState,
    add: [bobPackage.public],
    expected,
    psk,
  });
  return { alice, bob, expected, psk, bobPackage, alicePackage, group, welcome };
}

describe("a pair group (RFC 9420)", () => {
  test("carries messages both ways, also after its state was stored", async () => {
    const { group, welcome, bobPackage, expected, psk } = await pair();
    let alice = group;
    let bob = await joinMlsGroup({ own: bobPackage.private, welcome, expected, psk });
    for (const text of ["one", "two"]) {
      const sent = await encryptMessage(alice, utf8(text));
      alice = decodeGroup(encodeGroup(sent.group));
      const received = await read(bob, sent.message);
      bob = decodeGroup(encodeGroup(received.group));
      expect(new TextDecoder().decode(received.body)).toBe(text);
    }
    const back = await encryptMessage(bob, utf8("three"));
    expect(new TextDecoder().decode((await read(alice, back.message)).body)).toBe("three");
    expect(await exportSecret(alice, "x", utf8("y"), 32)).toEqual(await exportSecret(bob, "x", utf8("y"), 32));
    expect(transcriptHash(alice)).toEqual(transcriptHash(bob));
  });

  test("leaves the old state usable, for when the new one cannot be kept", async () => {
    const { group, welcome, bobPackage, expected, psk } = await pair();
    const alice = encodeGroup(group);
    const bob = await joinMlsGroup({ own: bobPackage.private, welcome, expected, psk });
    const sent = await encryptMessage(group, utf8("not kept"));
    expect(encodeGroup(group)).toEqual(alice);
    const stored = encodeGroup(bob);
    await read(bob, sent.message);
    expect(encodeGroup(bob)).toEqual(stored);
    const again = await read(bob, sent.message);
    expect(new TextDecoder().decode(again.body)).toBe("not kept");
  });

  test("takes messages out of order and refuses each a second time", async () => {
    const { group, welcome, bobPackage, expected, psk } = await pair();
    let alice = group;
    let bob = await joinMlsGroup({ own: bobPackage.private, welcome, expected, psk });
    const messages: Uint8Array[] = [];
    for (let i = 0; i < 40; i++) {
      const sent = await encryptMessage(alice, utf8(String(i)));
      alice = sent.group;
      messages.push(sent.message);
    }
    const seen: string[] = [];
    for (const message of messages.toReversed()) {
      const received = await read(bob, message);
      bob = received.group;
      seen.push(new TextDecoder().decode(received.body));
    }
    expect(seen).toEqual(messages.map((_, i) => String(i)).toReversed());
    expect(await decryptMessage(bob, messages[7] as Uint8Array)).toEqual({ kind: "unreadable" });
  });

  test("opens what is a thousand messages ahead, and does no work for what is further", async () => {
    const { group, welcome, bobPackage, expected, psk } = await pair();
    const bob = await joinMlsGroup({ own: bobPackage.private, welcome, expected, psk });
    const before = encodeGroup(bob);
    let alice = group;
    let sent = await encryptMessage(alice, utf8("first"));
    for (let ahead = 1; ahead <= 1000; ahead++) {
      alice = sent.group;
      sent = await encryptMessage(alice, utf8(String(ahead)));
    }
    expect(await decryptMessage(bob, sent.message)).toMatchObject({ kind: "message", body: utf8("1000") });
    const further = await encryptMessage(sent.group, utf8("1001"));
    expect(await decryptMessage(bob, further.message)).toEqual({ kind: "unreadable" });

    // A member can claim any generation without having done the steps; four thousand million of them would show.
    for (const generation of [1000, 1001, 2 ** 32 - 2]) {
      const liar = decodeGroup(encodeGroup(sent.group));
      for (const { application } of Object.values(liar.secretTree.leafNodes)) application.generation = generation;
      const claimed = await encryptMessage(liar, utf8("?"));
      expect(await decryptMessage(bob, claimed.message)).toEqual({ kind: "unreadable" });
    }
    expect(encodeGroup(bob)).toEqual(before);
  });

  test("cannot be joined with another pair secret", async () => {
    const { welcome, bobPackage, expected, psk } = await pair();
    const wrong = { id: psk.id, secret: randomBytes(32) };
    await expect(joinMlsGroup({ own: bobPackage.private, welcome, expected, psk: wrong })).rejects.toMatchObject({
      code: "MLS_FAILED",
    });
  });

  test("refuses a device the registry does not know, and a certificate of another key", async () => {
    const { alice, bob, bobPackage, alicePackage, psk } = await pair();
    const stranger = expectedOf(alice.claim, { ...bob.claim, deviceKey: randomBytes(32) });
    const input = { own: alicePackage, groupState, add: [bobPackage.public], psk };
    await expect(createMlsGroup({ ...input, expected: stranger })).rejects.toMatchObject({ code: "MLS_FAILED" });
    const forged = { ...bob.claim, signature: randomBytes(64) };
    const forgedPackage = await createKeyPackage(forged, bob.deviceSecret, now);
    await expect(
      createMlsGroup({ ...input, add: [forgedPackage.public], expected: expectedOf(alice.claim, forged) }),
    ).rejects.toMatchObject({ code: "MLS_FAILED" });
  });

  test("reports a state written by a newer version instead of misreading it", async () => {
    const { group } = await pair();
    const bytes = encodeGroup(group);
    bytes[0] = 9;
    expect(() => decodeGroup(bytes)).toThrowError(expect.objectContaining({ code: "STORE_VERSION" }));
    expect(() => decodeGroup(bytes.fill(1, 0, 1).slice(0, 40))).toThrowError(
      expect.objectContaining({ code: "STORE_CORRUPT" }),
    );
  });
});
