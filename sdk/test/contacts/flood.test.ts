import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { afterEach, expect, test, vi } from "vitest";
import { acceptRequest } from "../../src/contacts/accept.ts";
import type { ContactRecord } from "../../src/contacts/book.ts";
import { requestContact } from "../../src/contacts/request.ts";
import { doWork } from "../../src/contacts/work.ts";
import { encodeEnvelope } from "../../src/conversation/envelope.ts";
import { signHandshake } from "../../src/conversation/handshake.ts";
import { randomBytes, toBase64Url, toHex, toHexString } from "../../src/crypto/bytes.ts";
import { signDeviceCert } from "../../src/crypto/deviceCert.ts";
import { signingKeyPair } from "../../src/crypto/keys.ts";
import { createKeyPackage } from "../../src/crypto/mls/keyPackage.ts";
import { seal } from "../../src/crypto/seal.ts";
import { type Crowd, createCrowd, type Device } from "../support/deviceCrowd.ts";
import { sendText } from "../support/say.ts";

/** The same work, cheaper: ten thousand strangers have hours, a test has not. */
vi.mock("../../src/contacts/work.ts", async (load) => {
  const real = await load<typeof import("../../src/contacts/work.ts")>();
  const bits = 3;
  return {
    ...real,
    doWork: (request: Parameters<typeof real.doWork>[0], signal?: AbortSignal) => real.doWork(request, signal, bits),
    isWorkDone: (...[from, to, proof]: Parameters<typeof real.isWorkDone>) => real.isWorkDone(from, to, proof, bits),
  };
});

/** The platform's Ed25519 in the place of JavaScript's: the same signatures, twenty times as many. */
vi.mock("../../src/crypto/keys.ts", async (load) => {
  const real = await load<typeof import("../../src/crypto/keys.ts")>();
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  const jwk = (x: Uint8Array) => ({ kty: "OKP", crv: "Ed25519", x: base64(x) });
  const secrets = new Map<string, KeyObject>();
  return {
    ...real,
    sign(secret: Uint8Array, message: Uint8Array) {
      const d = base64(secret);
      const known = secrets.get(d);
      const key = known ?? createPrivateKey({ key: { ...jwk(real.signingKeyPair(secret).public), d }, format: "jwk" });
      secrets.set(d, key);
      return new Uint8Array(sign(null, message, key));
    },
    verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
      verify(null, message, createPublicKey({ key: jwk(publicKey), format: "jwk" }), signature),
  };
});

let crowd: Crowd;
afterEach(() => crowd.close());

const strangers = 250;
/** `FLOOD=10000` for ten thousand, which takes a few minutes. */
const requests = Number(process.env.FLOOD ?? 2500);

/** Identities that the registry knows, of nobody, with a device each. */
async function register(number: number) {
  const [identity, device] = [signingKeyPair(randomBytes(32)), signingKeyPair(randomBytes(32))];
  const publicId = toHex(identity.public);
  const fields = { deviceKey: device.public, keyVersion: 1, issuedAt: 5 };
  const claim = { ...fields, publicId: identity.public, signature: signDeviceCert(identity.secret, fields) };
  const template = crowd.registry.entries.values().next().value as NonNullable<
    ReturnType<Crowd["registry"]["entries"]["get"]>
  >;
  const entry = {
    ...template,
    id: BigInt(1000 + number),
    name: `stranger${number}`,
    publicId,
    devices: [device.public],
  };
  crowd.registry.entries.set(publicId, entry);
  return {
    publicId,
    secret: identity.secret,
    keyPackage: toBase64Url((await createKeyPackage(claim, device.secret, Date.now())).public),
  };
}

async function requestTo(to: Device, from: Awaited<ReturnType<typeof register>>, worked: boolean) {
  const nonce = toHexString(randomBytes(32));
  const { publicId, keyPackage } = from;
  const work = worked ? { work: await doWork({ from: publicId, to: to.publicId, nonce }) } : {};
  const body = { v: 1 as const, from: publicId, nonce, sentAt: 1, keyPackage, note: "It is me", ...work };
  const agreementKey = to.session.core.self.agreementKey.public;
  return seal(agreementKey, encodeEnvelope(signHandshake("request", to.publicId, body, from.secret)));
}

test("thousands of requests of strangers fill nothing, and stop neither a friend's words nor a new friend", async () => {
  crowd = createCrowd();
  const [ann, bob, carl] = [await crowd.open(1), await crowd.open(2), await crowd.open(3)];
  const id = await crowd.befriend(ann, bob);
  const flood = await Promise.all(Array.from({ length: strangers }, (_, number) => register(number)));
  const { book, vault } = ann.session.core;
  const parked = async () =>
    (await vault.range<{ from?: string }>("parked"))
      .map(({ value }) => value.from)
      .filter((from) => from !== undefined);
  const open = () => book.all().filter(({ state }) => state === "request-received");
  let most = { parked: 0, ofOne: 0, open: 0 };

  for (let n = 0; n < requests; n++) {
    const from = flood[n % strangers] as (typeof flood)[number];
    // In every other round they have done the work.
    await ann.take(await requestTo(ann, from, Math.floor(n / strangers) % 2 === 0));
    if (n % 500 !== 250) continue;
    await sendText(bob.session.core, id, `amid ${n}`);
    await crowd.until("a friend's words", async () => (await ann.texts(id)).includes(`amid ${n}`));
    const waiting = await parked();
    const ofOne = Math.max(0, ...flood.map(({ publicId }) => waiting.filter((one) => one === publicId).length));
    most = {
      parked: Math.max(most.parked, waiting.length),
      ofOne: Math.max(most.ofOne, ofOne),
      open: Math.max(most.open, open().length),
    };
  }
  expect(most.parked).toBeLessThanOrEqual(256);
  expect(most.ofOne).toBeLessThanOrEqual(8);
  expect(most.open).toBeLessThanOrEqual(200);

  await requestContact(carl.session.core, ann.publicId, "From the bookshop");
  await crowd.until("the new friend's request", () => book.get(carl.publicId)?.state === "request-received");
  await crowd.until("the rest", async () => (await parked()).length === 0);
  // What the person scrolls through, and what is on the disk for it.
  expect(open().length).toBe(200);
  expect(await vault.range("contact")).toHaveLength(book.all().length);
  expect(open().toSorted((a, b) => b.since - a.since)[0]?.publicId).toBeDefined();
  await acceptRequest(ann.session.core, book.get(carl.publicId) as ContactRecord);
  await crowd.until("the new friend", () => carl.session.core.book.get(ann.publicId)?.state === "connected");
  expect(ann.problems).toEqual([]);
});
