import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, eventually, joinPerson } from "../../../test/support/network.ts";
import { toHex } from "../../src/crypto/bytes.ts";
import { sha256 } from "../../src/crypto/hash.ts";
import type { Conversation } from "../../src/index.ts";
import { createFileStore } from "../../src/node.ts";
import { DEPOSIT_EPHEMERAL, decodeFrame } from "../../src/protocol/index.ts";
import { createRelayPool } from "../../src/relay/index.ts";
import type { RelayPoolOptions } from "../../src/relay/types.ts";
import { closeAll, textsOf, useNetwork } from "../support/network.ts";

const network = useNetwork();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "skrumble-people-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a restart keeps identity, contacts, history and certificate, and sends nothing twice", async () => {
  const store = () => createFileStore({ path: join(folder, crypto.randomUUID()) });
  const [alice, bob] = await Promise.all([
    joinPerson(network, "alice", { store: store() }),
    joinPerson(network, "bob", { store: store() }),
  ]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  await oneEnd.sendText("before");
  await eventually("the first text", async () => (await textsOf(otherEnd)).includes("before"));
  await eventually("the certificate", async () => (await otherEnd.summary()).certificate.state === "certified");
  const identities = [alice.client.identity, bob.client.identity];

  // Bob is away; Alice writes and leaves before any relay can have answered.
  await bob.client.close();
  await oneEnd.sendText("while you were away 1");
  await oneEnd.sendText("while you were away 2");
  await alice.client.close();

  const [aliceAgain, bobAgain] = [await alice.reopen(), await bob.reopen()];
  expect([aliceAgain.identity, bobAgain.identity]).toEqual(identities);
  const aliceEnd = aliceAgain.conversations.open(oneEnd.id);
  const bobEnd = bobAgain.conversations.open(otherEnd.id);
  expect((await bobEnd.summary()).certificate.state).toBe("certified");
  await eventually("both texts", async () => (await textsOf(bobEnd)).length >= 3);
  await aliceEnd.sendText("after");
  await eventually("the last text", async () => (await textsOf(bobEnd)).includes("after"));
  expect(await textsOf(bobEnd)).toEqual(["before", "while you were away 1", "while you were away 2", "after"]);
  expect(await textsOf(aliceEnd)).toEqual(await textsOf(bobEnd));
  await eventually("every delivery to be known", async () =>
    (await aliceEnd.messages()).every(({ delivery }) => delivery === "delivered"),
  );

  // Everything was acknowledged: a third start brings nothing new.
  await bobAgain.close();
  const bobOnceMore = await bob.reopen();
  const end = bobOnceMore.conversations.open(otherEnd.id);
  await aliceEnd.sendText("once more");
  await eventually("the very last text", async () => (await textsOf(end)).includes("once more"));
  expect(await textsOf(end)).toHaveLength(5);
  expect((await end.summary()).unread).toBe(5);
  await Promise.all([aliceAgain.close(), bobOnceMore.close()]);
});

test("pages through the history backwards", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  const { oneEnd } = await connect(alice, bob);
  for (let i = 1; i <= 7; i++) await oneEnd.sendText(`text ${i}`);
  const last = await oneEnd.messages({ limit: 3 });
  const previous = await oneEnd.messages({ limit: 3, ...(last[0] ? { before: last[0].id } : {}) });
  const texts = [...previous, ...last].map(({ body }) => body.type === "text" && body.text);
  expect(texts).toEqual([2, 3, 4, 5, 6, 7].map((i) => `text ${i}`));
  await expect(oneEnd.messages({ before: "00".repeat(16) })).rejects.toMatchObject({ code: "MESSAGE_UNKNOWN" });
  await closeAll(alice, bob);
});

test("leaving forgets everything on the device; the same inputs open the identity again", async () => {
  const alice = await joinPerson(network, "alice");
  const { publicId } = alice.client.identity ?? {};
  await alice.client.leave();
  expect(alice.client.identity).toBeUndefined();
  await alice.client.close();
  const again = await alice.reopen();
  expect(again.identity).toBeUndefined();
  const { wallet, name, securityCode } = alice;
  const result = await again.join({ wallet, pseudonym: name, securityCode });
  expect(result).toMatchObject({ kind: "restored", identity: { publicId } });
  await again.close();
});

test("a text that one relay missed goes to that relay alone after a restart, and is shown once", async () => {
  /** Every deposit that Alice's client put on a wire: to which relay, and the hash of what. */
  const deposits: { relay: string; payload: string }[] = [];
  class Watched extends WebSocket {
    override send(data: Parameters<WebSocket["send"]>[0]): void {
      const frame = decodeFrame(new Uint8Array(data as ArrayBuffer));
      if (frame.frame === "deposit" && (frame.flags & DEPOSIT_EPHEMERAL) === 0) {
        deposits.push({ relay: new URL(this.url).host, payload: toHex(sha256(frame.payload)) });
      }
      super.send(data);
    }
  }
  const createPool = (options: RelayPoolOptions) => createRelayPool({ ...options, webSocket: Watched });
  const [alice, bob] = await Promise.all([joinPerson(network, "alice", { createPool }), joinPerson(network, "bob")]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  await oneEnd.sendText("before");
  for (const end of [oneEnd, otherEnd]) {
    await eventually("the certificate", async () => (await end.summary()).certificate.state === "certified");
  }
  await eventually("the first delivery", async () => (await oneEnd.messages())[0]?.delivery === "delivered");
  await bob.client.close();

  const [first, ...others] = network.relays;
  if (!first) throw new Error("three relays expected");
  await first.halt("SIGKILL");
  deposits.length = 0;
  const { id } = await oneEnd.sendText("half of the way");
  const storedAt = async (end: Conversation) => (await end.messages()).find((one) => one.id === id)?.replicas?.stored;
  await eventually("the two other relays", async () => (await storedAt(oneEnd)) === 2);
  await alice.client.close();
  const payload = deposits[0]?.payload as string;
  const hostOf = ({ url }: { url: string }) => new URL(url).host;
  const to = (relays: readonly { url: string }[]) => relays.map((relay) => ({ relay: hostOf(relay), payload }));
  expect(deposits).toHaveLength(2);
  expect(deposits).toEqual(expect.arrayContaining(to(others)));

  deposits.length = 0;
  await first.resume();
  const aliceAgain = await alice.reopen();
  const end = aliceAgain.conversations.open(oneEnd.id);
  await eventually("the third relay", async () => (await storedAt(end)) === 3);
  expect(deposits).toEqual(to([first]));

  const bobAgain = await bob.reopen();
  const bobEnd = bobAgain.conversations.open(otherEnd.id);
  await eventually("the delivery", async () => (await end.messages()).at(-1)?.delivery === "delivered");
  expect(await textsOf(bobEnd)).toEqual(["before", "half of the way"]);
  await closeAll(alice, bob);
});
