import { encodeAbiParameters, encodeEventTopics, encodeFunctionResult } from "viem";
import { expect, test } from "vitest";
import { createChain } from "../../src/chain/chain.ts";
import type { Core } from "../../src/client/core.ts";
import { createSerial } from "../../src/client/serial.ts";
import { type ContactRecord, openContactBook } from "../../src/contacts/book.ts";
import { receiveHandshake, senderOf } from "../../src/contacts/receive.ts";
import { doWork } from "../../src/contacts/work.ts";
import type { Envelope } from "../../src/conversation/envelope.ts";
import { signHandshake } from "../../src/conversation/handshake.ts";
import { randomBytes, toBase64Url, toHex, toHexString } from "../../src/crypto/bytes.ts";
import { signDeviceCert } from "../../src/crypto/deviceCert.ts";
import { signingKeyPair } from "../../src/crypto/keys.ts";
import { createKeyPackage } from "../../src/crypto/mls/keyPackage.ts";
import { identityRegistryAbi } from "../../src/generated/index.ts";
import { deviceRoot } from "../../src/identity/deviceRoot.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import { contractsAt } from "../support/contracts.ts";
import { rpcAnswer } from "../support/rpcAnswer.ts";

/** Bob, and strangers of whom the registry knows one. */

const address = `0x${"12".repeat(20)}` as const;
const contracts = contractsAt(address);
const bob = toHex(signingKeyPair(randomBytes(32)).public);
const alice = signingKeyPair(randomBytes(32));
const device = signingKeyPair(randomBytes(32));
const publicId = toHex(alice.public);

async function world(registered: Uint8Array) {
  let reads = 0;
  const root = toHex(deviceRoot([registered]));
  const entry = encodeFunctionResult({
    abi: identityRegistryAbi,
    functionName: "identityByPublicId",
    result: [
      1n,
      {
        owner: address,
        keyVersion: 0,
        registeredAt: 0n,
        revoked: false,
        controller: address,
        devicesBlock: 1n,
        publicId,
        agreementKey: publicId,
        deviceRoot: root,
        saltName: root,
        name: "alice",
      },
    ],
  });
  const topics = encodeEventTopics({ abi: identityRegistryAbi, eventName: "DevicesChanged", args: { identityId: 1n } });
  const data = encodeAbiParameters(
    [{ type: "uint32" }, { type: "bytes32" }, { type: "bytes32[]" }],
    [0, root, [toHex(registered)]],
  );
  const chain = createChain(
    { chainId: 1, name: "x", contracts },
    {
      endpoints: () => [{ url: "http://r.test/rpc", operator: "one" }],
      fetch: async (_, init) => {
        const isCall = String(init?.body).includes("eth_call");
        if (isCall) reads++;
        return rpcAnswer(init, { result: isCall ? entry : [{ topics, data }] });
      },
    },
  );
  const book = await openContactBook(await openVault(createMemoryStore()), () => undefined);
  const serial = createSerial();
  const core: Pick<Core, "self" | "book" | "chain" | "serial" | "signal" | "now"> = {
    self: { identity: { publicId: bob } } as Core["self"],
    book,
    chain,
    serial,
    signal: new AbortController().signal,
    now: () => 1_000_000,
  };
  return { core: core as Core, book, serial, reads: () => reads };
}

type Handshake = Extract<Envelope, { signature: Uint8Array }>;

async function request(): Promise<Handshake> {
  const fields = { deviceKey: device.public, keyVersion: 0, issuedAt: 5 };
  const claim = { ...fields, publicId: alice.public, signature: signDeviceCert(alice.secret, fields) };
  const keyPackage = toBase64Url((await createKeyPackage(claim, device.secret, 1_000_000)).public);
  const nonce = toHexString(randomBytes(32));
  const work = await doWork({ from: publicId, to: bob, nonce });
  const body = { v: 1 as const, from: publicId, nonce, sentAt: 1, keyPackage, work };
  return signHandshake("request", bob, body, alice.secret);
}

const stranger = (number: number, state: ContactRecord["state"] = "request-received"): ContactRecord => ({
  publicId: toHex(Uint8Array.of(...new Uint8Array(30), number >> 8, number)),
  pseudonym: `stranger${number}`,
  state,
  since: number,
  verified: false,
  agreementKey: publicId,
  done: [],
});

test("only what its sender has signed is listened to, and nobody who is blocked", async () => {
  const { core, book } = await world(device.public);
  const signed = await request();
  expect(senderOf(core, signed)).toBe(publicId);
  expect(senderOf(core, { ...signed, signature: randomBytes(64) })).toBeUndefined();
  expect(senderOf(core, { ...signed, kind: "welcome" })).toBeUndefined();
  await book.save({ ...stranger(1, "blocked"), publicId });
  expect(senderOf(core, signed)).toBeUndefined();
});

test("a stranger's request without the work it costs is dropped before anything is looked up", async () => {
  const { core, book, reads } = await world(device.public);
  const { body } = await request();
  const { work: _, ...cheap } = JSON.parse(new TextDecoder().decode(body));
  for (const content of [cheap, { ...cheap, work: "00".repeat(8) }]) {
    const envelope = signHandshake("request", bob, content, alice.secret);
    await expect(receiveHandshake(core, envelope)).rejects.toMatchObject({ code: "ENVELOPE_INVALID" });
  }
  expect([reads(), book.all().length]).toEqual([0, 0]);
});

test("a stranger whose device is not in the registry is looked up once, not waited for", async () => {
  const { core, book, reads } = await world(randomBytes(32));
  await expect(receiveHandshake(core, await request())).rejects.toMatchObject({ code: "IDENTITY_CHANGED" });
  expect(reads()).toBe(1);
  expect(book.all()).toEqual([]);
});

test("when too many requests are open, a new one takes the place of the oldest that was not answered", async () => {
  const { core, book, serial } = await world(device.public);
  await book.save(stranger(1, "connected"));
  for (let number = 2; number < 202; number++) await book.save(stranger(number));
  await receiveHandshake(core, await request());
  await serial.idle();
  expect(book.get(publicId)?.state).toBe("request-received");
  expect(book.get(stranger(1).publicId)?.state).toBe("connected");
  expect(book.get(stranger(2).publicId)).toBeUndefined();
  expect(book.get(stranger(3).publicId)).toBeDefined();
  expect(book.all()).toHaveLength(201);
});
